"""A configuration of the test's own, from a file it writes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from luigi.configuration import LuigiConfigParser, LuigiTomlParser

Configure = Callable[[str, str], Path]


@pytest.fixture
def configure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Configure:
    """configure("luigi.cfg", text) makes `text` the whole configuration; the name's extension chooses the format."""

    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text)
        monkeypatch.setenv("LUIGI_CONFIG_PARSER", path.suffix[1:])
        for parser in (LuigiConfigParser, LuigiTomlParser):
            monkeypatch.setattr(parser, "_instance", None)
            monkeypatch.setattr(parser, "_config_paths", [str(path)])
        return path

    write("luigi.cfg", "")
    return write

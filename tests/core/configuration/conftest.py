"""A directory of its own for each test, and parsers that have read nothing yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from luigi.configuration import LuigiConfigParser, LuigiTomlParser


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, empty; the search path is luigi.cfg or luigi.toml in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LUIGI_CONFIG_PARSER", raising=False)
    for parser, name in ((LuigiConfigParser, "luigi.cfg"), (LuigiTomlParser, "luigi.toml")):
        monkeypatch.setattr(parser, "_instance", None)
        monkeypatch.setattr(parser, "_config_paths", [name])
    return tmp_path

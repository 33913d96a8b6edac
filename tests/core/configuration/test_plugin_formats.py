"""Configuration in a format that a plugin brings."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from luigi.configuration import LuigiConfigParser
from luigi.errors import ConfigurationError

PLUGIN = """
import json
import luigi
from luigi.hookspecs import Provider

def read(text, path):
    if "forbidden" in text:
        raise luigi.errors.ConfigurationError(f"{path}: not this, please")
    return json.loads(text)

@luigi.hookimpl
def luigi_config_parsers():
    yield Provider("json", read, "JSON")
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a package that reads JSON is installed."""
    (tmp_path / "acme_json.py").write_text(PLUGIN)
    metadata = tmp_path / "acme_json-1.0.dist-info"
    metadata.mkdir()
    (metadata / "entry_points.txt").write_text("[luigi]\nconfig_parsers.acme = acme_json\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def read(path: Path, text: str) -> Any:
    path.write_text(text)
    config = LuigiConfigParser()
    config.read([str(path)])
    return config


def test_a_file_is_read_by_the_plugin_for_its_ending(folder: Path) -> None:
    config = read(folder / "my.json", '{"worker": {"keep_alive": true, "wait_interval": 2}, "my.Task": {"n": 3}}')
    assert config.getboolean("worker", "keep_alive") is True
    assert config.getint("my.Task", "n") == 3
    assert "my.json" in str(config.origin("worker", "keep_alive"))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", r"my\.json: is not json: .*line 1"),
        ('{"worker": 1}', r"my\.json: is not json"),
        ('{"forbidden": {}}', r"my\.json: not this, please"),
    ],
)
def test_a_malformed_file_is_told(folder: Path, text: str, sentence: str) -> None:
    with pytest.raises(ConfigurationError, match=sentence):
        read(folder / "my.json", text)


def test_an_ending_that_nobody_knows_is_read_as_cfg(tmp_path: Path) -> None:
    assert read(tmp_path / "my.settings", "[worker]\nkeep_alive = true\n").get("worker", "keep_alive") == "true"


def in_a_program(folder: Path, code: str, parser: str) -> subprocess.CompletedProcess[str]:
    environment = {"PYTHONPATH": str(folder), "LUIGI_CONFIG_PARSER": parser, "PATH": ""}
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, cwd=folder, check=False
    )


def test_it_can_be_the_parser_of_a_program(folder: Path) -> None:
    (folder / "luigi.json").write_text('{"worker": {"ping_interval": 7}}')
    (folder / "luigi.cfg").write_text("[worker]\nping_interval = 9\n")
    code = "from luigi.worker import worker; print(worker().ping_interval)"
    assert in_a_program(folder, code, "json").stdout == "7.0\n"
    assert in_a_program(folder, code, "cfg").stdout == "9.0\n"


def test_a_parser_that_nobody_brings_is_told_with_those_there_are(folder: Path) -> None:
    done = in_a_program(folder, "import luigi; luigi.configuration.get_config()", "jsn")
    assert "there is no configuration parser 'jsn'" in done.stderr
    code = "import luigi\ntry: luigi.configuration.get_config()\nexcept Exception as error: print(error.hint)"
    assert in_a_program(folder, code, "jsn").stdout == "did you mean json?\n"

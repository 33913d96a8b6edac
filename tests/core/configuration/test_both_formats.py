"""Files of both formats can serve one program; a file named explicitly is read whichever parser is in use."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from luigi.configuration import LuigiConfigParser, LuigiTomlParser, add_config_path, get_config

CFG = "[Task]\na = 1\nonly_cfg = ${FOLDER}\nno-yes = no\n"
TOML = '[Task]\na = 2\nonly_toml = "${FOLDER} 5%"\nno_yes = true\nday = 2013-07-04\nlist = [1]\n[my.Task]\nx = 1\n'


@pytest.fixture(autouse=True)
def files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOLDER", "/data")
    (folder / "luigi.cfg").write_text(CFG)
    (folder / "luigi.toml").write_text(TOML)


def test_each_parser_reads_its_own_files() -> None:
    assert get_config().get("Task", "a") == "1"
    assert get_config("toml").get("Task", "a") == 2
    assert not get_config().has_option("Task", "only_toml")
    assert not get_config("toml").has_option("Task", "only_cfg")


def test_toml_added_to_cfg() -> None:
    assert add_config_path("luigi.toml")
    config = get_config()
    assert isinstance(config, LuigiConfigParser)
    looked_up = {option: config.lookup("Task", option) for option in ("a", "only_cfg", "day", "list", "no-yes")}
    assert looked_up == {"a": 2, "only_cfg": "/data", "day": datetime.date(2013, 7, 4), "list": [1], "no-yes": True}
    got = {option: config.get("Task", option) for option in ("a", "only_toml", "day", "list", "no_yes")}
    assert got == {"a": "2", "only_toml": "/data 5%", "day": "2013-07-04", "list": "[1]", "no_yes": "true"}
    assert config.lookup("my.Task", "x") == 1
    assert config.table("my.Task") == {"x": 1}
    assert config.table("Nobody") == {}
    assert str(config.origin("Task", "a")) == "luigi.toml:2"
    assert str(config.origin("Task", "only_cfg")) == "luigi.cfg:3 (with $FOLDER)"
    assert "luigi.toml" in LuigiTomlParser._config_paths


def test_cfg_added_to_toml(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUIGI_CONFIG_PARSER", "toml")
    assert add_config_path("luigi.cfg")
    config = get_config()
    assert isinstance(config, LuigiTomlParser)
    values = {option: config.lookup("Task", option) for option in ("a", "only_cfg", "only_toml", "day", "no_yes")}
    assert values == {
        "a": "1",
        "only_cfg": "/data",
        "only_toml": "${FOLDER} 5%",
        "day": datetime.date(2013, 7, 4),
        "no_yes": "no",
    }
    assert config.getint("Task", "a") == 1
    assert sorted(config.own_options("Task")) == ["a", "day", "list", "no-yes", "only_cfg", "only_toml"]
    assert str(config.origin("Task", "a")) == "luigi.cfg:2"
    config.set("Task", "a", 3)
    assert config.get("Task", "a") == 3


@pytest.mark.filterwarnings("ignore:.*with underscores:DeprecationWarning")
@pytest.mark.parametrize("parser", [LuigiConfigParser, LuigiTomlParser])
def test_the_later_file_wins_whatever_its_format(folder: Path, parser: Any) -> None:
    config = parser()
    for order in (["luigi.cfg", "luigi.toml"], ["luigi.toml", "luigi.cfg"]):
        assert config.read(order) == order
        assert str(config.origin("Task", "a")) == f"{order[1]}:2"
        assert config.getint("Task", "a") == (2 if order[1] == "luigi.toml" else 1)
        assert config.getboolean("Task", "no_yes") is (order[1] == "luigi.toml")

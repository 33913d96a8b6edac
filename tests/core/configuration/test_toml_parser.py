"""The TOML parser gives typed values, finds sections and tables, and knows where each value came from."""

from __future__ import annotations

import datetime
from configparser import ConfigParser, NoOptionError, NoSectionError
from pathlib import Path
from typing import Any

import pytest

from luigi.configuration import LuigiTomlParser
from luigi.configuration.origin import PROGRAM

LUIGI_TOML = '''\
[Task]
whole = 1
part = 1.5
text = "${HOME} %(whole)s 50%"
truth = true
many = [1, 2]
day = 2013-07-04
dash-ed = "d"
digits = "12"
long = """
whole = "not this"
[Other]
"""

[Task.inner]
deep = { deeper = "x" }

[my.Task]
colour = "red"

[resources]
hive = 2
'''


@pytest.fixture
def config(folder: Path) -> LuigiTomlParser:
    (folder / "luigi.toml").write_text(LUIGI_TOML)
    return LuigiTomlParser.instance()


VALUES = [
    ("whole", 1),
    ("part", 1.5),
    ("text", "${HOME} %(whole)s 50%"),
    ("truth", True),
    ("many", [1, 2]),
    ("day", datetime.date(2013, 7, 4)),
    ("dash-ed", "d"),
    ("dash_ed", "d"),
    ("inner", {"deep": {"deeper": "x"}}),
]


@pytest.mark.parametrize(("option", "value"), VALUES)
def test_values_are_typed(config: LuigiTomlParser, option: str, value: Any) -> None:
    assert config.get("Task", option) == value
    assert config.lookup("Task", option) == value
    assert config.has_option("Task", option)


@pytest.mark.parametrize(("section", "option"), [("Task", "none"), ("Nobody", "none"), ("Task.whole", "none")])
def test_what_is_absent(config: LuigiTomlParser, section: str, option: str) -> None:
    assert config.lookup(section, option) is None
    assert not config.has_option(section, option)
    assert config.get(section, option, None) is None
    with pytest.raises(KeyError):  # as Luigi's
        config.get(section, option)
    with pytest.raises((NoOptionError, NoSectionError)):  # as the cfg parser's
        config.get(section, option)


def test_sections_exist(config: LuigiTomlParser) -> None:
    assert isinstance(config, ConfigParser)
    assert config.sections() == ["Task", "my", "resources"]
    assert config.has_section("Task")
    assert "Task" in config
    assert not config.has_section("Nobody")
    assert config.options("resources") == ["hive"]
    assert config.items("resources") == [("hive", 2)]
    with pytest.raises(NoSectionError):
        config.options("Nobody")


def test_a_table_in_a_table_is_a_section_too(config: LuigiTomlParser) -> None:
    assert config.has_section("my.Task")
    assert config.lookup("my.Task", "colour") == "red"
    assert config.get("Task.inner", "deep") == {"deeper": "x"}
    assert str(config.origin("my.Task", "colour")) == "luigi.toml:19"


def test_typed_getters(config: LuigiTomlParser) -> None:
    assert config.getint("Task", "whole") == 1
    assert config.getint("Task", "digits") == 12
    assert config.getfloat("Task", "part") == 1.5
    assert config.getboolean("Task", "truth") is True
    assert config.getintdict("resources") == {"hive": 2}
    with pytest.raises(ValueError, match=r"^luigi\.toml:3: \[Task\] part = 1\.5 is not an integer$"):
        config.getint("Task", "part", 7)


def test_origins(config: LuigiTomlParser) -> None:
    lines = LUIGI_TOML.splitlines()
    for option in ("whole", "part", "text", "truth", "many", "day", "dash-ed", "digits", "long"):
        origin = config.origin("Task", option)
        assert origin is not None
        assert lines[origin.line - 1].startswith(f"{option} =")
    assert str(config.origin("Task", "inner")) == "luigi.toml:15"
    config.set("Task", "whole", [3])
    origin = config.origin("Task", "whole")
    assert origin is not None
    assert (origin.kind, origin.place) == (PROGRAM, __file__)


def test_set_takes_any_value_and_survives_reload(config: LuigiTomlParser) -> None:
    before = config.generation
    config.set("New", "option", [1])
    LuigiTomlParser.reload()
    assert config.get("New", "option") == [1]
    assert config.generation > before


def test_a_program_may_assign_the_data() -> None:
    config = LuigiTomlParser()
    before = config.generation
    config.data = {"hdfs": {"client": "webhdfs"}}
    assert config.get("hdfs", "client") == "webhdfs"
    assert config.generation > before


def test_removing(config: LuigiTomlParser) -> None:
    assert config.remove_option("Task", "dash_ed")
    assert not config.remove_option("Task", "dash_ed")
    assert config.remove_section("resources")
    assert config.sections() == ["Task", "my"]

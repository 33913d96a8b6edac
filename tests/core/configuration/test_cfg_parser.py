"""The cfg parser gives what Luigi's gives, and knows where each value came from."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from configparser import InterpolationSyntaxError, NoOptionError, NoSectionError
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luigi.configuration import LuigiConfigParser
from luigi.configuration.cfg_parser import CombinedInterpolation, InterpolationMissingEnvvarError
from luigi.configuration.origin import FILE, PROGRAM
from luigi.errors import ConfigurationError

LUIGI_CFG = """\
# settings
[DEFAULT]
inherited = everywhere

[Task]
plain = 1
dash-ed = 2
both-ways = dashed
both_ways = underscored
Case = kept
home = ${FOLDER}/here
built = %(plain)s-%(home)s
percent = 50%%
stray = 50%
dollar = $FOLDER
unset = ${NOT_SET_ANYWHERE}
empty =
several =
  first

  second
yes = Yes
word = 3x

[resources]
hive = 2
mysql = 1
"""


@pytest.fixture
def config(folder: Path, monkeypatch: pytest.MonkeyPatch) -> LuigiConfigParser:
    monkeypatch.setenv("FOLDER", "/data")
    (folder / "luigi.cfg").write_text(LUIGI_CFG)
    return LuigiConfigParser.instance()


VALUES = [
    ("plain", "1"),
    ("dash-ed", "2"),
    ("dash_ed", "2"),
    ("both-ways", "underscored"),
    ("both_ways", "underscored"),
    ("Case", "kept"),
    ("home", "/data/here"),
    ("built", "1-/data/here"),
    ("percent", "50%"),
    ("dollar", "$FOLDER"),
    ("empty", ""),
    ("several", "\nfirst\n\nsecond"),
    ("inherited", "everywhere"),
]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(("option", "value"), VALUES)
def test_get_and_lookup_agree(config: LuigiConfigParser, option: str, value: str) -> None:
    assert config.get("Task", option) == value
    assert config.lookup("Task", option) == value
    assert config.has_option("Task", option)


@pytest.mark.parametrize(("section", "option"), [("Task", "case"), ("Task", "no-ne"), ("Nobody", "inherited")])
def test_what_is_absent(config: LuigiConfigParser, section: str, option: str) -> None:
    assert config.lookup(section, option) is None
    assert config.origin(section, option) is None
    assert not config.has_option(section, option)
    assert config.get(section, option, 5) == 5
    assert config.get(section, option, None) is None
    assert config.get(section, option, fallback="f") == "f"
    with pytest.raises((NoOptionError, NoSectionError)):
        config.get(section, option)


def test_dashes_in_a_name_are_discouraged(config: LuigiConfigParser) -> None:
    with pytest.warns(DeprecationWarning, match="dash_ed"):
        config.get("Task", "dash_ed")


def test_raw_and_vars_are_configparsers(config: LuigiConfigParser) -> None:
    assert config.get("Task", "built", raw=True) == "%(plain)s-%(home)s"
    assert config.get("Task", "built", vars={"plain": "9"}) == "9-/data/here"


def test_typed_getters(config: LuigiConfigParser) -> None:
    assert config.getint("Task", "plain") == 1
    assert config.getfloat("Task", "plain") == 1.0
    assert config.getboolean("Task", "yes") is True
    assert config.getintdict("resources") == {"hive": 2, "mysql": 1}
    assert config.getintdict("nothing") == {}
    assert config["Task"].getint("plain") == 1


@pytest.mark.parametrize("default", [None, 7, 1.5, "text"])
@pytest.mark.parametrize("getter", ["getint", "getfloat", "getboolean"])
def test_a_default_comes_back_as_it_is(config: LuigiConfigParser, getter: str, default: Any) -> None:
    assert getattr(config, getter)("Task", "absent", default) is default
    with pytest.raises(NoOptionError):
        getattr(config, getter)("Task", "absent")


@pytest.mark.parametrize(
    ("getter", "expected"), [("getint", "an integer"), ("getfloat", "a number"), ("getboolean", "true or false")]
)
def test_a_bad_value_is_named_with_its_place(config: LuigiConfigParser, getter: str, expected: str) -> None:
    with pytest.raises(ValueError, match=rf"^luigi\.cfg:23: \[Task\] word = '3x' is not {expected}$") as caught:
        getattr(config, getter)("Task", "word", 7)
    assert isinstance(caught.value, ConfigurationError)


def test_an_unset_variable_is_named_with_its_place(config: LuigiConfigParser) -> None:
    for ask in (config.get, config.lookup):
        with pytest.raises(InterpolationMissingEnvvarError, match=r"^luigi\.cfg:16: .*NOT_SET_ANYWHERE") as caught:
            ask("Task", "unset")
        assert isinstance(caught.value, ConfigurationError)
        assert "NOT_SET_ANYWHERE" in caught.value.hint
    assert config.has_option("Task", "unset")


def test_what_stands_around_an_unset_variable_may_be_a_secret(config: LuigiConfigParser) -> None:
    config.set("Task", "login", "hunter22${NOT_SET_ANYWHERE}s3cret${HOME}")
    with pytest.raises(InterpolationMissingEnvvarError) as caught:
        config.lookup("Task", "login")
    assert "login = …${NOT_SET_ANYWHERE}…${HOME} refers to" in str(caught.value)


def test_a_stray_percent_sign(config: LuigiConfigParser) -> None:
    with pytest.raises(InterpolationSyntaxError):
        config.get("Task", "stray", "default")
    with pytest.raises(ConfigurationError, match=r"luigi\.cfg:14: \[Task\] stray") as caught:
        config.lookup("Task", "stray")
    assert caught.value.hint == "write %% for a percent sign"


def test_origins_of_a_file(config: LuigiConfigParser) -> None:
    lines = LUIGI_CFG.splitlines()
    for option in config.own_options("Task"):
        origin = config._origins["Task", option]
        assert origin.kind == FILE
        assert lines[origin.line - 1].startswith(f"{option} =")
    assert str(config.origin("Task", "plain")) == "luigi.cfg:6"
    assert str(config.origin("Task", "inherited")) == "luigi.cfg:3"
    assert str(config.origin("Task", "home")) == "luigi.cfg:11 (with $FOLDER)"
    assert str(config.origin("Task")) == "luigi.cfg:5"


def test_origin_of_what_a_program_sets(config: LuigiConfigParser) -> None:
    line = inspect.currentframe().f_lineno + 1  # type: ignore[union-attr]
    config.set("Task", "plain", "2")
    origin = config.origin("Task", "plain")
    assert origin is not None
    assert (origin.kind, origin.place, origin.line) == (PROGRAM, __file__, line)


def test_set_opens_the_section(config: LuigiConfigParser) -> None:
    config.set("New", "option", "${FOLDER}")
    assert config.get("New", "option") == "/data"


@pytest.mark.parametrize("value", [5, None, True, ["a"]])
def test_set_takes_text_only(config: LuigiConfigParser, value: Any) -> None:
    with pytest.raises(TypeError):
        config.set("Task", "plain", value)
    assert config.get("Task", "plain") == "1"


@pytest.mark.parametrize("old", ["a_b", "a-b"])
@pytest.mark.parametrize("new", ["a_b", "a-b"])
def test_the_spelling_set_last_counts(old: str, new: str) -> None:
    config = LuigiConfigParser()
    config.set("S", old, "old")
    config.set("S", new, "new")
    assert config.lookup("S", "a_b") == config.lookup("S", "a-b") == "new"
    assert config.options("S") == [new]


def test_every_change_is_a_new_generation(config: LuigiConfigParser, folder: Path) -> None:
    (folder / "more.cfg").write_text("[Task]\nplain = 3\n")
    changes: list[Callable[[], object]] = [
        lambda: config.set("Task", "plain", "2"),
        lambda: config.read("more.cfg"),
        lambda: config.read_string("[A]\nb = 1\n"),
        lambda: config.read_dict({"A": {"b": "2"}}),
        lambda: LuigiConfigParser.add_config_path("more.cfg"),
        LuigiConfigParser.reload,
        lambda: config.remove_option("A", "b"),
        lambda: config.remove_section("A"),
        lambda: config.__setitem__("Task", {}),
    ]
    seen = [config.generation]
    for change in changes:
        change()
        seen.append(config.generation)
    assert len(set(seen)) == len(seen)
    assert config.lookup("Task", "plain") is None
    assert LuigiConfigParser().generation not in seen


def test_lookup_sees_every_change(config: LuigiConfigParser) -> None:
    config["Task"]["plain"] = "7"
    assert config.lookup("Task", "plain") == "7"
    config.remove_option("Task", "plain")
    assert config.lookup("Task", "plain") is None
    config.read_string("[Task]\nplain = 8\n")
    assert config.lookup("Task", "plain") == "8"


def test_interpolations_work_one_after_the_other() -> None:
    assert CombinedInterpolation([]).before_get({}, "s", "o", "v", {}) == "v"
    config = LuigiConfigParser()
    assert config._DEFAULT_INTERPOLATION.before_set(config, "s", "o", "50%%") == "50%%"
    assert config._DEFAULT_INTERPOLATION.before_read(config, "s", "o", "v") == "v"
    assert config._DEFAULT_INTERPOLATION.before_write(config, "s", "o", "v") == "v"


NAMES = st.text("abcXYZ_", min_size=1, max_size=6).filter(str.strip)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs")), max_size=12)


@given(st.dictionaries(st.tuples(NAMES, NAMES), TEXTS.map(lambda text: text.replace("$", "").replace("%", "%%"))))
def test_what_is_set_is_what_is_looked_up(values: dict[tuple[str, str], str]) -> None:
    config = LuigiConfigParser()
    for (section, option), text in values.items():
        config.set(section, option, text)
    for (section, option), text in values.items():
        assert config.lookup(section, option) == text.replace("%%", "%")

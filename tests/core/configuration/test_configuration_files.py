"""A configuration file is read whole, or refused with its place; nothing of a refused one is used."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from luigi.configuration import LuigiConfigParser, LuigiTomlParser, add_config_path, get_config
from luigi.errors import ConfigurationError

MALFORMED = [
    ("a.cfg", "a = 1\n", r"^a\.cfg:1: 'a = 1' stands before any \[section\]"),
    ("a.cfg", "[s\n", r"^a\.cfg:1: '\[s' stands before any"),
    ("a.cfg", "[s]\na = 1\na = 2\n", r"^a\.cfg:3: \[s\] a is given twice"),
    ("a.cfg", "[s]\n[t]\n[s]\n", r"^a\.cfg:3: section \[s\] is opened twice"),
    ("a.cfg", "[s]\na = 1\nnonsense\n", r"^a\.cfg:3: cannot make sense of 'nonsense"),
    ("a.cfg", "[s]\na = 1\nb = \udce9\n", r"^a\.cfg:3: is not UTF-8 text"),
    ("a.toml", "[s]\na = 1\nb = \n", r"^a\.toml:3: is not TOML: "),
    ("a.toml", "[s]\na = 1\n[s", r"^a\.toml:3: is not TOML: "),
    ("a.toml", "[s]\na = 1\n[s]\n", r"^a\.toml:3: is not TOML: "),
    ("a.toml", "x = 1\ny = 2\n", r"^a\.toml:1: x stands outside any \[section\]"),
    ("a.toml", "# 1\n\n[[x]]\n", r"^a\.toml:3: x stands outside any \[section\]"),
]


@pytest.mark.parametrize(("name", "text", "message"), MALFORMED)
def test_a_malformed_file_is_refused_whole(folder: Path, name: str, text: str, message: str) -> None:
    (folder / "luigi.cfg").write_text("[s]\nkept = 1\n")
    (folder / "good.cfg").write_text("[s]\nkept = 2\n")
    (folder / name).write_text(text, errors="surrogateescape")
    config = LuigiConfigParser.instance()
    with pytest.raises(ConfigurationError, match=message) as caught:
        config.read(["good.cfg", name])
    assert caught.value.hint
    assert config.get("s", "kept") == "1"
    with pytest.raises(ConfigurationError, match=message):
        add_config_path(name)
    LuigiConfigParser.reload()
    assert config.sections() == ["s"]


def test_a_malformed_first_file_leaves_no_instance(folder: Path) -> None:
    (folder / "luigi.cfg").write_text("[s]\na = 1\nnonsense\n")
    for _ in range(2):
        with pytest.raises(ConfigurationError, match=r"^luigi\.cfg:3: "):
            get_config()
    (folder / "luigi.cfg").write_text("[s]\na = 1\n")
    assert get_config().get("s", "a") == "1"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_named(folder: Path) -> None:
    (folder / "luigi.cfg").write_text("[s]\n")
    (folder / "luigi.cfg").chmod(0)
    with pytest.raises(ConfigurationError, match=r"^luigi\.cfg: cannot be read: "):
        get_config()


def test_a_directory_is_no_file(folder: Path) -> None:
    (folder / "luigi.cfg").mkdir()
    with pytest.raises(ConfigurationError, match=r"^luigi\.cfg: cannot be read: "):
        get_config()


def test_files_that_do_not_exist_are_passed_over(folder: Path) -> None:
    (folder / "luigi.toml").write_text("[s]\n")
    assert LuigiConfigParser().read("nowhere.cfg") == []
    assert LuigiTomlParser().read(["nowhere.toml", Path("luigi.toml")]) == ["luigi.toml"]


def test_a_byte_order_mark_is_no_part_of_the_text(folder: Path) -> None:
    (folder / "luigi.cfg").write_text("[s]\na = é\n", encoding="utf-8-sig")
    assert get_config().get("s", "a") == "é"


def test_adding_a_file_that_does_not_exist(folder: Path) -> None:
    with pytest.warns(UserWarning, match=r"nowhere\.cfg does not exist"):
        assert not add_config_path("nowhere.cfg")
    assert LuigiConfigParser._config_paths == ["luigi.cfg"]


def test_an_added_file_wins_and_is_read_again(folder: Path) -> None:
    (folder / "luigi.cfg").write_text("[s]\na = 1\n")
    (folder / "more.cfg").write_text("[s]\na = 2\n")
    config = get_config()
    config.set("s", "b", "mine")
    assert add_config_path("more.cfg")
    assert get_config() is config
    assert (config.get("s", "a"), config.get("s", "b")) == ("2", "mine")
    (folder / "more.cfg").write_text("[s]\na = 3\n")
    assert LuigiConfigParser.reload() == ["luigi.cfg", "more.cfg"]
    assert config.get("s", "a") == "3"


def test_programs_may_start_anew(folder: Path) -> None:
    (folder / "other.cfg").write_text("[s]\na = other\n")
    first = get_config()
    first.set("s", "a", "mine")
    LuigiConfigParser._instance = None
    LuigiConfigParser._config_paths = ["other.cfg"]
    assert get_config() is not first
    assert get_config().get("s", "a") == "other"
    assert get_config().generation != first.generation

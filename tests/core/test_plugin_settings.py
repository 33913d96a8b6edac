"""A plugin's settings: read, described, and refused when they are wrong."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest

import luigi
from luigi.configuration import LuigiConfigParser, LuigiTomlParser
from luigi.errors import ConfigurationError
from luigi.plugin_settings import MissingSettings, options, read, setting


@dataclass(frozen=True)
class Settings:
    url: str = setting(help="where to post")
    token: str = setting("", help="who we are", secret=True)
    timeout: float = setting(10.0, help="seconds")
    times: int = 3
    loud: bool = False
    folder: Path = Path("here")
    day: datetime.date | None = None
    mode: Literal["fast", "slow"] = "fast"
    names: tuple[str, ...] = ()
    more: dict[str, int] = field(default_factory=dict)


def cfg(tmp_path: Path, text: str) -> Any:
    file = tmp_path / "luigi.cfg"
    file.write_text(text)
    parser = LuigiConfigParser()
    parser.read([str(file)])
    return parser


def test_every_kind_of_value_is_read_and_the_rest_has_its_default(tmp_path: Path) -> None:
    config = cfg(
        tmp_path,
        "[acme]\nurl = http://a\ntimeout = 2.5\ntimes = 7\nloud = true\nfolder = /tmp\nday = 2024-02-29\nmode = slow\n"
        'names = a, b\n  c\nmore = {"x": 1}\n',
    )
    made = read(Settings, "acme", config)
    assert (made.url, made.timeout, made.times, made.loud, made.folder) == ("http://a", 2.5, 7, True, Path("/tmp"))
    assert (made.day, made.mode, made.names) == (datetime.date(2024, 2, 29), "slow", ("a", "b", "c"))
    assert dict(made.more) == {"x": 1}
    assert read(Settings, "acme", cfg(tmp_path, "[acme]\nurl = x\n")) == Settings("x")


def test_toml_values_are_taken_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "luigi.toml"
    file.write_text('[acme]\nurl = "x"\ntimes = 2\nloud = true\nnames = ["a", "b"]\n')
    parser = LuigiTomlParser()
    parser.read([str(file)])
    assert read(Settings, "acme", parser) == Settings("x", times=2, loud=True, names=("a", "b"))


def test_what_must_be_given_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(MissingSettings, match=r"\[acme\] says nothing of url") as raised:
        read(Settings, "acme", cfg(tmp_path, ""))
    assert raised.value.hint == "add to the configuration: [acme] url"


@pytest.mark.parametrize(
    ("line", "sentence", "hint"),
    [
        ("tymeout = 1", r"luigi\.cfg:3: \[acme\] has no option tymeout", "did you mean timeout?"),
        ("times = many", r"luigi\.cfg:3: \[acme\] times = 'many' is not of type int", ""),
        ("mode = medium", r"\[acme\] mode = 'medium' is not of type", ""),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, line: str, sentence: str, hint: str) -> None:
    with pytest.raises(ConfigurationError, match=sentence) as raised:
        read(Settings, "acme", cfg(tmp_path, f"[acme]\nurl = x\n{line}\n"))
    assert hint in raised.value.hint


def test_a_secret_is_shown_nowhere(tmp_path: Path) -> None:
    @dataclass(frozen=True)
    class Secret:
        pin: int = setting(4711, secret=True)

    assert "4711" not in repr(Secret())
    assert options(Secret, "safe")[0].default == "***"
    with pytest.raises(ConfigurationError) as raised:
        read(Secret, "safe", cfg(tmp_path, "[safe]\npin = hunter2\n"))
    assert "hunter2" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_options_are_described() -> None:
    found = options(Settings, "acme")
    assert found[0] == ("url", "str", None, "where to post", False)
    assert found[1] == ("token", "str", "", "who we are", True)
    assert [one.name for one in found] == list(Settings.__dataclass_fields__)
    assert {one.name: one.kind for one in found}["day"] == "datetime.date | None"


def test_a_config_class_reads_itself_and_is_described_the_same_way() -> None:
    class acme_old(luigi.Config):
        host = luigi.Parameter(default="localhost", description="where it is")
        port = luigi.IntParameter(default=25)
        password = luigi.Parameter(default="x", visibility=luigi.parameter.ParameterVisibility.PRIVATE)
        user = luigi.Parameter()

    assert options(acme_old, "") == [
        ("host", "str", "localhost", "where it is", False),
        ("port", "int", "25", "", False),
        ("password", "str", "***", "", True),
        ("user", "str", None, "", False),
    ]


def test_a_mapping_as_default_is_each_instance_s_own() -> None:
    @dataclass(frozen=True)
    class WithMapping:
        more: Mapping[str, str] = setting({"a": "b"}, help="more of it")

    assert WithMapping().more == {"a": "b"}
    assert WithMapping().more is not WithMapping().more

"""Targets by their addresses: what is path, what is option, and who is asked to open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import luigi
from luigi.contrib import opener as public
from luigi.contrib.opener import (
    InvalidAddress,
    InvalidQuery,
    NoOpenerError,
    Opener,
    OpenerError,
    OpenerRegistry,
    OpenerTarget,
)
from luigi.format import UTF8
from luigi.mock import MockTarget
from luigi.target import FileSystemException


class Parts(luigi.Target):
    """What an opener was given."""

    def __init__(self, *parts: Any, **options: Any) -> None:
        self.parts, self.options = parts, options

    def exists(self) -> bool:
        return False


class PartsOpener(Opener):
    names = ["parts", "pieces"]
    allowed_kwargs = {"number": True, "text": False}

    @classmethod
    def get_target(cls, *parts: Any, **options: Any) -> Parts:
        return Parts(*parts, **options)


class OpenOpener(PartsOpener):
    names = ["open"]
    filter_kwargs = False


registry = OpenerRegistry([PartsOpener, OpenOpener])


@pytest.fixture(autouse=True)
def empty_memory() -> Iterator[None]:
    yield
    MockTarget.fs.clear()


# --- what comes with Luigi ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/a/b", "/a/b"),
        ("a/b", "a/b"),
        ("file:///a/b", "/a/b"),
        ("file://a/b", "a/b"),
        ("file://Data/Rows.csv", "Data/Rows.csv"),
        ("file:a/b", "a/b"),
        ("FILE:///a", "/a"),
        ("file:///a%20b", "/a%20b"),
        ("/a b/run#1?.csv", "/a b/run#1?.csv"),
        ("file:///run#1.csv", "/run#1.csv"),
        ("C:\\data\\rows", "C:\\data\\rows"),
    ],
)
def test_a_file_of_this_machine(address: str, path: str) -> None:
    target = OpenerTarget(address)
    assert isinstance(target, luigi.LocalTarget)
    assert (target.path, target.opener_path) == (path, address)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("address", "path"), [("mock://foo/bar", "foo/bar"), ("mock:///foo", "/foo"), ("mock:foo", "foo")]
)
def test_a_file_in_memory(address: str, path: str) -> None:
    target = OpenerTarget(address)
    assert isinstance(target, MockTarget)
    assert target.path == path


def test_an_option_in_the_address(capsys: pytest.CaptureFixture[str]) -> None:
    with OpenerTarget("mock://shown?mirror_on_stderr=true").open("w") as file:
        file.write("content")
    with OpenerTarget("mock://kept?mirror_on_stderr=false&other=1").open("w") as file:
        file.write("secret")
    assert capsys.readouterr().err == "shown: content"


def test_the_programs_word_is_the_last() -> None:
    target = OpenerTarget("file:///tmp/never-made?is_tmp=true", is_tmp=False, format=UTF8)
    assert (target.is_tmp, target.format) == (False, UTF8)  # type: ignore[attr-defined]


def test_an_option_that_cannot_be_read() -> None:
    with pytest.raises(InvalidQuery, match="is_tmp") as caught:
        OpenerTarget("file:///a?is_tmp=perhaps")
    assert "true" in caught.value.hint


# --- what plugins have ---------------------------------------------------------------------------------------------


def test_other_schemes_are_those_of_plugins() -> None:
    target = OpenerTarget("hdfs://namenode/path")
    assert type(target).__name__ == "HdfsTarget"
    assert target.opener_path == "hdfs://namenode/path"  # type: ignore[attr-defined]


def test_a_scheme_that_nobody_has() -> None:
    with pytest.raises(NoOpenerError, match="No opener for hdsf") as caught:
        OpenerTarget("hdsf://user:password@namenode/path")
    assert isinstance(caught.value, OpenerError)
    assert isinstance(caught.value, FileSystemException)
    assert "hdfs" in caught.value.hint
    assert "password" not in f"{caught.value} {caught.value.hint}"


# --- openers of one's own --------------------------------------------------------------------------------------------


def test_an_opener_is_given_the_parts() -> None:
    target = registry.open("pieces://user:word@Host:81/p/q?number=1&number=2&text=a%20b&other=3#end", given=4)
    assert isinstance(target, Parts)
    assert target.parts == ("pieces", "/p/q", "end", "user", "word", "Host", 81, {"number": 1, "text": "a b"})
    assert target.options == {"given": 4}


def test_parts_that_are_not_there() -> None:
    target = registry.open("parts:rest")
    assert isinstance(target, Parts)
    assert target.parts == ("parts", "rest", "", None, None, None, None, {})


@pytest.mark.parametrize(
    ("query", "filtered", "all_of_it"),
    [
        ("", {}, {}),
        ("number", {"number": True}, {"number": True}),
        ("number=", {"number": True}, {"number": True}),
        ("number=[1,2]", {"number": [1, 2]}, {"number": [1, 2]}),
        ("text=1", {"text": "1"}, {"text": "1"}),
        ("text", {"text": "true"}, {"text": "true"}),
        ("other=1&other=2", {}, {"other": "1"}),
    ],
)
def test_a_query_in_options(query: str, filtered: dict[str, Any], all_of_it: dict[str, Any]) -> None:
    assert PartsOpener.conform_query(query) == filtered
    assert OpenOpener.conform_query(query) == all_of_it


def test_a_registry_has_its_own_openers_only() -> None:
    for address, scheme in (("hdfs://a/b", "hdfs"), ("/a", "file")):
        with pytest.raises(NoOpenerError, match=f"No opener for {scheme}"):
            registry.open(address)
    with pytest.raises(NoOpenerError) as caught:
        registry.get_opener("prats")
    assert caught.value.hint == "did you mean parts?"


def test_a_later_opener_takes_over() -> None:
    class Later(PartsOpener):
        pass

    mine = OpenerRegistry([PartsOpener])
    mine.add(Later)
    assert mine.get_opener("parts") is mine.get_opener("pieces") is Later


def test_a_program_can_add_to_luigis_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public.opener, "registry", dict(public.opener.registry))
    public.opener.add(PartsOpener)
    assert isinstance(OpenerTarget("parts://host/path"), Parts)


def test_an_address_that_is_none() -> None:
    with pytest.raises(InvalidAddress) as caught:
        registry.open("parts://user:word@host:port/p")
    assert "word" not in str(caught.value)


def test_an_opener_without_targets() -> None:
    class Bare(Opener):
        names = ["bare"]

    with pytest.raises(NotImplementedError, match="Bare"):
        OpenerRegistry([Bare]).open("bare://a")

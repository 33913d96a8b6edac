"""Targets by URL, and as parameters."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.hookspecs import Provider
from luigi.mock import MockFileSystem, MockTarget
from luigi.parameter.problems import UnreadableValue
from luigi.target_urls import UnknownScheme, open_target, scheme, without_scheme
from luigi.testing.run import run_task


class Upper(luigi.Target):
    """A target of a plugin's."""

    def __init__(self, url: str) -> None:
        self.url = url

    def exists(self) -> bool:
        return True


class Uppers:
    @luigi.hookimpl
    def luigi_targets(self) -> Any:
        yield Provider("upper", Upper, "for tests")


@pytest.mark.parametrize(
    ("url", "name", "rest"),
    [
        ("s3://bucket/key", "s3", "bucket/key"),
        ("mock:a/b", "mock", "a/b"),
        ("FILE:///tmp/a", "file", "/tmp/a"),
        ("/tmp/a:b", "file", "/tmp/a:b"),
        ("a b:c", "file", "a b:c"),
        ("C:/data", "file", "C:/data"),
        ("2024-01-01T10:30", "2024-01-01t10", "30"),
        ("postgresql+psycopg://host/db", "postgresql+psycopg", "host/db"),
    ],
)
def test_the_scheme_of_a_url(url: str, name: str, rest: str) -> None:
    assert scheme(url) == name
    assert without_scheme(url) == rest


@pytest.mark.parametrize("form", ["{}", "file:{}", "file://{}"])
def test_local_files(tmp_path: Path, form: str) -> None:
    target: Any = open_target(form.format(tmp_path / "a.txt"))
    with target.open("w") as file:
        file.write("hello")
    assert (tmp_path / "a.txt").read_text() == "hello"
    assert isinstance(target, luigi.LocalTarget)


def test_keywords_go_to_the_target(tmp_path: Path) -> None:
    target: Any = luigi.open_target(str(tmp_path / "a.gz"), format=luigi.format.Gzip)
    with target.open("w") as file:
        file.write(b"hello")
    assert (tmp_path / "a.gz").read_bytes()[:2] == b"\x1f\x8b"


def test_a_scheme_that_nobody_opens_is_told() -> None:
    with pytest.raises(UnknownScheme, match="no plugin opens moc targets") as raised:
        open_target("moc:a")
    assert raised.value.hint == "did you mean mock?"


def test_a_password_in_a_url_is_not_told() -> None:
    with pytest.raises(UnknownScheme) as raised:
        open_target("moc://ann:very-secret@host/path")
    assert "very-secret" not in f"{raised.value}{raised.value.hint}"
    assert "moc://ann:***@host/path" in str(raised.value)


class Copies(luigi.Task):
    source = luigi.TargetParameter()
    into = luigi.TargetParameter(default="mock:copied")

    def output(self) -> Any:
        return self.into

    def run(self) -> None:
        with self.source.open() as read, self.into.open("w") as written:  # type: ignore[attr-defined]
            written.write(read.read())


def test_a_task_gets_targets_by_their_urls(tmp_path: Path) -> None:
    (tmp_path / "in").write_text("text")
    MockFileSystem().clear()
    task = run_task(Copies(source=f"file:{tmp_path}/in"))
    assert MockFileSystem().get_data("copied") == b"text"
    assert str(task) == f"Copies(source=file:{tmp_path}/in, into=mock:copied)"


def test_the_same_urls_are_the_same_task() -> None:
    assert Copies(source="mock:a") is Copies(source="mock:a")
    assert Copies(source="mock:a") != Copies(source="mock:b")
    assert Copies.from_str_params(Copies(source="mock:a").to_str_params()) is Copies(source="mock:a")


def test_a_target_may_be_given_as_such_if_it_can_be_written() -> None:
    assert "source=there" in str(Copies(source=luigi.LocalTarget("there")))

    class Pathless(luigi.Target):
        def exists(self) -> bool:
            return True

    with pytest.raises(ValueError, match="is not a target with a path that opens it again"):
        _ = Copies(source=Pathless()).task_id


def test_a_text_that_names_no_target_is_told() -> None:
    with pytest.raises(
        UnreadableValue, match="'nowhere:x' is not the URL of a target: no plugin opens nowhere"
    ) as raised:
        Copies(source="nowhere:x")
    assert "there are: " in str(raised.value)


def test_a_task_with_targets_travels() -> None:
    task = Copies(source="mock:a")
    assert pickle.loads(pickle.dumps(task)).source.opened_from == "mock:a"


class Shouts(luigi.Task):
    done: list[Any] = []

    def run(self) -> None:
        self.done.append(open_target("upper:x"))

    def complete(self) -> bool:
        return bool(self.done)


def test_in_a_run_the_plugins_of_that_run_open_targets_too() -> None:
    assert luigi.build([Shouts()], local_scheduler=True, plugins=[Uppers()], log_level="CRITICAL")
    assert Shouts.done[0].url == "upper:x"
    with pytest.raises(UnknownScheme):
        open_target("upper:x")


def test_mock_targets_are_found_again() -> None:
    target = open_target("mock:a")
    assert isinstance(target, MockTarget)
    assert target.path == "a"

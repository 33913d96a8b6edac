"""CascadingClient: who is asked, what counts as an answer, and what is said when none can answer."""

from __future__ import annotations

import logging
import pickle
from pathlib import Path
from typing import Any

import pytest

from luigi.contrib.target import CascadingClient, NoClients
from luigi.local_target import LocalFileSystem, LocalTarget
from luigi.mock import MockFileSystem
from luigi.target import FileAlreadyExists


class Unreachable:
    """A client whose service is away."""

    def exists(self, path: str) -> bool:
        raise ConnectionError(f"nobody to ask about {path}")

    def mkdir(self, path: str, **_: Any) -> None:
        raise ConnectionError("nobody to tell")


class Counting(LocalFileSystem):
    def __init__(self) -> None:
        self.asked = 0

    def exists(self, path: str) -> bool:
        self.asked += 1
        return super().exists(path)

    def mkdir(self, path: str, *args: Any, **keywords: Any) -> None:
        self.asked += 1
        super().mkdir(path, *args, **keywords)


def test_the_first_that_answers_is_the_only_one_asked(tmp_path: Path) -> None:
    second = Counting()
    client = CascadingClient([LocalFileSystem(), second])
    assert client.exists(str(tmp_path))
    assert not client.exists(str(tmp_path / "missing"))
    assert not second.asked


def test_the_next_is_asked_when_one_fails_or_cannot(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    client = CascadingClient([Unreachable(), LocalFileSystem()])
    with caplog.at_level(logging.WARNING):
        assert client.exists(str(tmp_path))
        client.mkdir(str(tmp_path / "a" / "b"), parents=True)
        assert client.isdir(str(tmp_path / "a" / "b"))
    assert "Unreachable failed to exists: ConnectionError: nobody to ask" in caplog.text
    assert "Unreachable failed to isdir: AttributeError" in caplog.text


def test_a_refusal_is_an_answer(tmp_path: Path) -> None:
    second = Counting()
    with pytest.raises(FileAlreadyExists):
        CascadingClient([LocalFileSystem(), second]).mkdir(str(tmp_path), raise_if_exists=True)
    assert not second.asked


def test_when_all_fail_the_error_tells_of_all() -> None:
    with pytest.raises(AttributeError, match="touchz") as caught:
        CascadingClient([MockFileSystem(), Unreachable()]).touchz("path")
    assert caught.value.__notes__ == [
        "MockFileSystem failed to touchz: AttributeError: 'MockFileSystem' object has no attribute 'touchz'"
    ]


def test_an_interruption_is_not_a_failure() -> None:
    class Interrupted:
        def exists(self, path: str) -> bool:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        CascadingClient([Interrupted(), LocalFileSystem()]).exists("path")


def test_methods_are_those_that_were_named(tmp_path: Path) -> None:
    client = CascadingClient([LocalFileSystem()], method_names=["exists_many"])
    assert client.exists_many([str(tmp_path)]) == {str(tmp_path)}
    assert not hasattr(client, "exists")


def test_clients_may_come_from_an_iterator(tmp_path: Path) -> None:
    client = CascadingClient(iter([Unreachable(), LocalFileSystem()]))
    assert client.exists(str(tmp_path))
    assert client.exists(str(tmp_path))


def test_it_travels(tmp_path: Path) -> None:
    assert pickle.loads(pickle.dumps(CascadingClient([Unreachable(), LocalFileSystem()]))).exists(str(tmp_path))


def test_none_is_too_few() -> None:
    with pytest.raises(NoClients, match="at least one"):
        CascadingClient([])


def test_a_target_can_live_on_it(tmp_path: Path) -> None:
    class Cascaded(LocalTarget):
        fs = CascadingClient([Unreachable(), LocalFileSystem()])  # type: ignore[assignment]

    target = Cascaded(tmp_path / "folder")
    with target.temporary_path() as path:
        Path(path).mkdir()
    assert target.exists()
    target.remove()
    assert not target.exists()

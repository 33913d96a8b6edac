"""What a server leaves behind: nothing, however it ends; and nothing that is another's is taken away."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from luigi.errors import KernelError
from luigi.scheduler import Scheduler
from luigi.server.config import ServerSettings
from luigi.server.http.listening import sockets
from luigi.server.http.serving import RUNNING, House
from luigi.server.open_house import serve
from luigi.server.standing import Alone


def answering_threads() -> set[threading.Thread]:
    return {one for one in threading.enumerate() if one.name.startswith("waitress-")}


def open_files() -> int:
    return len(os.listdir("/dev/fd"))


class Refuses(Alone):
    """Cannot lead."""

    def start(self) -> None:
        raise KernelError("the state is not to be had")


def test_a_start_that_fails_leaves_nothing_behind() -> None:
    def fail() -> None:
        settings = ServerSettings(port=0, address="127.0.0.1")
        with pytest.raises(KernelError, match="not to be had"):
            serve(settings, sockets(settings), Refuses(Scheduler(resources={})))

    fail()  # what is loaded for the first time may keep a file
    threads, files = answering_threads(), open_files()
    fail()
    assert answering_threads() == threads
    assert open_files() == files


def test_a_house_that_has_never_run_is_closed() -> None:
    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        raise AssertionError("nobody calls")

    threads, files = answering_threads(), open_files()
    settings = ServerSettings(port=0, address="127.0.0.1")
    house = House(application, sockets(settings), settings)
    assert answering_threads() > threads
    house.close()
    house.close()
    house.stop()
    assert answering_threads() == threads
    assert open_files() == files


class Keeps(Alone):
    """Does something when the state is to be kept."""

    def __init__(self, then: Callable[[], Any]) -> None:
        super().__init__(Scheduler(resources={}))
        self._then = then
        self.found: Any = None

    def close(self) -> None:
        self.found = self._then()


def test_the_state_is_kept_when_nobody_answers_any_more() -> None:
    threads = answering_threads()
    settings = ServerSettings(port=0, address="127.0.0.1")
    standing = Keeps(answering_threads)
    serve(settings, sockets(settings), standing, well_begun=RUNNING.stop)
    assert standing.found == threads


# --- the file of a Unix socket ---------------------------------------------------------------------------------------


def test_a_unix_sockets_file_is_taken_away(tmp_path: Path) -> None:
    settings = ServerSettings(unix_socket=str(tmp_path / "s"))
    standing = Keeps((tmp_path / "s").exists)
    serve(settings, sockets(settings), standing, well_begun=RUNNING.stop)
    assert standing.found
    assert not (tmp_path / "s").exists()


def test_but_not_if_it_is_the_next_servers(tmp_path: Path) -> None:
    """Which may come as soon as this one does not listen any more; to keep its state takes longer."""
    settings = ServerSettings(unix_socket=str(tmp_path / "s"))
    standing = Keeps(lambda: sockets(settings))
    serve(settings, sockets(settings), standing, well_begun=RUNNING.stop)
    (following,) = standing.found
    with following, socket.socket(socket.AF_UNIX) as caller:
        caller.connect(settings.unix_socket)


def test_nor_if_it_is_gone_already(tmp_path: Path) -> None:
    settings = ServerSettings(unix_socket=str(tmp_path / "s"))
    serve(settings, sockets(settings), Keeps((tmp_path / "s").unlink), well_begun=RUNNING.stop)
    assert list(tmp_path.iterdir()) == []

"""`luigi.server.run()` and `stop()`: a server started from a program, by Luigi's names."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

import luigi.server
from luigi.errors import KernelError
from luigi.scheduler import Scheduler
from luigi.testing.ports import free_port

PATIENCE = 30.0


class KeptScheduler(Scheduler):
    """Notes when it is told to load and to dump."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.told: list[str] = []
        self.ticked = threading.Event()

    def load(self) -> None:
        self.told.append("load")

    def dump(self) -> None:
        self.told.append("dump")

    def tick(self) -> None:
        self.ticked.set()


class RefusesToDump(KeptScheduler):
    """Its place cannot be written to."""

    def dump(self) -> None:
        raise PermissionError("not yours")


@contextmanager
def served(**options: Any) -> Iterator[threading.Thread]:
    thread = threading.Thread(target=luigi.server.run, kwargs=options)
    thread.start()
    try:
        yield thread
    finally:
        while thread.is_alive():
            luigi.server.stop()
            thread.join(0.05)


def ask(port: int, path: str) -> Any:
    for _ in range(300):
        try:
            with urlopen(f"http://127.0.0.1:{port}/{path}", timeout=PATIENCE) as answer:
                return json.load(answer)
        except OSError:
            threading.Event().wait(0.02)
    pytest.fail("nobody answers")


def test_a_scheduler_of_the_programs_own(luigi_config: Callable[..., None]) -> None:
    luigi_config("server", tick_interval=0.01)
    scheduler, port = KeptScheduler(resources={}), free_port()
    with served(api_port=port, address="127.0.0.1", scheduler=scheduler) as thread:
        assert ask(port, "readyz") == {"status": "ready"}
        assert scheduler.told == ["load"]
        assert scheduler.ticked.wait(PATIENCE)
        luigi.server.stop()
        thread.join(PATIENCE)
        assert not thread.is_alive()
    assert scheduler.told == ["load", "dump"]


def test_a_state_that_cannot_be_kept_is_said(caplog: pytest.LogCaptureFixture) -> None:
    port = free_port()
    with served(api_port=port, address="127.0.0.1", scheduler=RefusesToDump(resources={})):
        ask(port, "healthz")
    assert "not yours" in caplog.text


def test_by_itself(luigi_config: Callable[..., None], tmp_path: Path) -> None:
    luigi_config("server", state_store="memory")
    port = free_port()
    with served(api_port=port):
        assert ask(port, "readyz") == {"status": "ready"}


def test_stopping_when_nothing_runs() -> None:
    luigi.server.stop()


def test_a_state_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("what is this?")
    port = free_port()
    with pytest.raises(KernelError):
        luigi.server.run(port, "127.0.0.1", scheduler=Scheduler(resources={}, state_path=str(tmp_path / "state")))
    with socket.socket() as again:
        again.bind(("127.0.0.1", port))
    assert (tmp_path / "state").read_text() == "what is this?"


def test_its_state_is_there_the_next_time(tmp_path: Path) -> None:
    for declared in (True, False):
        scheduler, port = Scheduler(resources={}, state_path=str(tmp_path / "state")), free_port()
        with served(api_port=port, address="127.0.0.1", scheduler=scheduler):
            ask(port, "readyz")
            if declared:
                scheduler.add_task(worker="w", task_id="Dumped_1", family="Dumped", params={})
    assert list(scheduler.task_list("PENDING", "")) == ["Dumped_1"]

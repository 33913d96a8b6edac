"""A real `kernel serve`, workers that speak to it from the test, and the commands, called as `kernel` calls them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from luigi.cli import main
from luigi.interfaces import Report, TaskSpec
from luigi.rpc import RemoteScheduler

MANY = 1000
"""Assignments at a time: a worker may have tasks left from a test before."""


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The document that it printed."""
        return json.loads(self.out)


Kernel = Callable[..., Said]


@pytest.fixture
def kernel(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kernel:
    """Runs `kernel` with these arguments in an empty folder, without a terminal."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LUIGI_SCHEDULER_TOKEN", raising=False)

    def run(*args: str) -> Said:
        capsys.readouterr()
        try:
            code = main(list(args))
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return run


@pytest.fixture(scope="module")
def server(start_shared_server: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A server with a history, for the tests of a module: each gives its tasks families of its own."""
    place = tmp_path_factory.mktemp("history") / "history.db"
    config = f"[scheduler]\nrecord_task_history = true\n[task_history]\ndb_connection = sqlite:///{place}\n"
    return start_shared_server(config=config)


@pytest.fixture
def asking(kernel: Kernel, server: Any) -> Kernel:
    """Runs `kernel` with the server's address behind the other arguments."""
    return lambda *args: kernel(*args, "--scheduler-url", server.url)


@pytest.fixture
def scheduler(server: Any) -> Iterator[RemoteScheduler]:
    """A line to the server, for workers that are none."""
    line = RemoteScheduler(server.url)
    yield line
    line.close()


@pytest.fixture
def attempted(scheduler: RemoteScheduler) -> Callable[..., dict[str, int]]:
    """Declares tasks of a worker and has it take them all on; then reports how each ended.

    `attempted("w", A_1="DONE", B_1="FAILED", C_1="RUNNING")`; gives the tokens, by task.
    """

    def attempt(worker: str, **statuses: str) -> dict[str, int]:
        scheduler.add_worker(worker, [("host", "h"), ("username", "ann"), ("roots", [*statuses][:1])])
        specs = [spec(task_id, accepts_messages=True) for task_id in statuses]
        scheduler.declare(worker, specs)
        tokens = {one.task_id: one.token for one in scheduler.exchange(worker, (), MANY).assignments}
        said = [
            Report(task_id, tokens[task_id], status, (), "Traceback\nOSError: it broke" if status == "FAILED" else None)
            for task_id, status in statuses.items()
            if status != "RUNNING"
        ]
        scheduler.exchange(worker, said, 0)
        return tokens

    return attempt


def spec(task_id: str, **more: Any) -> TaskSpec:
    """A task `Family_1` with the parameter `day`."""
    family, _, day = task_id.partition("_")
    return TaskSpec(task_id, family, "shop", {"day": day}, **more)

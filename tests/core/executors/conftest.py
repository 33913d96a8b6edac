"""Executors of child processes for tests, and a look at what processes there are."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from luigi.clock import SYSTEM
from luigi.defaults import luigi_is_complete, luigi_run_task
from luigi.executors import ExecutorSetup
from luigi.executors.config import processes
from luigi.executors.processes import ProcessExecutor
from luigi.interfaces import Job, Outcome
from luigi.scheduler import Scheduler
from luigi.worker.context import Rules


def eventually(holds: Callable[[], Any], seconds: float = 10) -> bool:
    """Whether `holds()` comes true within so many seconds."""
    until = SYSTEM.monotonic() + seconds
    while not holds():
        if SYSTEM.monotonic() > until:
            return False
        SYSTEM.sleep(0.01)
    return True


def process_table() -> list[tuple[int, int, int, str]]:
    """Every process: its number, its parent's, its group's, and its state."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid=,pgid=,stat="], capture_output=True, text=True, check=True)
    rows = [line.split() for line in listed.stdout.splitlines()]
    return [(int(pid), int(ppid), int(pgid), state) for pid, ppid, pgid, state in rows]


class Elders:
    """Children of this process that are older than the test: servers that other tests have started."""

    pids: frozenset[int] = frozenset()


def children() -> list[str]:
    """The states of the children that the test has brought about, but for that of the one that lists them."""
    return [state for pid, state in _children() if not state.startswith("R") and pid not in Elders.pids]


def _children() -> list[tuple[int, str]]:
    return [(pid, state) for pid, ppid, _, state in process_table() if ppid == os.getpid()]


@pytest.fixture(autouse=True)
def elders() -> None:
    Elders.pids = frozenset(pid for pid, _ in _children())


def is_there(pid: int) -> bool:
    """Whether the process exists and is not defunct."""
    return any(one == pid and not state.startswith("Z") for one, _, _, state in process_table())


@pytest.fixture
def start() -> Iterator[Callable[..., ProcessExecutor]]:
    """A function that starts an executor with two workers; keywords are options of `[processes]`, or `setup`'s."""
    started: list[ProcessExecutor] = []

    def start(run_task: Any = luigi_run_task, is_complete: Any = luigi_is_complete, **options: Any) -> ProcessExecutor:
        setup = ExecutorSetup(Rules("w"), is_complete, run_task, Scheduler(resources={}), 2)
        started.append(ProcessExecutor(setup, processes(**{"kill_grace": 1.0, **options})))
        return started[-1]

    yield start
    for executor in started:
        executor.close()


@pytest.fixture
def ended() -> Callable[..., list[Outcome]]:
    """A function that runs jobs to their ends; tasks among them become jobs."""

    def ended(executor: ProcessExecutor, *work: Any) -> list[Outcome]:
        waiting = [one if isinstance(one, Job) else Job(one, number) for number, one in enumerate(work)]
        outcomes: list[Outcome] = []
        while len(outcomes) < len(work):
            while waiting and executor.capacity:
                executor.submit(waiting.pop(0))
            outcomes.extend(executor.poll())
        return outcomes

    return ended

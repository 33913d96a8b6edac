"""Processes are kept warm, replaced when they have had their day, and never while a run waits in them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Generator
from pathlib import Path
from typing import Any

import luigi
from luigi.executors.memory import resident_mb
from luigi.interfaces import Job
from luigi.task_status import DONE, PENDING

from .conftest import eventually, is_there


class Where(luigi.Task):
    """Writes down which process it runs in."""

    folder = luigi.Parameter()
    n = luigi.IntParameter()
    hoard = luigi.IntParameter(default=0)
    hoarded: list[bytes] = []

    def run(self) -> None:
        self.hoarded.append(b"x" * self.hoard)
        Path(self.folder, f"{self.n}").write_text(str(os.getpid()))


class Waits(luigi.Task):
    """Waits for something that is not there at first."""

    folder = luigi.Parameter()
    n = luigi.IntParameter(default=0)

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(f"{self.folder}/waits{self.n}")

    def run(self) -> Generator[Any, Any, None]:
        with open(f"{self.folder}/entered", "a") as log:
            log.write(f"{os.getpid()}\n")
        yield Appears(self.folder)
        with self.output().open("w") as out:
            out.write(str(os.getpid()))


class Appears(luigi.ExternalTask):
    """Comes from elsewhere."""

    folder = luigi.Parameter()

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(f"{self.folder}/appears")


def _pids(folder: Path, number: int) -> list[int]:
    return [int((folder / str(n)).read_text()) for n in range(number)]


def test_two_workers_are_two_processes(start: Any, ended: Any, tmp_path: Path) -> None:
    ended(start(), *[Where(str(tmp_path), n) for n in range(20)])
    pids = set(_pids(tmp_path, 20))
    assert 1 <= len(pids) <= 2
    assert os.getpid() not in pids


def test_after_so_many_tasks_comes_a_new_one(start: Any, ended: Any, tmp_path: Path) -> None:
    ended(start(recycle_after_tasks=3), *[Where(str(tmp_path), n) for n in range(20)])
    assert max(Counter(_pids(tmp_path, 20)).values()) == 3


def test_above_so_much_memory_comes_a_new_one(start: Any, ended: Any, tmp_path: Path) -> None:
    executor = start(recycle_above_mb=resident_mb() + 50)
    hoard = int(resident_mb() + 100) * 1_000_000  # a fork holds less than its parent at first
    for n, held in enumerate([0, hoard, 0]):
        ended(executor, Where(str(tmp_path), n, hoard=held))
    first, second, third = _pids(tmp_path, 3)
    assert first == second
    assert third != first


def test_not_while_a_run_waits_there(start: Any, ended: Any, tmp_path: Path) -> None:
    executor = start(recycle_after_tasks=1)
    (outcome,) = ended(executor, Waits(str(tmp_path)))
    assert outcome.status == PENDING
    ended(executor, *[Where(str(tmp_path), n) for n in range(6)])
    (tmp_path / "appears").touch()
    (outcome,) = ended(executor, Waits(str(tmp_path)))
    assert outcome.status == DONE
    (pid,) = (tmp_path / "entered").read_text().split()
    assert (tmp_path / "waits0").read_text() == pid
    assert int(pid) not in _pids(tmp_path, 6)


def test_many_runs_wait_in_few_processes_and_each_goes_on_where_it_was(start: Any, ended: Any, tmp_path: Path) -> None:
    executor = start()
    tasks = [Waits(str(tmp_path), n) for n in range(20)]
    assert {outcome.status for outcome in ended(executor, *tasks)} == {PENDING}
    (tmp_path / "appears").touch()
    assert {outcome.status for outcome in ended(executor, *tasks)} == {DONE}
    entered = (tmp_path / "entered").read_text().split()
    assert len(entered) == 20
    assert len(set(entered)) <= 4
    assert Counter(entered) == Counter((tmp_path / f"waits{n}").read_text() for n in range(20))


def test_when_its_process_is_gone_a_run_starts_from_the_top(start: Any, ended: Any, tmp_path: Path) -> None:
    executor, task = start(), Waits(str(tmp_path))
    ended(executor, task)
    first = int((tmp_path / "entered").read_text())
    os.kill(first, 9)
    assert eventually(lambda: not is_there(first))
    (tmp_path / "appears").touch()
    executor.submit(Job(task, 2))
    (outcome,) = executor.poll()
    assert outcome.status == DONE
    assert len((tmp_path / "entered").read_text().split()) == 2

"""Checks in threads and in processes: the same answers in the same order as one by one."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.errors import BadOutput
from luigi.worker.checks.checks import AsyncCompletionException
from luigi.worker.checks.processes import CheckProcessDied, CheckProcesses
from luigi.worker.checks.threads import CheckThreads


class Numbered(luigi.Task):
    n = luigi.IntParameter()
    folder = luigi.Parameter(default="")

    def complete(self) -> bool:
        if self.n == 13:
            raise ValueError("thirteen")
        if self.n == 99:
            os._exit(7)
        if self.folder:
            Path(self.folder, str(os.getpid())).touch()
        return self.n % 2 == 0


class WrongOutput(luigi.Task):
    n = luigi.IntParameter()

    def output(self) -> Any:
        return self.n


class Stubborn(luigi.Task):
    """Cannot be pickled."""

    n = luigi.IntParameter()

    def __getstate__(self) -> Any:
        raise TypeError("no")

    def complete(self) -> bool:
        return True


def in_threads() -> CheckThreads:
    return CheckThreads(lambda task: task.complete(), 4)


def in_processes() -> CheckProcesses:
    return CheckProcesses(2)


@pytest.fixture(params=[in_threads, in_processes])
def crew(request: pytest.FixtureRequest) -> Any:
    """Both ways of checking at the same time."""
    crew = request.param()
    yield crew
    crew.close()


def test_each_task_gets_its_answer(crew: Any) -> None:
    tasks = [Numbered(n) for n in range(10)]
    crew.ask(tasks)
    assert [crew.answer(task) for task in tasks] == [True, False] * 5


def test_more_can_be_asked_later(crew: Any) -> None:
    for start in (0, 20, 40):
        tasks = [Numbered(n) for n in range(start, start + 5)]
        crew.ask(tasks)
        assert [crew.answer(task) for task in reversed(tasks)] == [task.n % 2 == 0 for task in reversed(tasks)]


def test_what_was_not_asked_has_no_answer(crew: Any) -> None:
    crew.ask([Numbered(1), Numbered(2)])
    assert crew.answer(Numbered(3)) is None


def test_an_error_is_raised_where_the_answer_is_wanted(crew: Any) -> None:
    crew.ask([Numbered(13), Numbered(14)])
    assert crew.answer(Numbered(14))
    with pytest.raises((ValueError, AsyncCompletionException), match="thirteen"):
        crew.answer(Numbered(13))


def test_closing_waits_for_nobody() -> None:
    release = threading.Event()
    threads = CheckThreads(lambda task: release.wait(), 2)
    threads.ask([Numbered(n) for n in range(5)])
    threads.close()
    assert not release.is_set()
    release.set()


def test_checks_run_at_the_same_time() -> None:
    together = threading.Barrier(4, timeout=30)
    threads = CheckThreads(lambda task: together.wait() >= 0, 4)
    tasks = [Numbered(n) for n in range(4)]
    threads.ask(tasks)
    assert all(threads.answer(task) for task in tasks)
    threads.close()


def test_ctrl_c_in_a_check_is_no_answer() -> None:
    def interrupted(task: luigi.Task) -> bool:
        raise KeyboardInterrupt

    threads = CheckThreads(interrupted, 1)
    threads.ask([Numbered(0)])
    with pytest.raises(KeyboardInterrupt):
        threads.answer(Numbered(0))
    threads.close()


# --- processes ---------------------------------------------------------------------------------------------------


@pytest.fixture
def processes() -> Any:
    """Two processes; none is left in the end."""
    processes = CheckProcesses(2)
    yield processes
    processes.close()
    assert not multiprocessing.active_children()


def test_checks_are_made_elsewhere(processes: CheckProcesses, tmp_path: Path) -> None:
    tasks = [Numbered(n, str(tmp_path)) for n in range(6)]
    processes.ask(tasks)
    for task in tasks:
        processes.answer(task)
    pids = {path.name for path in tmp_path.iterdir()}
    assert 1 <= len(pids) <= 2
    assert str(os.getpid()) not in pids


def test_what_cannot_be_pickled_is_checked_here(processes: CheckProcesses) -> None:
    tasks = [Stubborn(0), Numbered(2), Stubborn(1)]
    processes.ask(tasks)
    assert [processes.answer(task) for task in tasks] == [None, True, None]


def test_an_error_that_explains_itself_is_raised_here(processes: CheckProcesses) -> None:
    processes.ask([WrongOutput(1), WrongOutput(2)])
    assert processes.answer(WrongOutput(1)) is None
    with pytest.raises(BadOutput):
        WrongOutput(1).complete()


def test_a_process_that_dies_is_that_tasks_misfortune(processes: CheckProcesses) -> None:
    tasks = [Numbered(99), *(Numbered(n) for n in range(6)), Numbered(99, "again")]
    processes.ask(tasks)
    for task in (tasks[0], tasks[-1]):
        with pytest.raises(CheckProcessDied, match="exit code 7"):
            processes.answer(task)
    assert [processes.answer(task) for task in tasks[1:-1]] == [True, False] * 3


def test_closing_ends_a_check_under_way(processes: CheckProcesses, tmp_path: Path) -> None:
    processes.ask([Hanging(str(tmp_path)), Numbered(1)])
    processes.answer(Numbered(1))
    processes.close()
    assert not multiprocessing.active_children()


class Hanging(luigi.Task):
    folder = luigi.Parameter()

    def complete(self) -> bool:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        while True:
            signal.pause()


SCRIPT = """
import multiprocessing, sys
import luigi


class Leaf(luigi.Task):
    n = luigi.IntParameter()

    def complete(self):
        return self.n != 3


class Root(luigi.WrapperTask):
    def requires(self):
        return [Leaf(n) for n in range(5)]

    def complete(self):
        return False


def main():
    multiprocessing.set_start_method(sys.argv[1])
    worker = luigi.worker.Worker()
    print(worker.add(Root(), multiprocess=True, processes=2))
    print([seen.declared for seen in worker.record.seen.values()])
    print(multiprocessing.active_children())


GUARD
"""


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
@pytest.mark.parametrize("guard", ["if __name__ == '__main__': main()", "main()"])
def test_every_way_to_start_a_process(tmp_path: Path, method: str, guard: str) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.replace("GUARD", guard))
    ended = subprocess.run(
        [sys.executable, str(script), method], capture_output=True, text=True, timeout=60, check=False
    )
    declared = ["PENDING", "DONE", "DONE", "DONE", "PENDING", "DONE"]
    assert ended.stdout.splitlines()[-3:] == ["True", str(declared), "[]"], ended.stderr


class Unstartable(CheckProcesses):
    """Has no process to start."""

    def _start_one(self) -> None:
        self._do_with(0, "none is to be had")


def test_without_processes_everything_is_checked_here() -> None:
    processes = Unstartable(2)
    for start in (0, 5):
        tasks = [Numbered(n) for n in range(start, start + 3)]
        processes.ask(tasks)
        assert [processes.answer(task) for task in tasks] == [None] * 3
    processes.close()


def test_ctrl_c_ends_a_walk_whose_check_hangs(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(HANGS)
    for processes in ("0", "2"):
        child = subprocess.Popen([sys.executable, str(script), processes], stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        assert child.stdout.readline() == "checking\n"
        child.send_signal(signal.SIGINT)
        assert child.wait(30) != 0
        assert child.stdout.read() == ""
        child.stdout.close()


HANGS = """
import sys, threading
import luigi


class Leaf(luigi.Task):
    n = luigi.IntParameter()

    def complete(self):
        if self.n == 1:
            print("checking", flush=True)
            threading.Event().wait()
        return True


class Root(luigi.WrapperTask):
    def requires(self):
        return [Leaf(1), Leaf(2)]

    def complete(self):
        return False


if __name__ == "__main__":
    try:
        luigi.worker.Worker().add(Root(), multiprocess=True, processes=int(sys.argv[1]))
    except KeyboardInterrupt:
        raise SystemExit(1)
"""


def test_pids_of_children_are_gone(tmp_path: Path) -> None:
    processes = CheckProcesses(2)
    tasks = [Numbered(n, str(tmp_path)) for n in range(4)]
    processes.ask(tasks)
    for task in tasks:
        processes.answer(task)
    processes.close()
    for path in tmp_path.iterdir():
        with pytest.raises(ProcessLookupError):
            os.kill(int(path.name), 0)

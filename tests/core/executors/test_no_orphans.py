"""Whatever happens, no process is left: no defunct one, no grandchild, not even after `kill -9` of the worker."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from multiprocessing.managers import SyncManager
from pathlib import Path
from typing import Any, ClassVar

import pytest

import luigi
from luigi.clock import SYSTEM
from luigi.interfaces import Job
from luigi.task_status import DONE, FAILED

from .conftest import children, eventually, is_there


class Nothing(luigi.Task):
    """Does nothing."""

    n = luigi.IntParameter()


class Stubborn(luigi.Task):
    """Starts a `sleep` below a shell that does not listen to SIGTERM, and does not listen itself."""

    pids = luigi.Parameter()

    def run(self) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        shell = subprocess.Popen(["sh", "-c", "trap '' TERM; sleep 1000 & echo $!; wait"], stdout=subprocess.PIPE)
        assert shell.stdout is not None
        grandchild = int(shell.stdout.readline())
        Path(f"{self.pids}.new").write_text(f"{os.getpid()} {shell.pid} {grandchild}")
        Path(f"{self.pids}.new").rename(self.pids)
        shell.wait()


class LeavesOneBehind(luigi.Task):
    """Ends well, and leaves a process in the background."""

    pid = luigi.Parameter()

    def run(self) -> None:
        Path(self.pid).write_text(str(subprocess.Popen(["sleep", "30"]).pid))


class DiesAndLeavesOneBehind(LeavesOneBehind):
    """A process in the background that holds the pipe to the supervisor, and a crash."""

    def run(self) -> None:
        if not (pid := os.fork()):
            signal.pause()
        Path(self.pid).write_text(str(pid))
        os.kill(os.getpid(), signal.SIGKILL)


class KeepsAManager(LeavesOneBehind):
    """Shares things by multiprocessing, whose process ends with the one that has started it."""

    managers: ClassVar[list[SyncManager]] = []

    def run(self) -> None:
        self.managers.append(manager := multiprocessing.Manager())
        Path(self.pid).write_text(str(manager._process.pid))  # type: ignore[attr-defined]


@pytest.fixture
def pids(tmp_path: Path) -> Any:
    """Where tasks write which processes they have started, and what reads it."""

    class Pids:
        path = str(tmp_path / "pids")

        def read(self) -> list[int]:
            return [int(pid) for pid in Path(self.path).read_text().split()]

    return Pids()


def test_what_a_task_shares_by_multiprocessing_ends_with_its_process(start: Any, ended: Any, pids: Any) -> None:
    executor = start()
    with multiprocessing.get_context("fork").Manager() as ours:
        kept = ours.list([1])
        assert [outcome.status for outcome in ended(executor, KeepsAManager(pids.path))] == [DONE]
        executor.close()
        assert eventually(lambda: not is_there(pids.read()[0]))
        assert list(kept) == [1]  # that of this process is none of its business


def test_no_defunct_process_after_a_thousand_tasks(start: Any, ended: Any) -> None:
    others = len(children())  # a fork server that other tests have left behind
    executor = start(recycle_after_tasks=100)
    outcomes = ended(executor, *[Nothing(n) for n in range(1000)])
    assert {outcome.status for outcome in outcomes} == {DONE}

    def all_live() -> bool:
        executor.poll(0)
        states = children()
        return len(states) <= others + 3 and not [state for state in states if state.startswith("Z")]

    assert eventually(all_live), "two processes and their warden, and none that is defunct"
    executor.close()
    assert len(children()) == others


def test_a_task_that_listens_to_nothing_is_gone_with_all_it_started_within_timeout_and_grace(
    start: Any, pids: Any
) -> None:
    executor = start(kill_grace=0.5)
    executor.submit(Job(Stubborn(pids.path), 1, timeout=0.7))
    began = SYSTEM.monotonic()
    (outcome,) = executor.poll()
    took = SYSTEM.monotonic() - began
    assert outcome.status == FAILED
    assert "timed out" in (outcome.explanation or "")
    assert 1.1 < took < 3
    assert len(pids.read()) == 3
    assert eventually(lambda: not any(map(is_there, pids.read())), 2)


def test_others_go_on_meanwhile(start: Any, pids: Any) -> None:
    executor = start(kill_grace=2)
    executor.submit(Job(Stubborn(pids.path), 1, timeout=0.1))
    for n in range(5):
        executor.submit(Job(Nothing(n), n))
        (outcome,) = executor.poll()
        assert outcome.task == Nothing(n)


def test_closing_leaves_nothing(start: Any, pids: Any) -> None:
    executor = start(kill_grace=0.3)
    executor.submit(Job(Stubborn(pids.path), 1))
    executor.submit(Job(Nothing(1), 2))
    executor.poll()
    assert eventually(lambda: Path(pids.path).exists())
    executor.close()
    assert children() == []
    assert eventually(lambda: not any(map(is_there, pids.read())), 2)
    executor.close()


def test_what_a_task_leaves_behind_on_purpose_lives_on(start: Any, ended: Any, pids: Any) -> None:
    executor = start()
    ended(executor, LeavesOneBehind(pids.path))
    executor.close()
    (pid,) = pids.read()
    assert is_there(pid)
    os.kill(pid, signal.SIGKILL)


def test_what_a_crashed_task_leaves_behind_is_ended(start: Any, ended: Any, pids: Any) -> None:
    (outcome,) = ended(start(), DiesAndLeavesOneBehind(pids.path))
    assert "killed by SIGKILL" in (outcome.explanation or "")
    assert eventually(lambda: not any(map(is_there, pids.read())), 2)


PROGRAM = """
import sys
import luigi
from tests.core.executors.test_no_orphans import Stubborn
if __name__ == "__main__":
    luigi.build([Stubborn(path) for path in sys.argv[2:]], workers=2, local_scheduler=True, log_level="ERROR")
"""


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_kill_9_of_the_worker_leaves_nothing(tmp_path: Path, method: str) -> None:
    paths = [tmp_path / "one", tmp_path / "other"]
    Path(tmp_path, "luigi.cfg").write_text(f"[processes]\nstart_method = {method}\n")
    Path(tmp_path, "program.py").write_text(PROGRAM)
    root = Path(__file__).parents[3]
    worker = subprocess.Popen(
        [sys.executable, "program.py", method, *map(str, paths)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(root)},
        start_new_session=True,
    )
    assert eventually(lambda: all(path.exists() for path in paths), 30)
    worker.kill()
    worker.wait()
    left = [int(pid) for path in paths for pid in path.read_text().split()]
    assert len(left) == 6
    assert eventually(lambda: not any(map(is_there, left)))

"""What the supervisor sees to beside running jobs: events of what went wrong, giving up, jobs that cannot be sent."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.clock import SYSTEM
from luigi.executors import forking, ways
from luigi.interfaces import Job
from luigi.task_status import DONE, FAILED, PENDING

from .conftest import eventually


class Sleeps(luigi.Task):
    """Goes on until it is ended."""

    folder = luigi.Parameter()

    def run(self) -> None:
        Path(self.folder, "asleep").touch()
        threading.Event().wait(60)

    def on_failure(self, exception: BaseException) -> str:
        Path(self.folder, "on_failure").touch()
        return "never said"


class Crashes(Sleeps):
    """Takes its process with it."""

    def run(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


class Interrupts(luigi.Task):
    """Raises what Ctrl-C raises."""

    def run(self) -> None:
        raise KeyboardInterrupt


class Waits(luigi.Task):
    """Waits for what never comes, and is slow to give up."""

    folder = luigi.Parameter()
    slow = luigi.FloatParameter(default=0.0)

    def run(self) -> Generator[Any, Any, None]:
        try:
            yield Never()
        finally:
            threading.Event().wait(self.slow)
            Path(self.folder, "gave_up").touch()


class Never(luigi.ExternalTask):
    """Is never there."""

    def complete(self) -> bool:
        return False


class Unreadable(luigi.Task):
    """Can be pickled, and be read in the process that made it only."""

    folder = luigi.Parameter()
    home = os.getpid()

    def __reduce__(self) -> Any:
        return _read, (os.getpid(), self.folder)

    def run(self) -> None:
        Path(self.folder, "ran").touch()


def _read(home: int, folder: str) -> Unreadable:
    if home != os.getpid():
        raise LookupError("not at home")
    return Unreadable(folder)


@pytest.fixture
def told() -> Iterator[list[tuple[str, Any, str]]]:
    """The events of tasks in this process: name, task, what it is about."""
    seen: list[tuple[str, Any, str]] = []

    def listen(name: str) -> Any:
        def handler(task: Any, about: Any = "") -> None:
            seen.append((name, task, str(about)))

        return handler

    handlers = {name: listen(name) for name in ("TIMEOUT", "PROCESS_FAILURE", "FAILURE", "START")}
    for name, handler in handlers.items():
        luigi.Task.event_handler(getattr(luigi.Event, name))(handler)
    yield seen
    for name, handler in handlers.items():
        luigi.Task.remove_event_handler(getattr(luigi.Event, name), handler)


def test_a_timeout_is_an_event_here_and_nothing_else_is_told(
    start: Any, ended: Any, told: list[Any], tmp_path: Path
) -> None:
    task = Sleeps(str(tmp_path))
    (outcome,) = ended(start(), Job(task, 1, timeout=0.2))
    assert told == [("TIMEOUT", task, outcome.explanation)]
    assert outcome.explanation == f"Task {task.task_id} timed out: it ran longer than 0.2 seconds"
    assert not (tmp_path / "on_failure").exists()


def test_a_crash_is_an_event_here(start: Any, ended: Any, told: list[Any], tmp_path: Path) -> None:
    task = Crashes(str(tmp_path))
    (outcome,) = ended(start(), task)
    assert told == [("PROCESS_FAILURE", task, f"Task {task.task_id} died: its process was killed by SIGKILL")]
    assert outcome.explanation == told[0][2]


def test_ctrl_c_that_a_task_raises_is_its_failure(start: Any, ended: Any) -> None:
    (outcome,) = ended(start(), Interrupts())
    assert (outcome.status, outcome.explanation) == (FAILED, "its run() was interrupted")


def test_a_process_that_dies_idle_is_replaced(start: Any, ended: Any, tmp_path: Path, caplog: Any) -> None:
    executor = start()
    ended(executor, Waits(str(tmp_path)))
    (child,) = executor._crew
    os.kill(child.pid, signal.SIGKILL)
    assert eventually(lambda: executor.poll(0) == [] and not len(executor._crew))
    assert "a process that had nothing to do was killed by SIGKILL" in caplog.text
    assert not executor.cancel(Waits(str(tmp_path)).task_id)


class TestGivingUp:
    """A suspended run is given up."""

    def test_is_waited_for_but_not_for_ever(self, start: Any, ended: Any, tmp_path: Path) -> None:
        executor, task = start(kill_grace=0.2), Waits(str(tmp_path), slow=0.6)
        ended(executor, task)
        began = SYSTEM.monotonic()
        assert executor.cancel(task.task_id)
        assert 0.2 <= SYSTEM.monotonic() - began < 0.6
        assert eventually((tmp_path / "gave_up").exists)

    def test_while_another_runs_there_is_done_later(self, start: Any, ended: Any, tmp_path: Path) -> None:
        executor, task = start(), Waits(str(tmp_path))
        ended(executor, task, *[Waits(str(tmp_path / str(n))) for n in range(3)])
        sleeper = Sleeps(str(tmp_path))
        for n in range(2):
            executor.submit(Job(sleeper if n else Interrupts(), n))
        assert executor.cancel(task.task_id)
        assert executor.cancel(sleeper.task_id)
        while executor.capacity < 2:
            executor.poll()

    def test_a_job_that_waits_for_its_turn_comes_out_as_cancelled(self, start: Any, ended: Any, tmp_path: Path) -> None:
        executor, task = start(), Waits(str(tmp_path))
        ended(executor, task)
        home = executor._homes[task.task_id]
        home.job = Job(Interrupts(), 7)
        executor.submit(Job(task, 2))
        assert executor.cancel(task.task_id)
        home.job = None
        (outcome,) = executor.poll(0)
        assert (outcome.token, outcome.status) == (2, FAILED)
        assert "cancelled" in outcome.explanation


class TestWhatCannotBeSent:
    """Tasks that no other process can read."""

    def test_runs_in_a_fork_of_its_own(self, start: Any, ended: Any, tmp_path: Path) -> None:
        executor = start()
        (outcome,) = ended(executor, Unreadable(str(tmp_path)))
        assert outcome.status == DONE
        assert (tmp_path / "ran").exists()
        assert eventually(lambda: executor.poll(0) == [] and len(executor._crew) == 1), "the fork has gone"

    def test_without_forks_it_fails_and_says_why(
        self, start: Any, ended: Any, tmp_path: Path, monkeypatch: Any
    ) -> None:
        class Local(Sleeps):
            pass

        monkeypatch.setattr(ways, "CAN_FORK", False)
        for task, why in [(Local(str(tmp_path)), "Can't pickle"), (Unreadable(str(tmp_path)), "not at home")]:
            (outcome,) = ended(start(start_method="spawn"), task)
            assert outcome.status == FAILED
            assert why in outcome.explanation

    def test_what_it_yields_is_found_by_its_family(self, start: Any, ended: Any, tmp_path: Path) -> None:
        class Wanted(Never):
            n = luigi.IntParameter()

        class Local(luigi.Task):
            def run(self) -> Any:
                yield Wanted(n=3)

        (outcome,) = ended(start(), Local())
        assert (outcome.status, outcome.new_requirements) == (PENDING, [Wanted(n=3)])

    def test_yielding_what_cannot_be_sent_is_a_failure(self, start: Any, ended: Any) -> None:
        class Wanted(Never):
            thing = luigi.Parameter()

        class Local(luigi.Task):
            def run(self) -> Any:
                yield Wanted(thing=threading.Lock())

        (outcome,) = ended(start(), Local())
        assert (outcome.status, outcome.retriable) == (FAILED, False)
        assert "cannot be sent to another process" in outcome.explanation


def test_forking_happens_under_the_lock(start: Any) -> None:
    executor, ended = start(), threading.Event()

    def submit() -> None:
        executor.submit(Job(Never(), 1))
        ended.set()

    with forking.fork_lock:
        threading.Thread(target=submit).start()
        assert not ended.wait(0.1)
    assert ended.wait(10)
    executor.poll()

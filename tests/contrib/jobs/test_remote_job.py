"""What all jobs of other systems have in common: `luigi.contrib.remote_job`."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.contrib import remote_job
from luigi.contrib._jobs import parting
from luigi.contrib._jobs.program import ProgramMissing
from luigi.contrib.remote_job import JobFailed, JobState, RemoteJob, ending
from luigi.testing import FakeClock

RUNNING = JobState("RUNNING")
DONE = JobState("DONE", ended=True, succeeded=True)
BROKEN = JobState("BROKEN", ended=True, message="out of memory")


class Told(luigi.Task):
    """Keeps what is reported of it."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[Any] = []

    def set_tracking_url(self, tracking_url: str) -> None:
        self.said.append(tracking_url)

    def set_status_message(self, message: str) -> None:
        self.said.append(message)

    def set_progress_percentage(self, percentage: float) -> None:
        self.said.append(percentage)


class Scripted(RemoteJob):
    """A job of which it is known beforehand how it goes."""

    kind = "Scripted job"

    def __init__(self, *states: JobState | Exception) -> None:
        self.states = list(states)
        self.cancelled: list[str] = []

    def submit(self) -> str:
        return "7"

    def look(self, job_id: str) -> JobState:
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        if isinstance(state, Exception):
            raise state
        return state

    def cancel(self, job_id: str) -> None:
        self.cancelled.append(job_id)

    def last_output(self, job_id: str) -> str:
        return "its last words\n"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def test_a_job_is_looked_at_until_it_ends(clock: FakeClock) -> None:
    began = clock.monotonic()
    job = Scripted(RUNNING, RUNNING, RUNNING, DONE)
    assert remote_job.run(job, Told(), 5, clock) == "7"
    assert clock.monotonic() - began == 15
    assert not job.cancelled


def test_what_is_new_is_reported_once(clock: FakeClock) -> None:
    task = Told()
    task.said.clear()  # tasks are cached, this one from another test
    followed = JobState("RUNNING", percentage=10, tracking_url="http://job/7")
    remote_job.run(Scripted(RUNNING, followed, followed, followed._replace(percentage=60), DONE), task, 1, clock)
    assert task.said == ["Scripted job 7: RUNNING", "http://job/7", 10, 60, "Scripted job 7: DONE"]


def test_a_job_of_no_task_is_followed_all_the_same(clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "luigi-interface")
    assert remote_job.run(Scripted(RUNNING, DONE), None, 1, clock) == "7"
    assert caplog.messages[1:] == ["Scripted job 7: RUNNING", "Scripted job 7: DONE"]


def test_a_job_that_failed_raises_its_state_what_the_system_said_and_the_last_it_printed(clock: FakeClock) -> None:
    with pytest.raises(JobFailed) as error:
        remote_job.run(Scripted(RUNNING, BROKEN), Told(), 1, clock)
    assert str(error.value) == (
        "Scripted job 7 ended as BROKEN: out of memory\nthe last that it printed:\nits last words"
    )
    assert (error.value.status, error.value.output) == ("BROKEN", "its last words\n")


def test_a_system_that_is_away_for_a_while_costs_no_job(clock: FakeClock) -> None:
    job = Scripted(RUNNING, ConnectionError("away"), TimeoutError("slow"), RUNNING, DONE)
    assert remote_job.run(job, Told(), 5, clock) == "7"
    assert not job.cancelled


def test_a_system_that_stays_away_does_and_its_job_is_cancelled(clock: FakeClock) -> None:
    began, job = clock.monotonic(), Scripted(RUNNING, ConnectionError("away"))
    with pytest.raises(ConnectionError, match="away"):
        remote_job.run(job, Told(), 5, clock)
    assert job.cancelled == ["7"]
    assert clock.monotonic() - began >= remote_job.PATIENCE


def test_an_error_of_ours_cancels_the_job(clock: FakeClock) -> None:
    job = Scripted(RUNNING, ValueError("cannot be read"))
    with pytest.raises(ValueError, match="cannot be read"):
        remote_job.run(job, Told(), 5, clock)
    assert job.cancelled == ["7"]


def test_ctrl_c_cancels_the_job() -> None:
    class Interrupted(FakeClock):
        def sleep(self, seconds: float) -> None:
            raise KeyboardInterrupt

    job = Scripted(RUNNING)
    with pytest.raises(KeyboardInterrupt):
        remote_job.run(job, Told(), 5, Interrupted())
    assert job.cancelled == ["7"]


def test_a_task_that_is_ended_while_it_submits_takes_the_job_with_it(clock: FakeClock) -> None:
    class Slow(Scripted):
        def submit(self) -> str:
            os.kill(os.getpid(), signal.SIGTERM)
            return super().submit()

    job = Slow(RUNNING)
    before = signal.signal(signal.SIGTERM, lambda number, frame: None)
    try:
        with pytest.raises(SystemExit):
            remote_job.run(job, Told(), 5, clock)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert job.cancelled == ["7"]


def test_a_job_that_was_refused_has_nothing_to_cancel(clock: FakeClock) -> None:
    class Refused(Scripted):
        def submit(self) -> str:
            raise PermissionError("no quota")

    job = Refused(RUNNING)
    with pytest.raises(PermissionError, match="no quota"):
        remote_job.run(job, Told(), 5, clock)
    assert not job.cancelled


def test_a_job_that_cannot_be_cancelled_is_logged_and_does_not_hide_why(
    clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    class Stubborn(Scripted):
        def cancel(self, job_id: str) -> None:
            raise OSError("no route to host")

    with pytest.raises(ValueError, match="the reason"):
        remote_job.run(Stubborn(ValueError("the reason")), Told(), 5, clock)
    assert "may go on" in caplog.text
    assert "no route to host" in caplog.text


class TestEnding:
    """`ending` with signals; what it does with exceptions is above."""

    def test_a_signal_ends_it_and_is_then_handled_as_before(self) -> None:
        heard: list[object] = []
        with pytest.MonkeyPatch.context():
            before = signal.signal(signal.SIGTERM, lambda number, frame: heard.append("handled"))
            try:
                with pytest.raises(SystemExit) as left, ending(lambda: heard.append("ended")):
                    os.kill(os.getpid(), signal.SIGTERM)
                    signal.pause()
            finally:
                signal.signal(signal.SIGTERM, before)
        assert heard == ["ended", "handled"]
        assert left.value.code == 143

    def test_one_within_another_ends_both_the_inner_first(self) -> None:
        heard: list[str] = []
        before = signal.signal(signal.SIGTERM, lambda number, frame: None)
        try:
            with (
                pytest.raises(SystemExit),
                ending(lambda: heard.append("outer")),
                ending(lambda: heard.append("inner")),
            ):
                os.kill(os.getpid(), signal.SIGTERM)
                signal.pause()
        finally:
            signal.signal(signal.SIGTERM, before)
        assert heard == ["inner", "outer"]

    def test_a_second_signal_does_not_stop_the_ending(self) -> None:
        heard: list[str] = []

        def end() -> None:
            os.kill(os.getpid(), signal.SIGTERM)
            heard.append("ended")

        before = signal.signal(signal.SIGTERM, lambda number, frame: None)
        try:
            with pytest.raises(SystemExit), ending(end):
                os.kill(os.getpid(), signal.SIGTERM)
                signal.pause()
        finally:
            signal.signal(signal.SIGTERM, before)
        assert heard == ["ended"]

    def test_a_signal_while_an_error_is_handled_waits_and_is_not_lost(self) -> None:
        heard: list[str] = []

        def end() -> None:
            os.kill(os.getpid(), signal.SIGTERM)
            heard.append("ended")

        before = signal.signal(signal.SIGTERM, lambda number, frame: heard.append("handled"))
        try:
            with pytest.raises(SystemExit), ending(end):
                raise ValueError
        finally:
            signal.signal(signal.SIGTERM, before)
        assert heard == ["ended", "handled"]

    def test_where_the_signal_is_ignored_nothing_changes(self) -> None:
        before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
        try:
            with ending(lambda: pytest.fail("nothing to end")):
                os.kill(os.getpid(), signal.SIGTERM)
        finally:
            signal.signal(signal.SIGTERM, before)

    def test_what_goes_well_leaves_the_handler_as_it_was(self) -> None:
        before = signal.getsignal(signal.SIGTERM)
        with ending(lambda: pytest.fail("nothing to end")):
            assert signal.getsignal(signal.SIGTERM) != before
        assert signal.getsignal(signal.SIGTERM) == before

    def test_a_thread_goes_without_signals(self) -> None:
        heard: list[str] = []

        def work() -> None:
            with pytest.raises(ValueError), ending(lambda: heard.append("ended")):
                raise ValueError

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        assert heard == ["ended"]


def test_what_ends_several_jobs_runs_side_by_side(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parting, "PATIENCE", 60.0)
    other = tmp_path / "other"
    waits = f"for i in $(seq 300); do test -e {other} && exit 0; sleep 0.1; done; exit 1"
    parting.part(["sh", "-c", waits], ["touch", str(other)])


def test_what_ends_a_job_may_fail_or_be_missing() -> None:
    with pytest.raises(parting.PartingFailed, match="sh ended with exit code 3"):
        parting.part(["sh", "-c", "exit 3"])
    with pytest.raises(ProgramMissing, match="no-such-program-here"):
        parting.part(["no-such-program-here"])

"""Signs of life: they come by themselves, survive a server that fails, and end with the worker."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import luigi
import luigi.worker
from luigi.clock import SYSTEM
from luigi.scheduler import Scheduler
from luigi.worker import Worker
from luigi.worker.heartbeat import KeepAliveThread

PATIENCE = 10.0
"""Seconds until a sign of life counts as missing."""


class Doctor:
    """Listens. Each ping takes the next of `answers`: messages to give, or an exception to raise."""

    def __init__(self, *answers: Sequence[dict[str, Any]] | Exception) -> None:
        self.heard: list[str] = []
        self.threads: set[threading.Thread] = set()
        self._answers = list(answers)
        self._beaten = threading.Semaphore(0)

    def ping(self, worker: str) -> dict[str, Any] | None:
        self.heard.append(worker)
        self.threads.add(threading.current_thread())
        self._beaten.release()
        answer = self._answers.pop(0) if self._answers else None
        if isinstance(answer, Exception):
            raise answer
        return None if answer is None else {"rpc_messages": answer}

    def wait_for(self, beats: int) -> None:
        for _ in range(beats):
            assert self._beaten.acquire(timeout=PATIENCE), f"heard only {self.heard}"


def test_it_pings_in_a_thread_of_its_own_until_it_is_stopped() -> None:
    doctor = Doctor()
    thread = KeepAliveThread(doctor, "me", 0.001, pytest.fail)
    thread.start()
    doctor.wait_for(3)
    thread.stop()
    heard = len(doctor.heard)
    assert doctor.threads == {thread}
    assert thread.daemon
    assert not thread.is_alive()
    assert set(doctor.heard) == {"me"}
    assert len(doctor.heard) == heard


def test_one_that_was_never_started_can_be_stopped() -> None:
    KeepAliveThread(Doctor(), "me", 0.001, pytest.fail).stop()


def test_it_outlives_a_failing_server_and_says_so_once(caplog: pytest.LogCaptureFixture) -> None:
    doctor = Doctor(OSError("gone"), ValueError("still gone"), (), RuntimeError("gone again"))
    thread = KeepAliveThread(doctor, "me", 0.001, pytest.fail)
    thread.start()
    doctor.wait_for(6)
    thread.stop()
    said = [record.getMessage() for record in caplog.records]
    assert said == [f"A sign of life of this worker did not arrive: {what}" for what in ("gone", "gone again")]


def test_each_message_is_passed_on() -> None:
    doctor = Doctor([{"name": "a", "kwargs": {}}, {"name": "b", "kwargs": {"n": 2}}])
    passed: list[Any] = []
    thread = KeepAliveThread(doctor, "me", 0.001, passed.append)
    thread.start()
    doctor.wait_for(2)
    thread.stop()
    assert passed == [{"name": "a", "kwargs": {}}, {"name": "b", "kwargs": {"n": 2}}]


def test_nothing_is_forked_while_a_ping_is_on_its_way() -> None:
    locked: list[bool] = []

    class Looking(Doctor):
        def ping(self, worker: str) -> dict[str, Any] | None:
            locked.append(luigi.worker.fork_lock.locked())
            return super().ping(worker)

    doctor = Looking()
    thread = KeepAliveThread(doctor, "me", 0.001, pytest.fail)
    thread.start()
    doctor.wait_for(2)
    thread.stop()
    assert set(locked) == {True}


# --- messages ---------------------------------------------------------------------------------------------------


def test_a_worker_does_what_messages_say_and_no_more(caplog: pytest.LogCaptureFixture) -> None:
    class Told(Worker):
        told: list[str] = []

        @luigi.worker.rpc_message_callback
        def greet(self, name: str) -> None:
            self.told.append(name)

        def secret(self) -> None:
            self.told.append("secret")

    doctor = Doctor(
        [
            {"name": "greet", "kwargs": {"name": "Ann"}},
            {"name": "greet", "kwargs": {"nobody": "Bob"}},
            {"name": "secret", "kwargs": {}},
            {"name": "nowhere", "kwargs": {}},
            {"name": "set_worker_processes", "kwargs": {"n": 4}},
        ]
    )
    with Told(scheduler=doctor, worker_id="me", ping_interval=0.001) as worker:
        doctor.wait_for(2)
        doctor.wait_for(1)
    assert Told.told == ["Ann"]
    assert worker.worker_processes == 4
    said = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert said == [
        "The scheduler's message 'greet' could not be followed",
        "The scheduler sent a message 'secret', which this worker does not know",
        "The scheduler sent a message 'nowhere', which this worker does not know",
    ]


def test_there_is_always_one_process() -> None:
    worker = Worker(scheduler=Doctor())
    worker.set_worker_processes(-2)
    assert worker.worker_processes == 1


# --- workers ----------------------------------------------------------------------------------------------------


def test_a_scheduler_in_this_process_hears_of_processes_anyway() -> None:
    before = threading.active_count()
    with Worker(worker_processes=2):
        assert threading.active_count() == before


def test_a_worker_pings_a_scheduler_that_listens_while_it_is_there() -> None:
    doctor = Doctor()
    with Worker(scheduler=doctor, worker_id="me", ping_interval=0.001):
        doctor.wait_for(2)
    assert not any(thread.is_alive() for thread in doctor.threads)
    assert set(doctor.heard) == {"me"}


def test_a_worker_pings_at_the_configured_interval() -> None:
    doctor = Doctor()
    with Worker(scheduler=doctor, ping_interval=1000):
        pass
    assert doctor.heard == []


def test_a_worker_in_a_long_task_is_not_lost_to_another_of_the_same_program(tmp_path: Path) -> None:
    scheduler = Scheduler(resources={}, prune_on_get_work=True, worker_disconnect_delay=0.3)
    statuses: list[str] = []
    scheduler.watch(lambda changed, at: statuses.append(changed.after))

    class Long(luigi.Task):
        def output(self) -> luigi.LocalTarget:
            return luigi.LocalTarget(str(tmp_path / "long"))

        def run(self) -> None:
            until = SYSTEM.monotonic() + 1
            while SYSTEM.monotonic() < until:
                scheduler.exchange("other", [], 1)
            self.output().open("w").close()

    with Worker(scheduler, ping_interval=0.05) as worker:
        worker.add(Long())
        assert worker.run()
    assert statuses == ["PENDING", "RUNNING", "DONE"]

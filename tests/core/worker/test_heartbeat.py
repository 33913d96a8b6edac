"""Signs of life: they come by themselves, survive a server that fails, and end with the worker."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import pytest

from luigi.worker import Worker
from luigi.worker.heartbeat import Heartbeat

PATIENCE = 10.0
"""Seconds until a sign of life counts as missing."""


class Doctor:
    """Listens. Each ping takes the next of `answers`: messages to give, or an exception to raise."""

    def __init__(self, *answers: Sequence[dict[str, Any]] | Exception) -> None:
        self.heard: list[str] = []
        self.threads: set[threading.Thread] = set()
        self._answers = list(answers)
        self._beaten = threading.Semaphore(0)

    def ping(self, worker: str) -> Sequence[dict[str, Any]]:
        self.heard.append(worker)
        self.threads.add(threading.current_thread())
        self._beaten.release()
        answer = self._answers.pop(0) if self._answers else ()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def wait_for(self, beats: int) -> None:
        for _ in range(beats):
            assert self._beaten.acquire(timeout=PATIENCE), f"heard only {self.heard}"


def test_it_beats_in_a_thread_of_its_own_until_it_is_stopped() -> None:
    doctor = Doctor()
    heart = Heartbeat(doctor, "me", 0.001)
    heart.start()
    doctor.wait_for(3)
    heart.stop()
    heard = len(doctor.heard)
    (thread,) = doctor.threads
    assert thread.daemon
    assert not thread.is_alive()
    assert set(doctor.heard) == {"me"}
    assert len(doctor.heard) == heard


def test_it_outlives_a_failing_server_and_says_so_once(caplog: pytest.LogCaptureFixture) -> None:
    doctor = Doctor(OSError("gone"), ValueError("still gone"), (), RuntimeError("gone again"))
    heart = Heartbeat(doctor, "me", 0.001)
    heart.start()
    doctor.wait_for(6)
    heart.stop()
    said = [record.getMessage() for record in caplog.records]
    assert said == [f"A sign of life of this worker did not arrive: {what}" for what in ("gone", "gone again")]


def test_a_message_it_cannot_follow_is_named(caplog: pytest.LogCaptureFixture) -> None:
    doctor = Doctor([{"name": "set_worker_processes", "kwargs": {"n": 2}}])
    heart = Heartbeat(doctor, "me", 0.001)
    heart.start()
    doctor.wait_for(2)
    heart.stop()
    assert "set_worker_processes" in caplog.text


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

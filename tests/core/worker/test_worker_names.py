"""Luigi's names of `luigi.worker`: all there, and most of them loaded only when they are asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

import luigi.scheduler
import luigi.worker


@pytest.mark.parametrize("name", luigi.worker.__all__)
def test_each_is_there(name: str) -> None:
    assert getattr(luigi.worker, name) is not None


def test_others_are_not() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Wroker'"):
        luigi.worker.Wroker  # noqa: B018


def test_processes_are_loaded_when_they_are_asked_for() -> None:
    code = "import luigi.worker, sys; assert 'multiprocessing' not in sys.modules; luigi.worker.TaskProcess"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_what_a_call_for_work_brings() -> None:
    answer = luigi.worker.GetWorkResponse("task", [], 3, 2, 1, "active")
    assert answer._fields == (
        "task_id",
        "running_tasks",
        "n_pending_tasks",
        "n_unique_pending",
        "n_pending_last_scheduled",
        "worker_state",
    )


@pytest.mark.parametrize("name", ["PENDING", "DONE", "FAILED", "RUNNING", "DISABLED", "UNKNOWN", "BATCH_RUNNING"])
def test_the_scheduler_has_the_statuses_too(name: str) -> None:
    assert getattr(luigi.scheduler, name) == name

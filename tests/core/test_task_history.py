"""Luigi's shape of a history."""

from __future__ import annotations

import pytest

from luigi.task_history import NopHistory, StoredTask, TaskHistory
from luigi.telling import TaskFacts

LOAD = TaskFacts("Load_1", "Load", {"n": "1"})


def test_a_stored_task_says_what_is_kept_of_it() -> None:
    stored = StoredTask(LOAD, "RUNNING", host="h")
    assert (stored.task_family, stored.parameters, stored.status, stored.host) == ("Load", {"n": "1"}, "RUNNING", "h")
    assert stored.record_id is None


def test_a_history_has_all_three_calls() -> None:
    class Half(TaskHistory):
        def task_scheduled(self, task: object) -> None: ...

    with pytest.raises(TypeError, match="task_finished"):
        Half()  # type: ignore[abstract]


def test_keeping_nothing_takes_every_call() -> None:
    history = NopHistory()
    history.task_scheduled(LOAD)
    history.task_started(LOAD, "h")
    history.task_finished(LOAD, True)
    assert isinstance(history, TaskHistory)

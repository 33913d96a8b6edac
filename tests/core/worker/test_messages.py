"""What tasks and scheduler say to each other, in Luigi's classes."""

from __future__ import annotations

from queue import Empty
from typing import Any

import pytest

from luigi.worker.messages import DequeQueue, SchedulerMessage, TaskStatusReporter


class Recording:
    """A scheduler that keeps which of its methods were called."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *args, **kwargs: self.calls.append((name, *args, *kwargs.items()))


def test_a_message_is_its_text_and_can_be_answered() -> None:
    scheduler = Recording()
    message = SchedulerMessage(scheduler, "T", "m1", "stop", urgency=3)
    assert (str(message), message.content, message.payload) == ("stop", "stop", {"urgency": 3})
    assert message == "stop"
    assert message == SchedulerMessage(None, "other", "m2", "stop")
    assert message != "go"
    assert message in {"stop"}
    message.respond("stopping")
    assert scheduler.calls == [("add_scheduler_message_response", "T", "m1", "stopping")]


def test_a_reporter_uses_the_scheduler_s_methods() -> None:
    scheduler = Recording()
    queue = DequeQueue()
    reporter = TaskStatusReporter(scheduler, "T", "w", queue)
    reporter.update_tracking_url("http://here")
    reporter.update_status_message("half way")
    reporter.update_progress_percentage(50)
    reporter.decrease_running_resources({"db": 1})
    reporter.report_task_statistics({"rows": 42})
    assert reporter.scheduler_messages is queue
    assert scheduler.calls == [
        ("add_task", ("task_id", "T"), ("worker", "w"), ("status", "RUNNING"), ("tracking_url", "http://here")),
        ("set_task_status_message", "T", "half way"),
        ("set_task_progress_percentage", "T", 50),
        ("decrease_running_task_resources", "T", {"db": 1}),
        ("report_task_statistics", "T", {"rows": 42}),
    ]


def test_a_deque_is_a_queue_that_never_waits() -> None:
    queue = DequeQueue()
    assert queue.empty()
    queue.put(1)
    queue.put(2, block=True, timeout=5)
    assert not queue.empty()
    assert [queue.get(), queue.get(block=True, timeout=5)] == [1, 2]
    with pytest.raises(Empty):
        queue.get(timeout=60)

"""Messages are kept until their task runs, and never given to another."""

from __future__ import annotations

from typing import Any

import pytest

import luigi
from luigi.executors.frames import Deliver, Drop
from luigi.executors.mailbox import Mailbox
from luigi.interfaces import Message
from luigi.scheduler import Scheduler
from luigi.worker.context import Reporter


class Listens(luigi.Task):
    """Takes messages."""

    n = luigi.IntParameter()
    accepts_messages = True


def _message(task: luigi.Task, text: str) -> Deliver:
    return Deliver(task.task_id, Message("dispatch_scheduler_message", {"message_id": "m", "content": text}))


def _heard(reporter: Reporter) -> list[str]:
    queue: Any = reporter.scheduler_messages
    return [str(queue.get()) for _ in range(queue.qsize())]


@pytest.fixture
def reporter() -> Reporter:
    """What task 1 has around it."""
    return Reporter(Scheduler(resources={}), Listens(1), "w", 1)


def test_one_that_comes_first_is_kept_and_what_is_no_message_is_given_back(reporter: Reporter) -> None:
    mailbox = Mailbox()
    assert mailbox.sort_out([_message(Listens(1), "early"), Drop("T")]) == [Drop("T")]
    mailbox.open_for(reporter)
    mailbox.sort_out([_message(Listens(1), "late")])
    assert _heard(reporter) == ["early", "late"]


def test_another_s_is_dropped(reporter: Reporter) -> None:
    mailbox = Mailbox()
    mailbox.sort_out([_message(Listens(2), "too late")])
    mailbox.open_for(reporter)
    mailbox.sort_out([_message(Listens(2), "too late again")])
    assert _heard(reporter) == []


def test_after_the_end_nothing_is_delivered(reporter: Reporter) -> None:
    mailbox = Mailbox()
    mailbox.open_for(reporter)
    mailbox.close()
    mailbox.sort_out([_message(Listens(1), "too late")])
    assert _heard(reporter) == []

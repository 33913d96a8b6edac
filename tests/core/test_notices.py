"""What people are told of, and that it hurts nobody when telling them fails."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.interfaces import Notice
from luigi.notices import Notices
from luigi.scheduler.events import Changed
from luigi.task_status import DISABLED, DONE, FAILED, PENDING, RUNNING


class Mailbox:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.notices: list[Notice] = []

    def notify(self, notice: Notice) -> None:
        self.notices.append(notice)


class Broken:
    """Cannot pass anything on."""

    def notify(self, notice: Notice) -> None:
        raise ConnectionError("no mail server")


def test_a_task_given_up_is_told_to_everybody() -> None:
    boxes = [Mailbox(), Mailbox()]
    Notices(boxes).watch(Changed("a_task", "A", FAILED, DISABLED, "failed too often"))
    for box in boxes:
        assert box.notices == [Notice("a_task is disabled", "failed too often", "a_task")]


@pytest.mark.parametrize("after", [PENDING, RUNNING, DONE, FAILED])
def test_nothing_else_is_told(after: str) -> None:
    box = Mailbox()
    Notices([box]).watch(Changed("a_task", "A", RUNNING, after, "reported"))
    assert box.notices == []


def test_a_notifier_that_raises_is_logged_and_the_next_is_told(caplog: Any) -> None:
    box = Mailbox()
    Notices([Broken(), box]).watch(Changed("a_task", "A", FAILED, DISABLED, "failed too often"))
    assert len(box.notices) == 1
    assert "Broken did not pass on: a_task is disabled" in caplog.text
    assert "no mail server" in caplog.text

"""Messages: each is delivered once, to the worker it was for; numbered calls are answered alike and act once."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.interfaces import Message, Report
from luigi.scheduler import events
from luigi.scheduler.events import Assigned, Delivered, Refused, Repeated, Welcomed
from luigi.task_status import DONE, RUNNING

RESIZE = Message("set_worker_processes", {"n": 3})
HELLO = Message("dispatch_scheduler_message", {"task_id": "a", "message_id": "m1", "content": "hello"})


def send(bench: Any) -> None:
    bench.do(events.ProcessesSet("w", 3))
    bench.do(events.MessageSent("w", "a", "m1", "hello"))


def test_messages_are_delivered_once_in_order_with_the_next_sign_of_life(bench: Any) -> None:
    bench.do(events.Seen("w"))
    send(bench)
    assert bench.machine.has_messages("w")
    assert not bench.machine.has_messages("v")
    assert bench.do(events.Seen("w")) == [Delivered(RESIZE), Delivered(HELLO)]
    assert bench.do(events.Seen("w")) == []
    assert not bench.machine.has_messages("w")


def test_messages_for_one_worker_are_not_given_to_another(bench: Any) -> None:
    send(bench)
    assert bench.do(events.Seen("v")) == [Welcomed("v")]
    assert bench.machine.has_messages("w")


def test_a_message_for_a_worker_nobody_knows_waits_for_it(bench: Any) -> None:
    send(bench)
    assert bench.do(events.Seen("w")) == [Delivered(RESIZE), Delivered(HELLO)]


# --- numbered calls -------------------------------------------------------------------------------------------------


def call(bench: Any, number: int, *happened: Any) -> list[Any]:
    """What the service does with a numbered call."""
    effects = bench.do(events.Called("w", number))
    for event in () if effects and isinstance(effects[-1], Repeated) else happened:
        effects += bench.do(event)
    return effects  # type: ignore[no-any-return]


def test_a_call_under_the_same_number_is_answered_alike_and_acts_once(bench: Any) -> None:
    bench.declare("a")
    bench.declare("b")
    first = call(bench, 1, events.Asked("w", 1))
    second = call(bench, 1, events.Asked("w", 1))
    assert [one for one in first if isinstance(one, Assigned)] == second[:-1]
    assert second[-1] == Repeated()
    assert bench.take() == ["b"]


def test_a_new_number_begins_anew(bench: Any) -> None:
    bench.declare("a")
    bench.declare("b")
    call(bench, 1, events.Asked("w", 1))
    call(bench, 2, events.Asked("w", 1))
    assert [one.assignment.task_id for one in call(bench, 2)[:-1]] == ["b"]


def test_what_was_refused_or_delivered_is_so_again(bench: Any) -> None:
    bench.declare("a")
    bench.take()
    send(bench)
    stale = events.HandedIn("w", Report("a", 99, DONE))
    first = call(bench, 1, stale, events.Seen("w"))
    assert [type(one) for one in first] == [Refused, Delivered, Delivered]
    assert call(bench, 1, stale, events.Seen("w")) == [*first, Repeated()]


def test_a_late_copy_of_an_older_call_is_refused(bench: Any) -> None:
    bench.declare("a")
    call(bench, 1)
    call(bench, 2, events.Asked("w", 1))
    late = call(bench, 1, events.HandedIn("w", Report("a", bench.token("a"), DONE)))
    assert [type(one) for one in late] == [Refused, Repeated]
    assert bench.status("a") == RUNNING


def test_a_stranger_is_told_again_that_it_is_one(bench: Any) -> None:
    assert call(bench, 4) == [Welcomed("w")]
    assert call(bench, 4) == [Welcomed("w"), Repeated()]
    assert call(bench, 5) == []


@pytest.mark.parametrize("number", [1, 8])
def test_a_worker_that_was_lost_may_call_under_any_number(new_bench: Any, number: int) -> None:
    bench = new_bench(disconnect_delay=60)
    call(bench, 7)
    bench.tick(61)
    assert call(bench, number) == [Welcomed("w")]


def test_what_a_worker_does_without_numbers_is_not_remembered(bench: Any) -> None:
    bench.declare("a")
    bench.take()
    assert bench.machine.workers.get("w").answer == []

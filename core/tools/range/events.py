"""What range tasks tell of how far behind they are, for whoever wants an alert when nothing moves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from luigi.event import Event

if TYPE_CHECKING:
    from luigi.tools.range.base import RangeBase


class RangeEvent(Event):
    """The events of a range task, triggered each time it works out what is missing.

    Handlers get the family of the task that recurs, and a number. Register them on the range's class.
    """

    COMPLETE_COUNT = "event.tools.range.complete.count"  # handler(family, how many of the range are complete)
    COMPLETE_FRACTION = "event.tools.range.complete.fraction"  # handler(family, 0.0 to 1.0)
    DELAY = "event.tools.range.delay"  # handler(family, how many there are from the oldest missing one on)


def tell_progress(range_task: RangeBase, missing: Sequence[datetime], start: datetime, stop: datetime) -> None:
    """Trigger the events for a range that lacks `missing` (in order) between `start` and `stop`.

    They are about the whole range that was asked for: what is too far back to be looked at counts as complete.
    """
    first = range_task.parameter_to_datetime(range_task.start) if range_task.start else start
    last = range_task.parameter_to_datetime(range_task.stop) if range_task.stop else stop
    expected = range_task.finite_datetimes(first, last) if first <= last else []
    complete = len(expected) - len(missing)
    delay = sum(moment >= missing[0] for moment in expected) if missing else 0
    family = range_task.of_cls.task_family
    range_task.trigger_event(RangeEvent.DELAY, family, delay)
    range_task.trigger_event(RangeEvent.COMPLETE_COUNT, family, complete)
    range_task.trigger_event(RangeEvent.COMPLETE_FRACTION, family, complete / len(expected) if expected else 1.0)

"""The time-tables that come with the kernel, as types of triggers: by the calendar, and by the clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta, tzinfo
from typing import TYPE_CHECKING, Final

from luigi.plugin_settings import setting
from luigi.task_sections import about
from luigi.triggers.settings import NOTHING

if TYPE_CHECKING:
    from luigi.timetable import TimeTable

SECTION: Final = "trigger.NAME"
"""Where the options of a type stand, for a reader."""


@dataclass(frozen=True)
class CronSettings:
    """What a trigger of the type cron says beside."""

    cron: str = setting(help="minute, hour, day of the month, month, day of the week; or @daily and such")


@dataclass(frozen=True)
class IntervalSettings:
    """What a trigger of the type interval says beside."""

    every: timedelta = field(metadata={"help": "how long from one to the next, from midnight of 1 January 1970, UTC"})
    shift: timedelta = field(default=NOTHING, metadata={"help": "how much later than that all of it is"})


def cron(zone: tzinfo, settings: CronSettings) -> TimeTable:
    """Due by a cron expression. Raises BadOption."""
    from luigi.timetable import Cron

    with about("cron"):
        return Cron(settings.cron, zone)


def interval(zone: tzinfo, settings: IntervalSettings) -> TimeTable:
    """Due every so often. Raises BadOption."""
    from luigi.timetable import Every

    with about("every"):
        return Every(settings.every.total_seconds(), settings.shift.total_seconds(), zone)

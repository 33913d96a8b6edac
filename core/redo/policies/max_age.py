"""`max_age=1d`: a task is stale when it was done longer ago than that."""

from __future__ import annotations

import datetime
from operator import itemgetter
from typing import TYPE_CHECKING

from luigi.clock import SYSTEM, Clock
from luigi.errors import ConfigurationError
from luigi.parameter import TimeDeltaParameter
from luigi.redo.policies.times import Times, outputs_of

if TYPE_CHECKING:
    from luigi.redo.policy import Marks, Noted
    from luigi.task import Task


class BadAge(ConfigurationError):
    """The text behind `max_age=` is no duration."""

    def __init__(self, argument: str) -> None:
        super().__init__(f"max_age={argument} says no age that outputs may have", hint="max_age=1d, max_age=90m")


class MaxAge:
    """Goes by the oldest output that has a time; without one, by when the task last succeeded."""

    follows = False

    def __init__(self, argument: str, clock: Clock = SYSTEM) -> None:
        """`argument` is a duration. Raises BadAge."""
        try:
            self._limit = TimeDeltaParameter().parse(argument).total_seconds()
        except ValueError:
            raise BadAge(argument) from None
        if not argument or self._limit <= 0:
            raise BadAge(argument)
        self._argument = argument
        self._clock = clock
        self._times = Times()

    def stale(self, task: Task, noted: Noted | None) -> str | None:
        """Says from when what is too old."""
        outputs = self._times.dated(outputs_of(task))
        if outputs:
            at, what = min(outputs, key=itemgetter(0))
        elif noted is not None:
            at, what = noted.at, "it"
        else:
            return None
        if self._clock.now() - at <= self._limit:
            return None
        day = datetime.datetime.fromtimestamp(at).isoformat(" ", "seconds")
        return f"{what} is of {day}, older than {self._argument}"

    def note(self, task: Task) -> Marks | None:
        """That it was done, where no output is going to have a time."""
        return None if all(tells_time(target) for _, target in outputs_of(task)) else {}


def tells_time(target: object) -> bool:
    """Whether the target's file system knows when it was written."""
    from luigi.target import FileSystem

    fs = getattr(target, "fs", None)
    return isinstance(fs, FileSystem) and type(fs).modified_at is not FileSystem.modified_at

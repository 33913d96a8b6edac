"""ExternalDailySnapshot: data that comes from elsewhere day by day, of which the latest is wanted."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from typing import Any, ClassVar, Self

import luigi
from luigi.clock import SYSTEM
from luigi.errors import KernelError

logger = logging.getLogger("luigi-interface")

TWO_WEEKS = 14


class BadLookback(KernelError, ValueError):
    """No day at all was to be looked at."""

    def __init__(self, lookback: object) -> None:
        super().__init__(f"lookback is a number of days, and at least 1, not {lookback!r}")


class ExternalDailySnapshot(luigi.ExternalTask):
    """One day's snapshot of something that is not made here.

    Subclasses give `output()` and may add parameters; `requires()` of others gives `MySnapshot.latest()`.
    """

    date = luigi.DateParameter()

    _found: ClassVar[dict[tuple[luigi.Task, int], luigi.Task]] = {}

    @classmethod
    def latest(cls, *args: Any, **kwargs: Any) -> Self:
        """The newest snapshot there is, looking back from `date` (today) over `lookback` days (14).

        Other arguments are the task's parameters. Without any snapshot it is that of the first of these days. Asked
        again on the same day it gives the same, whatever has come since: `requires()` must not change its mind. Raises
        BadLookback, and as making the task and its `complete()` do.
        """
        lookback = kwargs.pop("lookback", TWO_WEEKS)
        if not isinstance(lookback, int) or lookback < 1:
            raise BadLookback(lookback)
        newest = cls(*args, **{"date": date.fromtimestamp(SYSTEM.now()), **kwargs})
        known = cls._found
        if (newest, lookback) not in known:
            known[newest, lookback] = newest._latest_of(lookback)
        return known[newest, lookback]  # type: ignore[return-value]  # the task of a class is found under it

    def _latest_of(self, lookback: int) -> Self:
        for back in range(lookback):
            snapshot: Self = self.clone(date=self.date - timedelta(days=back))
            if snapshot.complete():
                return snapshot
        logger.warning("there is no %s of the %d days up to %s", self.task_family, lookback, self.date)
        return snapshot

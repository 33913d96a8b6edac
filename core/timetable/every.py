"""Due every so many seconds, counted from midnight (UTC) of 1 January 1970: a restart does not shift it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from luigi.errors import ConfigurationError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Every:
    """A time-table with equal steps of elapsed time, `seconds` long. Every hour is on the hour, in UTC.

    `shift`: seconds by which all of it is later. `zone` is only what the moments it gives are told in.
    Raises ConfigurationError for steps shorter than a second.
    """

    seconds: float
    shift: float = 0.0
    zone: tzinfo = UTC

    def __post_init__(self) -> None:
        if not 1 <= self.seconds < float("inf"):
            raise ConfigurationError(f"every {self.seconds:g} seconds: it must be at least every second")

    def after(self, moment: datetime) -> datetime | None:
        """The end of the step that `moment` is in; None beyond the year 9999."""
        step = timedelta(seconds=self.seconds)
        start = EPOCH + timedelta(seconds=self.shift)
        try:
            return (start + ((moment - start) // step + 1) * step).astimezone(self.zone)
        except OverflowError:
            return None

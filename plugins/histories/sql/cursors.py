"""Where the following page of a list begins, as a text: what a caller keeps for us and gives back."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from luigi.history_reading import NoSuchPlace

LARGEST: Final = 2**31 - 1
"""The number of a row at most, as Luigi's tables have them. Databases refuse to look for a larger one."""

DIGITS: Final = 10


class Moment(NamedTuple):
    """The last event of a page of events in the order of time."""

    ts: datetime
    """In the machine's time zone, as Luigi keeps it."""
    event: int
    """Its row."""

    def written(self) -> str:
        """As a text."""
        return f"{self.ts.isoformat()}~{self.event}"


def moment(text: str) -> Moment:
    """What `Moment.written` wrote. Raises NoSuchPlace for anything else."""
    ts, _, event = text.partition("~")
    try:
        return Moment(datetime.fromisoformat(ts).replace(tzinfo=None), number(event))
    except ValueError:
        raise NoSuchPlace(text) from None


def number(text: str) -> int:
    """The number of a row. Raises NoSuchPlace for what is none."""
    if not (text.isascii() and text.isdigit() and len(text) <= DIGITS and int(text) <= LARGEST):
        raise NoSuchPlace(text)
    return int(text)

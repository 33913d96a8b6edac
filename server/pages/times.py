"""Times and durations as people read them: in the time zone of the server, as its logs have them."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import Final

from luigi.server.pages.html import Html, element

_UNITS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def moment(at: float | None) -> Html | None:
    """A time, to the second. `at` is in seconds since the epoch."""
    if at is None:
        return None
    local = datetime.fromtimestamp(at).astimezone()
    exact = local.isoformat(timespec="milliseconds")
    return element("time", f"{local:%Y-%m-%d %H:%M:%S}", datetime=exact, title=exact)


def duration(seconds: float | None) -> str:
    """How long, in the two largest units: `1 h 5 min`. A clock that was set back makes it no less than nothing."""
    if seconds is None:
        return ""
    if seconds < 10:
        return f"{max(0.0, seconds):.2f} s"
    whole = round(seconds)
    for (size, name), (smaller, below) in pairwise(_UNITS):
        if whole >= size:
            rest = whole % size // smaller
            return f"{whole // size} {name} {rest} {below}" if rest else f"{whole // size} {name}"
    return f"{whole} s"


def zone(at: float) -> str:
    """What times are meant in at that time: `CET (UTC+0100)`."""
    return datetime.fromtimestamp(at).astimezone().strftime("%Z (UTC%z)")

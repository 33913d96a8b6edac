"""Texts with places for moments: `{date:-1d}` is the day before.

Offsets are added one after another: years, months, weeks and days by the calendar of the moment's zone, hours, minutes
and seconds as time that passes. A brace that begins no field stands for itself, so JSON needs no care; `{{date}}` is
the text `{date}`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from luigi.errors import ConfigurationError, did_you_mean

FIELDS: Final[Mapping[str, str]] = {
    "date": "%Y-%m-%d",
    "datetime": "%Y-%m-%dT%H%M%S",
    "minute": "%Y-%m-%dT%H%M",
    "hour": "%Y-%m-%dT%H",
    "week": "%G-W%V",
    "month": "%Y-%m",
    "year": "%Y",
}
"""How each is written: as parameters of dates, weeks and times read it. Beside them `timestamp`, in seconds, and
`name`."""

ALL: Final = (*FIELDS, "timestamp", "name")

_FIELD = re.compile(r"\{(\{\w+(?::[^{}]*)?\})\}|\{([A-Za-z_]\w*)(?::([^{}]*))?\}")
_OFFSETS = re.compile(r"([+-]\d+(?:months?|min|[yYmwdhs]))+")
_OFFSET = re.compile(r"([+-]\d+)(months?|min|[yYmwdhs])")

_BY_CALENDAR: Final = {"y": "years", "m": "months", "w": "weeks", "d": "days"}
_BY_CLOCK: Final = {"h": "hours", "min": "minutes", "s": "seconds"}


def filled(text: str, moment: datetime, name: str = "") -> str:
    """The text with its fields in place, all about `moment`, which is aware; `name` is who asks for it.

    Raises ConfigurationError for a field or an offset that there is not, naming the nearest field.
    """
    return _FIELD.sub(lambda found: found[1] or _value(found[2], found[3] or "", moment, name), text)


def require_that_it_can_be_filled(text: str) -> None:
    """Raises ConfigurationError as `filled` would."""
    filled(text, datetime(2000, 6, 15, tzinfo=UTC))


def _value(field: str, offset: str, moment: datetime, name: str) -> str:
    if field not in ALL:
        hint = did_you_mean(field, ALL) or f"there are: {', '.join(ALL)}"
        raise ConfigurationError(f"no field {{{field}}} can be filled in", hint=hint)
    moved = _moved(moment, offset, field)
    if field == "name":
        return name
    return str(int(moved.timestamp())) if field == "timestamp" else moved.strftime(FIELDS[field])


def _moved(moment: datetime, offset: str, field: str) -> datetime:
    if not offset:
        return moment
    if not _OFFSETS.fullmatch(offset):
        hint = "write it as -1d, +2h or -1m-1d: y, m(onth), w, d, h, min, s"
        raise ConfigurationError(f"{{{field}:{offset}}}: {offset} is no offset", hint=hint)
    for amount, unit in _OFFSET.findall(offset):
        try:
            moment = _step(unit)(moment, int(amount))
        except (OverflowError, ValueError) as error:
            raise ConfigurationError(f"{{{field}:{offset}}} is beyond the years 1 to 9999") from error
    return moment


def _step(unit: str) -> Callable[[datetime, int], datetime]:
    if unit in _BY_CLOCK:
        return lambda moment, amount: (moment.astimezone(UTC) + timedelta(**{_BY_CLOCK[unit]: amount})).astimezone(
            moment.tzinfo
        )
    from dateutil.relativedelta import relativedelta

    by = _BY_CALENDAR[unit[0].lower()]
    return lambda moment, amount: moment + relativedelta(**{by: amount})  # type: ignore[arg-type]

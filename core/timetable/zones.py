"""Time zones by the names of the IANA database (Europe/Berlin, UTC), and when their clocks show a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from luigi.errors import ConfigurationError, did_you_mean

SECOND = timedelta(seconds=1)


def zone_named(name: str) -> tzinfo:
    """The zone. Raises ConfigurationError for a name that is none, naming the nearest."""
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError) as error:  # a folder, a path that leads out, a name that there is not
        raise _unknown(name) from error


def _unknown(name: str) -> ConfigurationError:
    from zoneinfo import available_timezones

    known = available_timezones()
    if not known:
        return ConfigurationError(f"no time zone {name}: there are none on this machine", hint="pip install tzdata")
    return ConfigurationError(
        f"no time zone {name}", hint=did_you_mean(name, known) or "for example Europe/Berlin, UTC"
    )


def instant(wall: datetime, zone: tzinfo, fold: int = 0) -> datetime | None:
    """When (in UTC) clocks of the zone show `wall`, the first time or (`fold` 1) the second; None when they never do.

    Where they show it once, both are the same.
    """
    moment = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
    return moment if moment.astimezone(zone).replace(tzinfo=None) == wall else None


def end_of_gap(wall: datetime, zone: tzinfo) -> datetime:
    """When (in UTC) clocks of the zone have just jumped over `wall`, to the second."""
    low, high = sorted(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    before = low.astimezone(zone).utcoffset()
    while high - low > SECOND:
        middle = low + (high - low) // (2 * SECOND) * SECOND
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high

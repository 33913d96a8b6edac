"""The limits of a scheduler's resources: those of `[resources]`, or those that a program gives it."""

from __future__ import annotations

from collections.abc import Mapping

from luigi.errors import ConfigurationError
from luigi.resource_limits import Limit, read_limit


def limits_of(given: Mapping[str, int | str] | None) -> Mapping[str, Limit]:
    """Limits by name; None for those of the configuration. Raises ConfigurationError for what is no limit."""
    if given is None:
        from luigi.configuration import get_config

        return get_config().getlimits("resources")
    return {name: _limit(name, value) for name, value in given.items()}


def _limit(name: str, value: int | str) -> Limit:
    try:
        return read_limit(value)
    except (ValueError, TypeError):
        hint = "it is a whole number, or a rate such as 10/minute"
        raise ConfigurationError(f"the resource {name} cannot have the limit {value!r}", hint=hint) from None


def windows_of(limits: Mapping[str, Limit]) -> dict[str, float]:
    """The windows of those that are rates, in seconds."""
    return {name: limit.window for name, limit in limits.items() if limit.window is not None}

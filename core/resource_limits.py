"""How much there is of a resource, as it is written: `4` at a time, or `10/minute`, begun in any minute."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

WINDOWS: Final[Mapping[str, float]] = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86400.0}
"""What a rate can be per, in seconds."""


class Limit(NamedTuple):
    """How much there is of a resource."""

    amount: int
    window: float | None = None
    """Of a rate: the seconds after which what was taken is there again. None where it is given back."""

    def __str__(self) -> str:
        return f"{self.amount}{per(self.window)}"


def read_limit(value: Any) -> Limit:
    """A limit as it is written. Raises ValueError and TypeError for anything else."""
    if not isinstance(value, str):
        return Limit(_whole(value))
    amount, slash, unit = value.partition("/")
    return Limit(int(amount), WINDOWS[_known(unit)] if slash else None)


def per(window: float | None) -> str:
    """What stands behind the amount of a rate: "/minute"; nothing where there is no window."""
    if window is None:
        return ""
    unit = next((unit for unit, seconds in WINDOWS.items() if seconds == window), None)
    return f"/{unit}" if unit else f"/{window:g} s"


def _whole(value: Any) -> int:
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        raise ValueError(value)
    return int(value)


def _known(unit: str) -> str:
    name = unit.strip().lower().removesuffix("s")
    if name not in WINDOWS:
        raise ValueError(unit)
    return name

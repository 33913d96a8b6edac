"""Who may see a parameter's value outside its task."""

from __future__ import annotations

import enum


class ParameterVisibility(enum.IntEnum):
    """Where a parameter's value is shown."""

    PUBLIC = 0
    """Everywhere."""
    HIDDEN = 1
    """Not on the page; kept in the task history."""
    PRIVATE = 2
    """Only inside the task: it is not sent to the scheduler."""

    @classmethod
    def has_value(cls, value: object) -> bool:
        """Whether `value` is one of the three levels, as a member or as its number."""
        return any(value == level for level in cls)

    def serialize(self) -> int:
        """The level's number, as the scheduler's protocol carries it."""
        return self.value

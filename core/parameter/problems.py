"""What can be wrong with a parameter's value: the warnings, and the error of a text that does not read."""

from __future__ import annotations

from luigi.errors import ParameterException


class UnconsumedParameterWarning(UserWarning):
    """The configuration gives a value to a parameter that the task does not have."""


class OptionalParameterTypeWarning(UserWarning):
    """An optional parameter was given something that is neither None nor of its type."""


class UnreadableValue(ParameterException, ValueError):
    """What `parse` and `normalize` raise: `value` is not `expected`.

    They know neither the parameter's name nor where the value came from: `Parameter.read` adds both.
    """

    def __init__(self, value: object, expected: str, reason: object = "") -> None:
        why = f": {reason}" if str(reason) else ""
        super().__init__(f"{value!r} is not {expected}{why}")
        self.value, self.expected, self.reason = value, expected, str(reason)

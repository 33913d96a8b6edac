"""A parameter for what nobody may see: a password, a token."""

from __future__ import annotations

from typing import Any, Unpack

from luigi.errors import ParameterException
from luigi.parameter.base import Parameter, ParameterKwargs, _no_value, _NoValueType
from luigi.parameter.visibility import ParameterVisibility


class SecretOnCommandLine(ParameterException):
    """A secret was given where every user of the machine can read it."""

    def __init__(self, flag: str, name: str) -> None:
        super().__init__(
            f"{flag} would show a secret to everybody who lists the machine's processes",
            hint=f"write it into the configuration, where it may stand for a variable: {name} = ${{NAME}}",
        )


class SecretParameter(Parameter[str]):
    """A text that the task alone sees: always private, and no part of the task's identity unless it is to be.

    It comes from the configuration, or from the program. A command line may not carry it.
    """

    def __init__(self, default: str | _NoValueType | None = _no_value, **kwargs: Unpack[ParameterKwargs]) -> None:
        """Raises ParameterException for another `visibility`."""
        if kwargs.setdefault("visibility", ParameterVisibility.PRIVATE) != ParameterVisibility.PRIVATE:
            raise ParameterException("a SecretParameter is private", hint="leave visibility away")
        kwargs.setdefault("significant", False)
        super().__init__(default=default, **kwargs)

    def read(self, x: Any, name: str, source: str = "") -> str:
        """As every parameter does. Raises SecretOnCommandLine for a text that came from there."""
        if source.startswith("--"):
            raise SecretOnCommandLine(source, name)
        return super().read(x, name, source)

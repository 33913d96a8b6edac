"""Parameters for one plain value: text, integer, float, yes or no, number in a range."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar, Unpack

from luigi.errors import ParameterException
from luigi.parameter.base import Parameter, ParameterKwargs, _no_value, _NoValueType
from luigi.parameter.problems import UnreadableValue

NumericalType = TypeVar("NumericalType", int, float)


class StrParameter(Parameter[str]):
    """A text."""

    def parse(self, x: Any) -> str:
        return str(x)


class IntParameter(Parameter[int]):
    """An integer."""

    def parse(self, x: Any) -> int:
        try:
            return int(x)
        except (ValueError, TypeError) as error:
            raise UnreadableValue(x, self.describe()) from error

    def next_in_enumeration(self, value: int) -> int:
        return value + 1

    def describe(self) -> str:
        return "an integer"


class FloatParameter(Parameter[float]):
    """A float."""

    def parse(self, x: Any) -> float:
        try:
            return float(x)
        except (ValueError, TypeError) as error:
            raise UnreadableValue(x, self.describe()) from error

    def describe(self) -> str:
        return "a number"


class BoolParameter(Parameter[bool]):
    """Yes or no; no unless a default says otherwise.

    `parsing` says what the command line takes. IMPLICIT_PARSING: a flag without a value, which says yes.
    EXPLICIT_PARSING: `--flag true` or `--flag false`; `--flag` alone says yes. A subclass may set it for all of its
    parameters, and so may a program: `luigi.BoolParameter.parsing = luigi.BoolParameter.EXPLICIT_PARSING`.
    """

    IMPLICIT_PARSING: Final = "implicit"
    EXPLICIT_PARSING: Final = "explicit"

    parsing: str = IMPLICIT_PARSING

    def __init__(
        self,
        default: bool | _NoValueType | None = _no_value,
        parsing: str | None = None,
        **kwargs: Unpack[ParameterKwargs],
    ) -> None:
        super().__init__(default=False if isinstance(default, _NoValueType) else default, **kwargs)
        self.parsing = self.__class__.parsing if parsing is None else parsing

    def parse(self, x: Any) -> bool:
        value = truth(x)
        if value is None:
            raise UnreadableValue(x, self.describe())
        return value

    def normalize(self, x: Any) -> Any:
        # What is neither becomes None, as in Luigi: programs use a None default for "not said".
        return x if x is True or x is False else truth(x)

    def describe(self) -> str:
        return "true or false"

    def texts(self) -> Sequence[str]:
        return ("true", "false")


def truth(x: Any) -> bool | None:
    """Whether `x`, a bool or the text of one, says yes; None when it says neither."""
    if isinstance(x, int) and x in (0, 1):
        return bool(x)
    return {"true": True, "false": False}.get(str(x).lower())


class NumericalParameter(Parameter[NumericalType]):
    """An integer or float within bounds; by default `min_value` belongs to the range and `max_value` does not.

    `left_op(min_value, x)` and `right_op(x, max_value)` must both hold: `operator.lt` or `operator.le`.
    """

    def __init__(
        self,
        default: NumericalType | _NoValueType | None = _no_value,
        *,
        var_type: Callable[[Any], NumericalType] | None = None,
        min_value: NumericalType | None = None,
        max_value: NumericalType | None = None,
        left_op: Callable[[Any, Any], bool] = operator.le,
        right_op: Callable[[Any, Any], bool] = operator.lt,
        **kwargs: Unpack[ParameterKwargs],
    ) -> None:
        if var_type is None or min_value is None or max_value is None:
            given = {"var_type": var_type, "min_value": min_value, "max_value": max_value}
            missing = [name for name, value in given.items() if value is None]
            raise ParameterException(f"{type(self).__name__} needs {', '.join(missing)}")
        self._var_type: Callable[[Any], Any] = var_type
        self._min_value: float = min_value
        self._max_value: float = max_value
        self._left_op, self._right_op = left_op, right_op
        self._permitted_range = self._range()
        super().__init__(default=default, **kwargs)  # type: ignore[arg-type]
        listed = f"permitted values: {self._permitted_range}"
        self.description = f"{self.description} {listed}" if self.description else listed

    def _range(self) -> str:
        left = "[" if self._left_op is operator.le else "("
        right = "]" if self._right_op is operator.le else ")"
        kind = getattr(self._var_type, "__name__", self._var_type)
        return f"{kind} in {left}{self._min_value}, {self._max_value}{right}"

    def parse(self, x: Any) -> NumericalType:
        try:
            value = self._var_type(x)
        except (ValueError, TypeError) as error:
            raise UnreadableValue(x, self.describe()) from error
        if not (self._left_op(self._min_value, value) and self._right_op(value, self._max_value)):
            raise UnreadableValue(x, self.describe())
        return value  # type: ignore[no-any-return]

    def describe(self) -> str:
        noun = "an integer" if self._var_type is int else "a number"
        return f"{noun} in {self._permitted_range.partition(' in ')[2]}"

"""Parameters whose value may be None, written as an empty text."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, Unpack, overload

from luigi.freezing import FrozenOrderedDict
from luigi.parameter.base import Parameter, ParameterKwargs, _no_value, _NoValueType
from luigi.parameter.choices import ChoiceParameter, ChoiceType
from luigi.parameter.collections import DictParameter, ListParameter, ListT, TupleParameter
from luigi.parameter.paths import PathParameter
from luigi.parameter.problems import OptionalParameterTypeWarning
from luigi.parameter.scalars import BoolParameter, FloatParameter, IntParameter, NumericalParameter, NumericalType

_OptT = TypeVar("_OptT")


class OptionalParameterMixin(Generic[_OptT]):
    """Makes None a value of the parameter type it is put before, and the default.

    `class OptionalDateParameter(OptionalParameterMixin, DateParameter): expected_type = datetime.date`
    """

    expected_type: type | tuple[type, ...] = type(None)
    """What a value that is not None must be an instance of; a task given another one warns."""

    def __init__(self, default: Any = None, **kwargs: Any) -> None:
        super().__init__(default=default, **kwargs)  # type: ignore[call-arg]

    if TYPE_CHECKING:

        def shown(self, value: object) -> object: ...

        @overload
        def __get__(self, instance: None, owner: Any) -> Self: ...
        @overload
        def __get__(self, instance: object, owner: Any) -> _OptT | None: ...
        def __get__(self, instance: Any, owner: Any) -> Any: ...

    def serialize(self, x: Any) -> str:
        """The text for `x`: empty for None."""
        return "" if x is None else super().serialize(x)  # type: ignore[misc]

    def parse(self, x: Any) -> Any:
        """The value that the text `x` stands for: None when it is empty."""
        return None if x is None or x == "" else super().parse(x)  # type: ignore[misc]

    def normalize(self, x: Any) -> Any:
        """The one form of `x` that a task keeps; None is its own."""
        return None if x is None else super().normalize(x)  # type: ignore[misc]

    def next_in_enumeration(self, value: Any) -> Any:
        """None: with None among them the values have no order, and a summary lists them one by one."""
        return None

    def _warn_on_wrong_param_type(self, param_name: str, param_value: Any) -> None:
        if param_value is None or isinstance(param_value, self.expected_type):
            return
        expected = self.expected_type
        if isinstance(expected, tuple):
            quoted = ", ".join(f'"{kind.__name__}"' for kind in expected)
            wanted = f"any type in [{quoted}]"
        else:
            wanted = f'type "{expected.__name__}"'
        warnings.warn(
            f'{type(self).__name__} "{param_name}" with value "{self.shown(param_value)}" is not of {wanted} or None.',
            OptionalParameterTypeWarning,
            stacklevel=2,
        )


class OptionalParameter(OptionalParameterMixin[str], Parameter[str | None]):
    """A text or None."""

    expected_type = str


class OptionalStrParameter(OptionalParameterMixin[str], Parameter[str | None]):
    """A text or None."""

    expected_type = str


class OptionalBoolParameter(OptionalParameterMixin[bool], BoolParameter):  # type: ignore[misc]
    """Yes, no or None."""

    expected_type = bool


class OptionalIntParameter(OptionalParameterMixin[int], IntParameter):  # type: ignore[misc]
    """An integer or None."""

    expected_type = int


class OptionalFloatParameter(OptionalParameterMixin[float], FloatParameter):  # type: ignore[misc]
    """A float or None."""

    expected_type = float


class OptionalDictParameter(OptionalParameterMixin[FrozenOrderedDict[Any, Any]], DictParameter):  # type: ignore[misc]
    """A mapping or None."""

    expected_type = FrozenOrderedDict


class OptionalListParameter(OptionalParameterMixin[ListT], ListParameter[ListT]):  # type: ignore[misc]
    """A list or None."""

    expected_type = tuple


class OptionalTupleParameter(OptionalParameterMixin[ListT], TupleParameter[ListT]):  # type: ignore[misc]
    """A tuple or None."""

    expected_type = tuple


class OptionalPathParameter(OptionalParameter, PathParameter):
    """A path or None."""

    expected_type = (str, Path)  # type: ignore[assignment]

    if TYPE_CHECKING:

        @overload  # type: ignore[override]
        def __get__(self, instance: None, owner: Any) -> Self: ...
        @overload
        def __get__(self, instance: object, owner: Any) -> Path | None: ...
        def __get__(self, instance: Any, owner: Any) -> Any: ...


class OptionalChoiceParameter(OptionalParameterMixin[ChoiceType], ChoiceParameter[ChoiceType]):  # type: ignore[misc]
    """One of `choices` or None. Unlike the other optional types it has no default of its own."""

    def __init__(
        self,
        default: ChoiceType | _NoValueType | None = _no_value,
        var_type: Callable[[Any], ChoiceType] | type[ChoiceType] = str,  # type: ignore[assignment]
        choices: Sequence[ChoiceType] | None = None,
        **kwargs: Unpack[ParameterKwargs],
    ) -> None:
        """Raises ParameterException without `choices`, or for a choice of another type."""
        super().__init__(default=default, var_type=var_type, choices=choices, **kwargs)
        if isinstance(self._var_type, type):
            self.expected_type = self._var_type


class OptionalNumericalParameter(OptionalParameterMixin[NumericalType], NumericalParameter[NumericalType]):  # type: ignore[misc]
    """A number in a range, or None. Unlike the other optional types it has no default of its own."""

    def __init__(
        self,
        default: NumericalType | _NoValueType | None = _no_value,
        *,
        var_type: Callable[[Any], NumericalType] | None = None,
        **kwargs: Any,
    ) -> None:
        """Raises ParameterException without `var_type`, `min_value` and `max_value`."""
        super().__init__(default=default, var_type=var_type, **kwargs)
        if isinstance(self._var_type, type):
            self.expected_type = self._var_type

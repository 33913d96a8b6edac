"""From a type hint to the type of parameter that holds its values: `int` to IntParameter, and so on."""

from __future__ import annotations

import collections.abc
import datetime
import types
import typing
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from luigi.date_interval import DateInterval
from luigi.freezing import FrozenOrderedDict
from luigi.parameter.base import Parameter, _no_value
from luigi.parameter.choices import ChoiceParameter, EnumParameter
from luigi.parameter.collections import DictParameter, ListParameter, TupleParameter
from luigi.parameter.dates import DateParameter
from luigi.parameter.durations import DateIntervalParameter, TimeDeltaParameter
from luigi.parameter.elements import TypedDictParameter, TypedListParameter, TypedTupleParameter
from luigi.parameter.optional import OptionalParameterMixin
from luigi.parameter.paths import PathParameter
from luigi.parameter.scalars import BoolParameter, FloatParameter, IntParameter, StrParameter
from luigi.parameter.tasks import TaskParameter
from luigi.parameter.times import DateSecondParameter

_PLAIN: dict[Any, type[Parameter[Any]]] = {
    bool: BoolParameter,
    int: IntParameter,
    float: FloatParameter,
    str: StrParameter,
    datetime.date: DateParameter,
    datetime.datetime: DateSecondParameter,
    datetime.timedelta: TimeDeltaParameter,
    Path: PathParameter,
    DateInterval: DateIntervalParameter,
}
_LISTS = (list, collections.abc.Sequence)
_MAPPINGS = (dict, collections.abc.Mapping)


class Recipe(NamedTuple):
    """How to make a parameter: its class, that class's own arguments, and what its values are instances of."""

    kind: type[Parameter[Any]]
    values: type | tuple[type, ...]
    arguments: dict[str, Any] = {}

    def make(self, default: Any = _no_value) -> Parameter[Any]:
        """A new parameter; without `default` a value must be given."""
        return self.kind(default=default, **self.arguments)

    def optional(self) -> Recipe:
        """The same for a value that may also be None."""
        if issubclass(self.kind, OptionalParameterMixin):
            return self
        return self._replace(kind=_optional(self.kind, self.values))  # type: ignore[arg-type]


@cache
def _optional(kind: type[Parameter[Any]], values: type | tuple[type, ...]) -> type[Parameter[Any]]:
    return type(f"Optional{kind.__name__}", (OptionalParameterMixin, kind), {"expected_type": values})


def recipe(hint: Any) -> Recipe | None:
    """How to make the parameter for values of `hint`, or None when there is none for them."""
    if isinstance(hint, type) and typing.get_origin(hint) is None:
        return _of_class(hint)
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return recipe(arguments[0])
    if origin is typing.Union or origin is types.UnionType:
        return _of_union(arguments)
    if origin is Literal:
        return _of_literal(arguments)
    if origin is type:
        return _of_task_class(arguments[0])
    if origin is not None:
        return _of_collection(origin, arguments)
    meant = getattr(hint, "__supertype__", None) or getattr(hint, "__value__", None)  # a NewType; a `type` alias
    return recipe(meant) if meant is not None else None


def _of_class(hint: type) -> Recipe | None:
    if hint in _PLAIN:
        # A path may be given as a text: the parameter makes a path of it before anyone looks.
        return Recipe(_PLAIN[hint], (float, int) if hint is float else hint)
    if issubclass(hint, Enum):
        return Recipe(EnumParameter, hint, {"enum": hint})
    if issubclass(hint, DateInterval):
        return Recipe(DateIntervalParameter, hint)
    if hint in _LISTS:
        return Recipe(ListParameter, tuple)
    if hint is tuple:
        return Recipe(TupleParameter, tuple)
    return Recipe(DictParameter, FrozenOrderedDict) if hint in _MAPPINGS else None


def _of_union(members: tuple[Any, ...]) -> Recipe | None:
    """`X | None` only: the text of a value does not say which of two types it means."""
    kinds = [member for member in members if member is not types.NoneType]
    found = recipe(kinds[0]) if len(kinds) == 1 else None
    return found.optional() if found is not None else None


def _of_literal(values: tuple[Any, ...]) -> Recipe | None:
    choices = [value for value in values if value is not None]
    kinds = {type(choice) for choice in choices}
    if len(kinds) != 1 or not kinds <= {str, int, bool}:
        return None
    kind = kinds.pop()
    found = Recipe(ChoiceParameter, kind, {"choices": choices, "var_type": kind})
    return found.optional() if None in values else found


def _of_task_class(hint: Any) -> Recipe | None:
    from luigi.task_register import Register

    return Recipe(TaskParameter, Register) if isinstance(hint, Register) else None


def _of_collection(origin: Any, arguments: tuple[Any, ...]) -> Recipe | None:
    if origin is tuple and arguments[-1:] != (Ellipsis,):
        return _of_places(arguments)
    inner = [recipe(argument) for argument in arguments if argument is not Ellipsis]
    made = [found.make() for found in inner if found is not None]
    if len(made) < len(inner):
        return None
    if origin in _MAPPINGS:
        return Recipe(TypedDictParameter, FrozenOrderedDict, {"key": made[0], "element": made[1]})
    if origin in _LISTS or origin is tuple:
        return Recipe(TypedListParameter, tuple, {"element": made[0]})
    return None


def _of_places(arguments: tuple[Any, ...]) -> Recipe | None:
    inner = [recipe(argument) for argument in arguments]
    made = [found.make() for found in inner if found is not None]
    if len(made) < len(inner):
        return None
    return Recipe(TypedTupleParameter, tuple, {"elements": made})

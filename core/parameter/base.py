"""The Parameter: what a task declares to be made with, read from text and written as text.

A parameter object belongs to the task class; the value is a plain attribute of the instance. A type of parameter
says how a text is read (`parse`), how a value is written (`serialize`, its inverse) and which form of equal values
is the one to keep (`normalize`).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, Self, overload

from luigi.errors import (
    DuplicateParameterException,
    KernelError,
    MissingParameterException,
    ParameterException,
    ParameterValueError,
    UnknownParameterException,
)
from luigi.parameter import resolution
from luigi.parameter.declaration import ConfigPath, ParameterKwargs, _no_value, _NoValueType
from luigi.parameter.problems import OptionalParameterTypeWarning, UnconsumedParameterWarning, UnreadableValue
from luigi.parameter.visibility import ParameterVisibility

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    T = TypeVar("T", default=str)
    # Statically a parameter fits any annotation: `n: int = luigi.IntParameter()` says what `self.n` will be.
    _AnyValue = Any
else:
    from typing import TypeVar

    T = TypeVar("T")
    _AnyValue = object

__all__ = [
    "ConfigPath",
    "DuplicateParameterException",
    "MissingParameterException",
    "OptionalParameterTypeWarning",
    "Parameter",
    "ParameterException",
    "ParameterKwargs",
    "ParameterValueError",
    "ParameterVisibility",
    "T",
    "UnconsumedParameterWarning",
    "UnknownParameterException",
    "UnreadableValue",
    "_NoValueType",
    "_no_value",
]


class Parameter(Generic[T], _AnyValue):  # type: ignore[misc]
    """A text, and the base of all other types of parameter.

    A type of one's own overrides `parse`, and `serialize` and `normalize` where `str()` and the value itself will not
    do.
    """

    _counter: int = 0
    """How many parameters were made before this one: tasks take positional arguments in this order."""

    from_annotation: bool = False
    """Whether a plain annotation declared it (`n: int`)."""

    def __init__(
        self,
        default: T | _NoValueType | None = _no_value,
        is_global: bool = False,
        significant: bool = True,
        description: str | None = None,
        config_path: Mapping[str, str] | None = None,
        positional: bool = True,
        always_in_help: bool = False,
        batch_method: Callable[[Iterable[Any]], Any] | None = None,
        visibility: ParameterVisibility = ParameterVisibility.PUBLIC,
    ) -> None:
        """Declare a parameter.

        `default`: its value when none is given; without one, a value must be given.
        `significant`: whether it takes part in the task's identity. `description`: its line in the help.
        `config_path`: a second place in the configuration to look at, after `[Family] name`.
        `positional`: whether the constructor takes it by position. `always_in_help`: show it in every task's help.
        `batch_method`: makes one value of many, so that tasks that differ in it alone can run as one.
        `visibility`: who may see its value. `is_global` is obsolete and means `positional=False`.

        Raises ParameterException for a config_path without section and name.
        """
        if is_global:
            warnings.warn("is_global has no effect but positional=False", DeprecationWarning, stacklevel=2)
            positional = False
        if config_path is not None and not {"section", "name"} <= set(config_path):
            raise ParameterException(
                f"config_path={config_path!r} does not say which option it means",
                hint='write config_path={"section": …, "name": …}',
            )
        self._default = default
        self._config_path = config_path
        self._batch_method = batch_method
        self.significant = significant
        self.positional = positional
        self.description = description
        self.always_in_help = always_in_help
        self.visibility = visibility if ParameterVisibility.has_value(visibility) else ParameterVisibility.PUBLIC
        self._take_next_place()

    def _take_next_place(self) -> None:
        Parameter._counter += 1
        self._counter = Parameter._counter

    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: Any) -> Self: ...
        @overload
        def __get__(self, instance: object, owner: Any) -> T: ...
        def __get__(self, instance: Any, owner: Any) -> Any: ...
        def __set__(self, instance: object, value: T) -> None: ...

    # --- text and value ----------------------------------------------------------------------------------------

    def parse(self, x: str) -> T:
        """The value that the text `x` stands for.

        A TOML file gives numbers, dates, lists and tables as they are: the types of parameter that mean those take
        them too. Raises a ValueError when `x` cannot be read.
        """
        return x  # type: ignore[return-value]

    def serialize(self, x: T) -> str:
        """The text for `x` that `parse` reads back."""
        return str(x)

    def normalize(self, x: T) -> T:
        """The one form of `x` that a task keeps, whatever equal form it was given."""
        return x

    def next_in_enumeration(self, value: T) -> T | None:
        """The value that follows `value`, or None for a type without an order of its own."""
        return None

    def describe(self) -> str:
        """What a value of this type is, to follow "is not": "an integer", "a date like 2013-07-04"."""
        return "a text"

    def texts(self) -> Sequence[str]:
        """How each value is written, where there are only few; nothing otherwise."""
        return ()

    def read(self, x: Any, name: str, source: str = "") -> T:
        """`parse(x)`, its failure told as a ParameterValueError that names the parameter and where `x` came from."""
        try:
            return self.parse(x)
        except ParameterValueError:
            raise
        except UnreadableValue as error:
            raise self._told(name, x, error.expected, source, error.reason) from self._cause(error)
        except (ValueError, TypeError, LookupError, AttributeError, KernelError) as error:
            raise self._told(name, x, self.describe(), source, str(error)) from self._cause(error)

    def _told(self, name: str, value: object, expected: str, source: str, reason: str) -> ParameterValueError:
        """The error of a value that cannot be; of a private one it shows nothing."""
        return ParameterValueError(name, self.shown(value), expected, source, "" if self._is_private() else reason)

    def _cause(self, error: Exception) -> Exception | None:
        return None if self._is_private() else error

    def _is_private(self) -> bool:
        return self.visibility == ParameterVisibility.PRIVATE

    def shown(self, value: object) -> object:
        """What logs and errors may show of `value`: a private parameter's is `***`."""
        return "***" if self._is_private() else value

    # --- resolution --------------------------------------------------------------------------------------------

    def value_source(self, task_family: str, param_name: str) -> tuple[Any, str] | None:
        """The value a task of `task_family` gets when it is given none, as it was written, and where that was.

        None when neither command line nor configuration has one and the parameter has no default.
        """
        given = resolution.given(task_family, param_name, self._config_path)
        if given is not None:
            return given.value, given.origin()
        return None if self._default is _no_value else (self._default, "default")

    def resolve(self, task_family: str, param_name: str) -> T | _NoValueType:
        """The value a task of `task_family` gets when it is given none, or `_no_value` when there is none.

        Raises ParameterValueError for one that cannot be read.
        """
        given = resolution.given(task_family, param_name, self._config_path)
        if given is not None:
            return self._normalized(self.read(given.value, param_name, given.origin()), param_name, given)
        default = self._default
        if default is _no_value or type(self).normalize is Parameter.normalize:
            return default  # type: ignore[return-value]
        return self._normalized(default, param_name, None)

    def _normalized(self, value: Any, name: str, given: resolution.Given | None) -> T:
        try:
            return self.normalize(value)
        except UnreadableValue as error:
            source = "default" if given is None else given.origin()
            raise self._told(name, error.value, error.expected, source, error.reason) from self._cause(error)

    def has_task_value(self, task_name: str, param_name: str) -> bool:
        """Whether a task of family `task_name` can be made without being given this parameter."""
        if self._default is not _no_value:
            return True
        return resolution.given(task_name, param_name, self._config_path) is not None

    def task_value(self, task_name: str, param_name: str) -> T:
        """The value a task of family `task_name` gets when it is given none.

        Raises MissingParameterException when there is none, ParameterValueError for one that cannot be read.
        """
        value = self.resolve(task_name, param_name)
        if value is _no_value:
            raise MissingParameterException(f"{task_name}: parameter {param_name} has no default and was not given")
        return value  # type: ignore[return-value]

    # --- batches and checks ------------------------------------------------------------------------------------

    def _is_batchable(self) -> bool:
        return self._batch_method is not None

    def _parse_list(self, xs: Sequence[str]) -> T:
        """One value for a batch of tasks, made by the batch method of all of theirs."""
        if self._batch_method is None:
            raise NotImplementedError("this parameter has no batch_method")
        if not xs:
            raise ValueError("a batch has at least one value")
        return self._batch_method(map(self.parse, xs))  # type: ignore[no-any-return]

    def _warn_on_wrong_param_type(self, param_name: str, param_value: Any) -> None:
        """Warn when a task is made with a value that a mere `Parameter`, which is for texts, cannot give back."""
        if type(self) is Parameter and not isinstance(param_value, str):
            shown = self.shown(param_value)
            warnings.warn(f'Parameter "{param_name}" with value "{shown}" is not of type string.', stacklevel=2)

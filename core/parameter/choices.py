"""Parameters for one or some of a few known values: members of an enum, or a list of choices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any, Self, Unpack, overload

from luigi.errors import ParameterException
from luigi.parameter.base import Parameter, ParameterKwargs, _no_value, _NoValueType
from luigi.parameter.problems import UnreadableValue
from luigi.parameter.scalars import truth

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    ChoiceType = TypeVar("ChoiceType", default=str)
else:
    from typing import TypeVar

    ChoiceType = TypeVar("ChoiceType")

EnumParameterType = TypeVar("EnumParameterType", bound=Enum)

_SEPARATOR = ","


class EnumParameter(Parameter[EnumParameterType]):
    """A member of an enum, written by its name."""

    def __init__(
        self,
        default: EnumParameterType | _NoValueType | None = _no_value,
        *,
        enum: type[EnumParameterType] | None = None,
        **kwargs: Unpack[ParameterKwargs],
    ) -> None:
        """Raises ParameterException without an `enum`."""
        self._enum = _required(enum)
        super().__init__(default=default, **kwargs)

    def parse(self, x: Any) -> EnumParameterType:
        return _member(self._enum, x)

    def serialize(self, x: Any) -> str:
        return str(x) if x is None else x.name

    def describe(self) -> str:
        return _one_of(self._enum.__members__)

    def texts(self) -> Sequence[str]:
        return list(self._enum.__members__)


class EnumListParameter(Parameter[tuple[EnumParameterType, ...]]):
    """Members of an enum, written by their names with commas between. A task keeps them as a tuple."""

    _sep = _SEPARATOR

    def __init__(
        self,
        default: Sequence[EnumParameterType] | _NoValueType | None = _no_value,
        *,
        enum: type[EnumParameterType] | None = None,
        **kwargs: Unpack[ParameterKwargs],
    ) -> None:
        """Raises ParameterException without an `enum`."""
        self._enum = _required(enum)
        super().__init__(default=default, **kwargs)  # type: ignore[arg-type]

    def parse(self, x: Any) -> tuple[EnumParameterType, ...]:
        return tuple(_member(self._enum, piece) for piece in _pieces(x, self._sep))

    def serialize(self, x: Any) -> str:
        return str(x) if x is None else self._sep.join(member.name for member in x)

    def normalize(self, x: Any) -> Any:
        return tuple(x) if isinstance(x, list) else x

    def describe(self) -> str:
        return f"a list, with commas between, of {', '.join(self._enum.__members__)}"


class ChoiceParameter(Parameter[ChoiceType]):
    """One of `choices`, all of them of the type `var_type`, which also reads a text."""

    def __init__(
        self,
        default: ChoiceType | _NoValueType | None = _no_value,
        *,
        choices: Sequence[ChoiceType] | None = None,
        var_type: Callable[[Any], ChoiceType] | type[ChoiceType] = str,  # type: ignore[assignment]
        **kwargs: Unpack[ParameterKwargs],
    ) -> None:
        """Raises ParameterException without `choices`, or for a choice of another type."""
        if choices is None:
            raise ParameterException("a ChoiceParameter needs choices", hint='write choices=["a", "b"]')
        if isinstance(default, type) and default not in choices:
            # The old order of arguments: ChoiceParameter(int, choices=[1, 2]).
            default, var_type = _no_value, default  # type: ignore[assignment]
        self._var_type = var_type
        self._read: Callable[[Any], Any] = var_type
        self._by_text = {self._text(choice): choice for choice in choices}
        self._choices = set(choices)
        super().__init__(default=default, **kwargs)
        self._check_types()
        listed = f"Choices: {{{', '.join(self._by_text)}}}"
        self.description = f"{self.description} {listed}" if self.description else listed

    def _check_types(self) -> None:
        for choice in self._by_text.values():
            if isinstance(self._var_type, type) and not isinstance(choice, self._var_type):
                raise ParameterException(
                    f"choice {choice!r} is a {type(choice).__name__}, not a {self._var_type.__name__}",
                    hint=f"say var_type={type(choice).__name__}",
                )

    def _text(self, choice: ChoiceType) -> str:
        return str(choice)

    def parse(self, x: Any) -> ChoiceType:
        return self._choice(x)

    def _choice(self, x: Any) -> ChoiceType:
        if isinstance(x, str) and x in self._by_text:
            return self._by_text[x]
        try:
            value = truth(x) if self._var_type is bool else self._read(x)
        except (ValueError, TypeError) as error:
            raise UnreadableValue(x, _one_of(self._by_text)) from error
        if value not in self._choices:
            raise UnreadableValue(x, _one_of(self._by_text))
        return value

    def _checked(self, x: Any) -> ChoiceType:
        if x not in self._choices:
            raise UnreadableValue(x, _one_of(self._by_text))
        return x  # type: ignore[no-any-return]

    def normalize(self, x: ChoiceType) -> ChoiceType:
        return self._checked(x)

    def describe(self) -> str:
        return _one_of(self._by_text)

    def texts(self) -> Sequence[str]:
        return list(self._by_text)


class ChoiceListParameter(ChoiceParameter[ChoiceType]):
    """Some of `choices`, written with commas between. A task keeps them as a tuple."""

    _sep = _SEPARATOR

    def __init__(
        self,
        default: Sequence[ChoiceType] | _NoValueType | None = _no_value,
        var_type: Callable[[Any], ChoiceType] | type[ChoiceType] = str,  # type: ignore[assignment]
        choices: Sequence[ChoiceType] | None = None,
        **kwargs: Unpack[ParameterKwargs],
    ) -> None:
        """Raises ParameterException without `choices`, or for a choice of another type."""
        super().__init__(default=default, var_type=var_type, choices=choices, **kwargs)  # type: ignore[arg-type]

    if TYPE_CHECKING:

        @overload  # type: ignore[override]
        def __get__(self, instance: None, owner: Any) -> Self: ...
        @overload
        def __get__(self, instance: object, owner: Any) -> tuple[ChoiceType, ...]: ...
        def __get__(self, instance: Any, owner: Any) -> Any: ...

    def parse(self, x: Any) -> tuple[ChoiceType, ...]:  # type: ignore[override]
        return tuple(self._choice(piece) for piece in _pieces(x, self._sep))

    def normalize(self, x: Iterable[ChoiceType]) -> tuple[ChoiceType, ...]:  # type: ignore[override]
        return tuple(self._checked(choice) for choice in x)

    def serialize(self, x: Iterable[ChoiceType]) -> str:  # type: ignore[override]
        return self._sep.join(self._text(choice) for choice in x)

    def describe(self) -> str:
        return f"a list, with commas between, of {', '.join(self._by_text)}"


def _required(enum: type[EnumParameterType] | None) -> type[EnumParameterType]:
    if enum is None:
        raise ParameterException("a parameter for members of an enum needs the enum", hint="write enum=YourEnum")
    return enum


def _member(enum: type[EnumParameterType], x: Any) -> EnumParameterType:
    if isinstance(x, enum):
        return x
    try:
        return enum[x]
    except (KeyError, TypeError) as error:
        raise UnreadableValue(x, _one_of(enum.__members__)) from error


def _pieces(x: Any, separator: str) -> Sequence[Any]:
    """The elements of a text with separators, or of a list as a TOML file has it."""
    if isinstance(x, list | tuple):
        return x
    return str(x).split(separator) if x else ()


def _one_of(names: Iterable[str]) -> str:
    return f"one of {', '.join(names)}"

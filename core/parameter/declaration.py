"""What a parameter is declared with: the types of its arguments, and the sentinel for no default."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypedDict, final

from luigi.parameter.visibility import ParameterVisibility


class ConfigPath(TypedDict):
    """Another place of the configuration where a parameter's value may stand."""

    section: str
    name: str


@final
class _NoValueType:
    """The type of `_no_value`, which stands where no value was given: None can be a value."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<no_value>"

    def __reduce__(self) -> str:
        return "_no_value"


_no_value: Final = _NoValueType()


class ParameterKwargs(TypedDict, total=False):
    """The arguments that every type of parameter takes by name."""

    is_global: bool
    significant: bool
    description: str | None
    config_path: Mapping[str, str] | None
    positional: bool
    always_in_help: bool
    batch_method: Callable[[Iterable[Any]], Any] | None
    visibility: ParameterVisibility

"""Parameters for many values in one: a mapping, a list, a tuple, written as JSON."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Unpack

from luigi.freezing import FrozenOrderedDict, recursively_freeze, recursively_unfreeze
from luigi.parameter.base import Parameter, ParameterKwargs, _no_value
from luigi.parameter.problems import UnreadableValue

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    DictT = TypeVar("DictT", bound=dict[Any, Any], default=dict[Any, Any])
    ListT = TypeVar("ListT", bound=tuple[Any, ...], default=tuple[Any, ...])
else:
    from typing import TypeVar

    DictT = TypeVar("DictT", bound=dict)
    ListT = TypeVar("ListT", bound=tuple)


class DictParameter(Parameter[DictT]):
    """A mapping, written as a JSON object. A task keeps it as a `FrozenOrderedDict`, all the way down.

    `schema` is a JSON schema, or a validator of the jsonschema package, that the value must satisfy.
    """

    def __init__(
        self,
        default: Any = _no_value,
        *,
        schema: Any = None,
        **kwargs: Unpack[ParameterKwargs],
    ) -> None:
        super().__init__(default=default, **kwargs)
        self.schema = _usable(schema)

    def parse(self, x: Any) -> DictT:
        """The mapping that the JSON text `x` holds; a mapping is itself, as a TOML file has it. `null` is None."""
        value = _load(x, self) if isinstance(x, str) else x
        if not isinstance(value, Mapping | None):
            raise UnreadableValue(x, self.describe())
        return value  # type: ignore[return-value]

    def normalize(self, x: DictT) -> DictT:
        return _validated(recursively_freeze(x), self)  # type: ignore[no-any-return]

    def serialize(self, x: DictT) -> str:
        return _ENCODER.encode(x)

    def describe(self) -> str:
        return 'a JSON object like {"role": "web", "env": "staging"}'


class ListParameter(Parameter[ListT]):
    """A list, written in JSON. A task keeps it as a tuple, all the way down.

    `schema` is a JSON schema, or a validator of the jsonschema package, that the value must satisfy.
    """

    def __init__(
        self,
        default: Any = _no_value,
        *,
        schema: Any = None,
        **kwargs: Unpack[ParameterKwargs],
    ) -> None:
        super().__init__(default=default, **kwargs)
        self.schema = _usable(schema)

    def parse(self, x: Any) -> ListT:
        """The list that the JSON text `x` holds; a list is itself, as a TOML file has it. `null` is None."""
        value = _load(x, self) if isinstance(x, str) else x
        if not isinstance(value, list | tuple | None):
            raise UnreadableValue(x, self.describe())
        return value if value is None else list(value)  # type: ignore[return-value]

    def normalize(self, x: ListT) -> ListT:
        return _validated(recursively_freeze(x), self)  # type: ignore[no-any-return]

    def serialize(self, x: ListT) -> str:
        return _ENCODER.encode(x)

    def describe(self) -> str:
        return 'a JSON list like ["a", "b"]'


class TupleParameter(ListParameter[ListT]):
    """A tuple, written as a JSON list, `[[1, 2], [3, 4]]`, or as in Python, `((1, 2), (3, 4))`."""

    def parse(self, x: Any) -> ListT:
        """The tuple that the text `x` holds; a list is one, as a TOML file has it. `null` is None."""
        value = recursively_freeze(self._read_either(x) if isinstance(x, str) else x)
        if not isinstance(value, tuple | None):
            raise UnreadableValue(x, self.describe())
        return value  # type: ignore[return-value]

    def _read_either(self, x: str) -> Any:
        try:
            return json.loads(x)
        except ValueError:
            return _literal(x, self)

    def describe(self) -> str:
        return "a tuple like (1, 2) or a JSON list like [1, 2]"


def _literal(x: str, parameter: Parameter[Any]) -> Any:
    import ast

    try:
        return ast.literal_eval(x)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError) as error:
        raise UnreadableValue(x, parameter.describe()) from error


def _load(x: str, parameter: Parameter[Any]) -> Any:
    try:
        return json.loads(x, object_pairs_hook=FrozenOrderedDict)
    except (ValueError, RecursionError) as error:
        raise UnreadableValue(x, parameter.describe(), error) from error


def _unwrapped(x: object) -> Any:
    if isinstance(x, Mapping):
        return dict(x)
    raise TypeError(f"{x!r} cannot be written as JSON: it is a {type(x).__name__}")


_ENCODER = json.JSONEncoder(default=_unwrapped)


# --- schemas -------------------------------------------------------------------------------------------------------


def _usable(schema: Any) -> Any:
    """The schema, or None, with a warning, where nothing is there to check it."""
    if schema is None:
        return None
    from importlib.util import find_spec

    if find_spec("jsonschema") is not None:
        return schema
    warnings.warn("a parameter's schema is not checked: the package jsonschema is not installed", stacklevel=3)
    return None


def _validated(value: Any, parameter: DictParameter[Any] | ListParameter[Any]) -> Any:
    schema = parameter.schema
    if schema is None:
        return value
    from jsonschema import ValidationError, validate

    plain = recursively_unfreeze(value)
    try:
        schema.validate(plain) if hasattr(schema, "validate") else validate(plain, schema)
    except ValidationError as error:
        where = "".join(f"[{step!r}]" for step in error.absolute_path)
        raise UnreadableValue(plain, "what its schema allows", f"{where} {error.message}".strip()) from error
    return value

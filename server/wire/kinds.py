"""What an argument of Luigi's calls may be: each kind reads a value as JSON has it, or says what was expected.

Everything is read before anything is done, so that a call that is refused has changed nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial
from math import inf, isfinite
from typing import Any, Final

from luigi.rpc.records import WrongField
from luigi.rpc.values import LONGEST_ID
from luigi.scheduler.facade.task_calls import DECLARABLE

Kind = Callable[[Any, str], Any]
"""Takes a value and the path to it, gives what the scheduler's method takes. Raises WrongField."""

LARGEST: Final = 2**53
"""Beyond this, programs that read JSON do not agree on whole numbers."""

DEEPEST: Final = 20
"""How deep a value may be nested that is kept as it is."""


def text(value: Any, path: str) -> str:
    """A text."""
    if type(value) is str:
        return value
    raise WrongField(path, "a text", value)


def name(value: Any, path: str) -> str:
    """A text that names something."""
    if type(value) is str and value:
        return name_or_none(value, path)
    raise WrongField(path, "a text that is not empty", value)


def name_or_none(value: Any, path: str) -> str:
    """A name, or an empty text where there is none."""
    if len(text(value, path)) <= LONGEST_ID:
        return value  # type: ignore[no-any-return]
    raise WrongField(path, f"a text of at most {LONGEST_ID} characters", value)


def flag(value: Any, path: str) -> bool:
    """True or false."""
    if type(value) is bool:
        return value
    raise WrongField(path, "true or false", value)


def number(value: Any, path: str) -> float:
    """A number; neither infinite nor none."""
    if type(value) in (int, float) and -LARGEST <= value <= LARGEST:
        return value  # type: ignore[no-any-return]
    raise WrongField(path, "a number", value)


def whole(value: Any, path: str) -> int:
    """A whole number, also when it is written as 3.0."""
    if type(value) is int and -LARGEST <= value <= LARGEST:
        return value
    if type(value) is float and -LARGEST <= value <= LARGEST and value.is_integer():
        return int(value)
    raise WrongField(path, "a whole number", value)


def amount(value: Any, path: str) -> int:
    """A whole number from 0."""
    try:
        found = whole(value, path)
    except WrongField:
        found = -1
    if found < 0:
        raise WrongField(path, "a whole number from 0", value)
    return found


def how_many(value: Any, path: str) -> float:
    """A number from 1; Luigi's workers say Infinity for as many as there are."""
    if type(value) in (int, float) and (1 <= value <= LARGEST or value == inf):
        return value  # type: ignore[no-any-return]
    raise WrongField(path, "a number from 1", value)


def level(value: Any, path: str) -> int:
    """How visible a parameter is."""
    if type(value) is int and 0 <= value <= 2:
        return value
    raise WrongField(path, "0 (public), 1 (hidden) or 2 (private)", value)


def status(value: Any, path: str) -> str:
    """What a worker may say of a task."""
    if type(value) is str and value in DECLARABLE:
        return value
    raise WrongField(path, f"one of {', '.join(DECLARABLE)}", value)


def anything(value: Any, path: str, depth: int = 0) -> Any:
    """Whatever JSON can have, not nested without end."""
    if depth > DEEPEST:
        raise WrongField(path, f"nothing nested deeper than {DEEPEST} times", "a deeper value")
    if type(value) is dict:
        return {key: anything(inner, path, depth + 1) for key, inner in value.items()}
    if type(value) is list:
        return [anything(inner, path, depth + 1) for inner in value]
    if type(value) in (int, float) and not (isfinite(value) and -LARGEST <= value <= LARGEST):
        raise WrongField(path, "a number that others can read too", "a larger one")
    return value


def pairs(value: Any, path: str) -> list[tuple[str, Any]]:
    """Names and values: a list of pairs, as Luigi's workers write it, or an object."""
    if type(value) is dict:
        value = list(value.items())
    if type(value) is not list:
        raise WrongField(path, "a list of [name, value]", value)
    return [_pair(one, f"{path}[{at}]") for at, one in enumerate(value)]


def _pair(value: Any, path: str) -> tuple[str, Any]:
    if type(value) not in (list, tuple) or len(value) != 2:
        raise WrongField(path, "[name, value]", value)
    return name(value[0], path), anything(value[1], path)


def maybe(kind: Kind) -> Kind:
    """That, or null."""
    return partial(_maybe, kind)


def _maybe(kind: Kind, value: Any, path: str) -> Any:
    return None if value is None else kind(value, path)


def list_of(kind: Kind) -> Kind:
    """A list of those."""
    return partial(_list, kind)


def _list(kind: Kind, value: Any, path: str) -> list[Any]:
    if type(value) is not list:
        raise WrongField(path, "a list", value)
    return [kind(one, f"{path}[{at}]") for at, one in enumerate(value)]


def object_of(kind: Kind, known: Collection[str] = ()) -> Kind:
    """An object whose values are those; with no other names than the `known`, if there are any."""
    return partial(_object, kind, known)


def _object(kind: Kind, known: Collection[str], value: Any, path: str) -> Mapping[str, Any]:
    if type(value) is not dict:
        raise WrongField(path, "an object", value)
    for key in value:
        if known and key not in known:
            raise WrongField(f"{path}.{key}", f"none of that name, but one of {', '.join(known)}", value[key])
    return {name_or_none(key, path): kind(one, f"{path}.{key}") for key, one in value.items()}

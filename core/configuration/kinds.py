"""What an option may hold: each kind reads a value, or says what was expected instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from luigi.resource_limits import read_limit


class Kind(NamedTuple):
    """A kind of value."""

    expected: str
    """How messages call it: "an integer"."""
    read: Callable[[Any], Any]
    """The value that a text, or a value of a TOML file, stands for. Raises ValueError or TypeError."""


_SWITCH_WORDS = {
    "1": True,
    "yes": True,
    "true": True,
    "on": True,
    "0": False,
    "no": False,
    "false": False,
    "off": False,
}


def _integer(value: Any) -> int:
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        raise ValueError(value)
    return int(value)


def _number(value: Any) -> float:
    if isinstance(value, bool):
        raise ValueError(value)
    return float(value)


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    return _named(value, {"true": True, "false": False})


def _switch(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    return _named(value, _SWITCH_WORDS)


def _named(value: Any, words: Mapping[str, bool]) -> bool:
    word = str(value).lower()
    if word not in words:
        raise ValueError(value)
    return words[word]


def _text(value: Any) -> str:
    if isinstance(value, (dict, list)):
        raise ValueError(value)
    return str(value)


def _duration(value: Any) -> Any:
    from luigi.parameter import TimeDeltaParameter

    return TimeDeltaParameter().parse(str(value))


def _workers(value: Any) -> int | str:
    return value if value == "auto" else _integer(value)


def _json_list(value: Any) -> list[Any]:
    import json

    found = json.loads(value) if isinstance(value, str) else value
    if not isinstance(found, list):
        raise ValueError(value)
    return found


def _text_list(value: Any) -> list[str]:
    if isinstance(value, dict):
        raise ValueError(value)
    return [str(one) for one in value] if isinstance(value, list) else str(value).replace(",", " ").split()


TEXT = Kind("text", _text)
TEXT_LIST = Kind("names, separated by commas or spaces", _text_list)
INTEGER = Kind("an integer", _integer)
LIMIT = Kind("a whole number, or a rate per second, minute, hour or day such as 10/minute", read_limit)
WORKERS = Kind("an integer, or auto", _workers)
NUMBER = Kind("a number", _number)
BOOLEAN = Kind("true or false", _boolean)
"""As parameters read it: `true` and `false` only."""
SWITCH = Kind("true or false", _switch)
"""As `getboolean` reads it: also yes, no, on, off, 1 and 0."""
DURATION = Kind("a duration such as 90, 5 minutes or P1D", _duration)
JSON_LIST = Kind("""a JSON list such as ["a", "b"]""", _json_list)


def one_of(*words: str) -> Kind:
    """The kind whose values are `words`."""

    def read(value: Any) -> str:
        if value not in words:
            raise ValueError(value)
        return str(value)

    return Kind(f"one of {', '.join(words)}", read)

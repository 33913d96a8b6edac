"""Single values of records as JSON: how each kind is read, strictly, and the JSON schema that says the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf
from typing import Any, Final, NamedTuple

from luigi.errors import KernelError

Reader = Callable[[Any, str], Any]
"""Takes a value as JSON has it and the path to it; gives what the record holds. Raises WrongField."""


Refer = Callable[[type], dict[str, Any]]
"""Gives what stands in a JSON schema for the schema of a record: a reference to it."""


class Kind(NamedTuple):
    """What a field may hold."""

    read: Reader
    describe: Callable[[Refer], dict[str, Any]]
    """Gives its JSON schema, draft 2020-12; of a record within it, what that refers to."""

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON schema of a kind without records. Raises TypeError for another."""
        return self.describe(_no_record)


def _no_record(record: type) -> dict[str, Any]:
    raise TypeError(f"a schema within which there is a {record.__name__} has to refer to it")


def kind_of(read: Reader, schema: Mapping[str, Any]) -> Kind:
    """A kind without records."""
    return Kind(read, lambda refer: dict(schema))


class WrongField(KernelError):
    """A value is not what a record holds there."""

    def __init__(self, path: str, expected: str, found: object) -> None:
        shown = repr(found)
        super().__init__(
            f"{path or 'the whole'}: expected {expected}, not {shown[:60]}{'…' if len(shown) > 60 else ''}"
        )
        self.path, self.expected = path, expected


def below(path: str, name: str) -> str:
    """The path to a field of what is at `path`."""
    return f"{path}.{name}" if path else name


# --- what JSON has -------------------------------------------------------------------------------------------------

LARGEST: Final = 2**53
"""Beyond this, programs that read JSON do not agree on whole numbers."""

DEEPEST: Final = 8
"""Levels of what may be anything."""

WORDS: Final = {inf: "Infinity", -inf: "-Infinity"}
"""How numbers are written that JSON does not have."""

ENDLESS: Final = {word: number for number, word in WORDS.items()}

BOUNDS: Final = {"minimum": -LARGEST, "maximum": LARGEST}


def _text(value: Any, path: str) -> Any:
    if type(value) is str:
        return value
    raise WrongField(path, "a text", value)


def _whole(value: Any, path: str) -> Any:
    if type(value) in (int, float) and -LARGEST <= value <= LARGEST and value == int(value):
        return int(value)  # other programs may write 1.0
    raise WrongField(path, "a whole number", value)


def _number(value: Any, path: str) -> Any:
    if type(value) in (int, float) and -LARGEST <= value <= LARGEST:
        return value
    raise WrongField(path, "a number", value)


def _endless_number(value: Any, path: str) -> Any:
    if type(value) is str and value in ENDLESS:
        return ENDLESS[value]
    return _number(value, path)


def _switch(value: Any, path: str) -> Any:
    if type(value) is bool:
        return value
    raise WrongField(path, "true or false", value)


def _anything(value: Any, path: str, depth: int = 0) -> Any:
    """Whatever JSON can have, but not endlessly deep."""
    if depth == DEEPEST:
        raise WrongField(path, f"no more than {DEEPEST} levels", value)
    if type(value) is dict:
        return {name: _anything(one, below(path, name), depth + 1) for name, one in value.items()}
    if type(value) is list:
        return [_anything(one, f"{path}[{at}]", depth + 1) for at, one in enumerate(value)]
    if type(value) is float and abs(value) == inf:
        raise WrongField(path, "a number that is not endless", value)
    return value


def _nothing(value: Any, path: str) -> Any:
    if value is None:
        return value
    raise WrongField(path, "null", value)


TEXT: Final = kind_of(_text, {"type": "string"})
WHOLE: Final = kind_of(_whole, {"type": "integer", **BOUNDS})
NUMBER: Final = kind_of(_number, {"type": "number", **BOUNDS})
ENDLESS_NUMBER: Final = kind_of(_endless_number, {"anyOf": [NUMBER.schema, {"enum": list(ENDLESS)}]})
SWITCH: Final = kind_of(_switch, {"type": "boolean"})
NOTHING: Final = kind_of(_nothing, {"type": "null"})
ANYTHING: Final = kind_of(_anything, {})

# --- narrower ones, and collections --------------------------------------------------------------------------------

LONGEST_ID: Final = 1000
"""Characters of an id: lists of tasks have many of them, and cannot shorten them."""


def _id(value: Any, path: str) -> Any:
    if type(value) is str and 0 < len(value) <= LONGEST_ID:
        return value
    raise WrongField(path, f"a text of 1 to {LONGEST_ID} characters", value)


def _above_zero(value: Any, path: str) -> Any:
    found = _endless_number(value, path)
    if found > 0:
        return found
    raise WrongField(path, "a number above 0", value)


AN_ID: Final = kind_of(_id, {"type": "string", "minLength": 1, "maxLength": LONGEST_ID})
ABOVE_ZERO: Final = kind_of(
    _above_zero, {"anyOf": [{"type": "number", "exclusiveMinimum": 0, "maximum": LARGEST}, {"const": "Infinity"}]}
)


def _amount(value: Any, path: str) -> Any:
    found = _whole(value, path)
    if found >= 0:
        return found
    raise WrongField(path, "a whole number from 0 on", value)


AMOUNT: Final = kind_of(_amount, {"type": "integer", "minimum": 0, "maximum": LARGEST})


def text_up_to(longest: int) -> Kind:
    """A text of so many characters at most."""

    def read_text(value: Any, path: str) -> Any:
        if type(value) is str and len(value) <= longest:
            return value
        raise WrongField(path, f"a text of up to {longest} characters", value)

    return kind_of(read_text, {"type": "string", "maxLength": longest})


def one_of(*words: str) -> Kind:
    """One of a few words."""

    def read_word(value: Any, path: str) -> Any:
        if type(value) is str and value in words:
            return value
        raise WrongField(path, f"one of {', '.join(words)}", value)

    return kind_of(read_word, {"enum": list(words)})


def or_none(kind: Kind) -> Kind:
    """That, or null."""
    read = kind.read
    return Kind(
        lambda value, path: None if value is None else read(value, path),
        lambda refer: {"anyOf": [NOTHING.describe(refer), kind.describe(refer)]},
    )


def list_of(kind: Kind) -> Kind:
    """A list of that; a tuple, when it is read."""
    read = kind.read

    def read_list(value: Any, path: str) -> Any:
        if type(value) is not list:
            raise WrongField(path, "a list", value)
        return tuple([read(one, f"{path}[{at}]") for at, one in enumerate(value)])

    return Kind(read_list, lambda refer: {"type": "array", "items": kind.describe(refer)})


def mapping_to(kind: Kind) -> Kind:
    """An object whose values are of that kind."""
    read = kind.read

    def read_mapping(value: Any, path: str) -> Any:
        if type(value) is not dict:
            raise WrongField(path, "an object", value)
        return {name: read(one, below(path, name)) for name, one in value.items()}

    return Kind(read_mapping, lambda refer: {"type": "object", "additionalProperties": kind.describe(refer)})

"""How keys and values are written between mapper, combiner and reducer, and how outputs are in the end."""

from __future__ import annotations

import ast
import datetime
import json
import math
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from luigi.errors import KernelError

KNOWN: Final[Mapping[str, Any]] = {
    "datetime.date": datetime.date,
    "datetime.datetime": datetime.datetime,
    "datetime.time": datetime.time,
    "datetime.timedelta": datetime.timedelta,
    "datetime.timezone": datetime.timezone,
    "datetime.timezone.utc": datetime.UTC,
    "Decimal": Decimal,
    "frozenset": frozenset,
    "set": set,
    "inf": math.inf,
    "nan": math.nan,
}
"""What `repr` writes by a name and can be read."""


class UnknownInterchange(KernelError, KeyError):
    """A `data_interchange_format` there is not."""

    def __init__(self, name: object) -> None:
        super().__init__(f"data_interchange_format = {name!r}: there are {', '.join(DataInterchange)}")

    def __str__(self) -> str:
        return str(self.args[0])


def read_python(text: str) -> Any:
    """What `repr` has written of literals, dates and decimals, and collections of those. Raises ValueError.

    Nothing is carried out but the making of these.
    """
    return _value(ast.parse(text.strip(), mode="eval").body)


def _value(node: ast.expr) -> Any:
    match node:
        case ast.Constant():
            return node.value
        case ast.Tuple():
            return tuple(map(_value, node.elts))
        case ast.List():
            return list(map(_value, node.elts))
        case ast.Set():
            return set(map(_value, node.elts))
        case ast.Dict(keys=keys, values=values) if None not in keys:
            return {_value(key): _value(value) for key, value in zip(keys, values, strict=True) if key is not None}
        case ast.Call():
            named = {word.arg: _value(word.value) for word in node.keywords if word.arg}
            return _known(node.func)(*map(_value, node.args), **named)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Name()):
            return -_known(node.operand)
        case ast.Name() | ast.Attribute():
            return _known(node)
        case _:
            return ast.literal_eval(node)


def _known(node: ast.expr) -> Any:
    name = ast.unparse(node)
    if name not in KNOWN:
        raise ValueError(f"{name} is nothing that mappers and reducers can exchange; see data_interchange_format")
    return KNOWN[name]


DataInterchange: Final[Mapping[str, Mapping[str, Any]]] = {
    "python": {"serialize": str, "internal_serialize": repr, "deserialize": read_python},
    "json": {"serialize": json.dumps, "internal_serialize": json.dumps, "deserialize": json.loads},
}
"""Each format: how outputs are written, and how keys and values in between are written and read."""


def interchange(name: str) -> Mapping[str, Any]:
    """That of this name. Raises UnknownInterchange."""
    try:
        return DataInterchange[name]
    except KeyError:
        raise UnknownInterchange(name) from None


def columns(output: Any, name: str) -> Iterable[str]:
    """What stands on the line of an output, between tabs.

    As JSON, texts stay as they are, for they may be JSON already, and empty ones are left out.
    """
    several = hasattr(output, "__iter__") and not isinstance(output, (str, bytes))
    write = interchange(name)["serialize"]
    if name != "json":
        return map(write, flatten(output if several else [output]))
    parts = output if isinstance(output, (tuple, list)) else [output]
    return (part if isinstance(part, str) else write(part) for part in parts if part != "")


def flatten(sequence: Iterable[Any]) -> Iterable[Any]:
    """What is in it, and of that, what can be iterated over, one after the other; texts are whole."""
    for item in sequence:
        if hasattr(item, "__iter__") and not isinstance(item, (str, bytes)):
            yield from item
        else:
            yield item

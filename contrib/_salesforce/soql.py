"""What a query asks for, and rows of the records that come."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from luigi.errors import KernelError

WORDS: Final = re.compile(r"'(?:\\.|[^'\\])*'|[(),]|[^\s(),']+")
"""Texts in quotes, brackets, commas, and all that is between them."""
OF_THE_FIELD: Final = frozenset({"tolabel", "format", "convertcurrency"})
"""Functions whose value comes by the name of the field in them; that of others as expr0, expr1, …"""


class NoQuery(KernelError):
    """A text is no query in SOQL."""

    def __init__(self, soql: str) -> None:
        super().__init__(f"{soql[:200]!r} is no query", hint="such as SELECT Id, Name FROM Account")


def get_soql_fields(soql: str) -> list[str]:
    """The names by which what a query asks for comes, in its order. Raises NoQuery."""
    words = WORDS.findall(soql)
    if not words or words[0].casefold() != "select":
        raise NoQuery(soql)
    items, rest = _items(words[1:])
    if len(rest) < 2:
        raise NoQuery(soql)
    prefixes = _names_of_object(rest[1:])
    counter = iter(range(len(items)))
    try:
        return [_name(item, prefixes, counter) for item in items]
    except IndexError:  # one of them ends too early
        raise NoQuery(soql) from None


def _items(words: Sequence[str]) -> tuple[list[list[str]], Sequence[str]]:
    """The words of each thing asked for; and those from FROM on."""
    items: list[list[str]] = [[]]
    depth = 0
    for place, word in enumerate(words):
        if not depth and word.casefold() == "from":
            return items, words[place:]
        depth += (word == "(") - (word == ")")
        if word == "," and not depth:
            items.append([])
        else:
            items[-1].append(word)
    return items, []


def _names_of_object(words: Sequence[str]) -> set[str]:
    """The object, and what the query calls it for short: both may stand before a field."""
    name, *more = words
    if more and more[0].casefold() == "as":
        more = more[1:]
    return {name.casefold(), *(word.casefold() for word in more[:1])}


def _name(item: Sequence[str], prefixes: set[str], counter: Iterator[int]) -> str:
    first, last = item[0], item[-1]
    if first == "(":  # a query within: what it asks for comes by the name of the relation
        return _items(item[2:-1])[1][1]
    if first.casefold() == "typeof":
        return _without(item[1], prefixes)
    if last not in (")", first):  # it was given a name
        return last
    if last == first:
        return _without(first, prefixes)
    if first.casefold() in OF_THE_FIELD:
        return _without(item[-2] if item[-2] != ")" else item[-3], prefixes)
    return f"expr{next(counter)}"


def _without(field: str, prefixes: set[str]) -> str:
    before, dot, rest = field.partition(".")
    return rest if dot and before.casefold() in prefixes else field


def parse_results(fields: Sequence[str], data: Mapping[str, Any]) -> list[list[Any]]:
    """A row for each record of an answer: the values of `fields`, where `Owner.Name` is that of the owner.

    As in SOQL, upper and lower case are one. What a record does not have is None.
    """
    return [[_value(record, field.split(".")) for field in fields] for record in data["records"]]


def _value(record: Any, path: Sequence[str]) -> Any:
    for name in path:
        if not isinstance(record, Mapping):
            return None
        record = record[name] if name in record else _alike(record, name)
    return record


def _alike(record: Mapping[str, Any], name: str) -> Any:
    return next((value for key, value in record.items() if key.casefold() == name.casefold()), None)


def ensure_utf(value: Any) -> Any:
    """A text as UTF-8; all else as it is."""
    return value.encode() if isinstance(value, str) else value

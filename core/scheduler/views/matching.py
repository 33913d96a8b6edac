"""What a search finds: words that are all in a task's name, or say which value a parameter has. Case does not count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from luigi.scheduler.names import shown_params
from luigi.scheduler.records import TaskRecord
from luigi.scheduler.views.folded_names import FoldedNames

ANYTHING: Final = "*"
"""Stands for any characters, or none, in the value of a parameter."""

Matches = Callable[[TaskRecord], bool]


class _Value(NamedTuple):
    """A value that a parameter is to have: `parts` with anything between them."""

    param: str
    parts: Sequence[str]


def matcher(search: str, names: FoldedNames) -> Matches:
    """What says whether a task is found. `day=1` is a shown parameter `day` of exactly that value, `day=2026-*` of any
    that begins so; any other word is to be somewhere in the display name."""
    words = search.casefold().split()
    values = [_value(word) for word in words if word.find("=") > 0]
    parts = [word for word in words if word.find("=") <= 0]
    parts += [f"{value.param}={value.parts[0]}" for value in values]

    def matches(task: TaskRecord) -> bool:
        name = names(task)
        for part in parts:
            if part not in name:
                return False
        return not values or _has(task, values)

    return matches


def _value(word: str) -> _Value:
    param, _, value = word.partition("=")
    return _Value(param, value.split(ANYTHING))


def _has(task: TaskRecord, values: Sequence[_Value]) -> bool:
    if not task.family:
        return False
    shown = [(name.casefold(), value.casefold()) for name, value in shown_params(task).items()]
    return all(any(name == one.param and _fits(value, one.parts) for name, value in shown) for one in values)


def _fits(value: str, parts: Sequence[str]) -> bool:
    """Whether a value is made of these parts, one behind the other, with anything between them."""
    if len(parts) == 1:
        return value == parts[0]
    first, *between, last = parts
    at, end = len(first), len(value) - len(last)
    if at > end or not (value.startswith(first) and value.endswith(last)):
        return False
    for part in between:
        at = value.find(part, at, end)
        if at < 0:
            return False
        at += len(part)
    return True

"""One line for all tasks of a family: `12 Load(day=2013-07-01...2013-07-12, carrier=UA)`.

A family may have a million tasks, so only the texts that are shown are made, where that is enough to choose them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from luigi.parameter.visibility import ParameterVisibility
from luigi.task import Task

TOO_LONG = 200, 60
"""Characters that a line has room for: of a task, and of the names of its parameters together. All as in Luigi."""

PAIR_TOO_LONG = 100, 40
"""The same where a line shows two tasks."""

LIST_TOO_LONG = 200
"""Characters of a list of values that a line has room for."""

LIST_IS_LONG = 30
"""Characters of a list of values after which it ends with `...`, if at least two more would follow."""

ALWAYS_LISTED = 3
"""Values that are listed however long they are."""

PRIVATE = "***"

Params = Sequence[tuple[str, Any]]


def family_lines(tasks: Iterable[Any], limit: int) -> list[str]:
    """A line for each family among `tasks`, in the order of their names; of more than `limit` the first and `...`.

    0 is no limit.
    """
    families: dict[str, list[Any]] = {}
    for task in tasks:
        families.setdefault(task.task_family, []).append(task)
    names = sorted(families)
    shown = names[:limit] if limit else names
    lines = [f"- {len(families[name])} {_described(name, families[name])}" for name in shown]
    return lines if len(shown) == len(names) else [*lines, "..."]


def _described(family: str, tasks: list[Any]) -> str:
    params = tasks[0].get_params()
    first = _first(tasks, params)
    longest, names_longest = PAIR_TOO_LONG if len(tasks) == 2 and len(params) > 1 else TOO_LONG
    if len(str(first)) > longest or sum([len(name) for name, _ in params]) > names_longest:
        return f"{family}(...)"
    if len(params) == 1:
        return f"{family}({params[0][0]}={_values(tasks, params)})"
    if len(tasks) == 1:
        return str(first)
    if len(tasks) == 2:
        second = tasks[1] if first is tasks[0] else tasks[0]
        return f"{first} and {second}"
    return _as_range(family, tasks, params) or f"{first} ..."


# --- one parameter ---------------------------------------------------------------------------------------------


def _values(tasks: list[Any], params: Params) -> str:
    name, param = params[0]
    if len(tasks) > ALWAYS_LISTED:
        ends = _ends(param, [task.param_kwargs[name] for task in tasks])
        if ends is not None:
            return _span(param, ends)
    if _writes_itself(tasks[0]):
        return _listed(_texts(sorted(tasks, key=str), name, param, ""))
    return _listed([text[:-1] for text in sorted(_texts(tasks, name, param, ")"))])


def _listed(texts: list[str]) -> str:
    """`texts` with commas between them, and `...` for those there is no room for."""
    shown: list[str] = []
    length = 0
    for left, text in zip(range(len(texts), 0, -1), texts, strict=True):
        is_long = length >= LIST_IS_LONG and len(shown) >= ALWAYS_LISTED and left > 1
        if is_long or length > LIST_TOO_LONG:
            return ",".join([*shown, "..."])
        shown.append(text)
        length += len(text) + 1
    return ",".join(shown)


# --- several parameters ----------------------------------------------------------------------------------------


def _as_range(family: str, tasks: list[Any], params: Params) -> str | None:
    """The tasks as one text, if they differ in one parameter only and its values leave no gap."""
    varying: tuple[str, Any] | None = None
    common = tasks[0].param_kwargs
    for name, param in params:
        if any(task.param_kwargs[name] != common[name] for task in tasks):
            if varying is not None:
                return None
            varying = name, param
    if varying is None:
        return None
    ends = _ends(varying[1], [task.param_kwargs[varying[0]] for task in tasks])
    if ends is None:
        return None
    texts = [
        f"{name}={_span(param, ends) if name == varying[0] else _text(param, common[name])}" for name, param in params
    ]
    return f"{family}({', '.join(texts)})"


def _ends(param: Any, values: list[Any]) -> tuple[Any, Any] | None:
    """First and last of `values`, if they follow each other without a gap."""
    follows = param.next_in_enumeration
    try:
        if follows(values[0]) is None:
            return None
        values = sorted(values)
        unbroken = all(follows(value) == after for value, after in pairwise(values))
    except (TypeError, OverflowError):  # a value that is not of the parameter's type, or the last of its type
        return None
    return (values[0], values[-1]) if unbroken else None


# --- texts -----------------------------------------------------------------------------------------------------


def _span(param: Any, ends: tuple[Any, Any]) -> str:
    return f"{_text(param, ends[0])}...{_text(param, ends[1])}"


def _text(param: Any, value: Any) -> str:
    """A value as a task's own text shows it: a private one not at all."""
    return PRIVATE if param.visibility == ParameterVisibility.PRIVATE else str(param.serialize(value))


def _writes_itself(task: Any) -> bool:
    """Whether the class has a text of its own."""
    cls: Any = type(task)
    return (cls.__str__, cls.__repr__) != (Task.__str__, Task.__repr__)


def _texts(tasks: list[Any], name: str, param: Any, end: str) -> list[str]:
    """What the tasks' own texts have behind `name=`, up to and with `end`, which ends the value there."""
    if param.visibility == ParameterVisibility.PRIVATE:
        return [f"{PRIVATE}{end}"] * len(tasks)
    serialize = param.serialize
    return [f"{serialize(task.param_kwargs[name])}{end}" for task in tasks]


def _first(tasks: list[Any], params: Params) -> Any:
    """The task whose text comes first. Parameters are compared one by one, as long as that can decide."""
    if len(tasks) == 1:
        return tasks[0]
    if _writes_itself(tasks[0]):
        return min(tasks, key=str)
    written = [(name, param) for name, param in params if param.significant]
    left = tasks
    for name, param in written:
        texts = _texts(left, name, param, ")" if name == written[-1][0] else ",")
        lowest = min(texts)
        if any(text.startswith(lowest) and text != lowest for text in texts):
            return min(left, key=str)
        left = [task for task, text in zip(left, texts, strict=True) if text == lowest]
    return left[0]

"""Patterns that choose tasks on a command line, and whether a task is among those they mean.

A family (`Load`), a glob of families (`Load*`), a whole task id, or a family with some of its parameters, in any order
and with globs in their values: `Load(day=2013-07-*, country=CH)`. Where the last parenthesis is missing, the last value
only begins so: `Load(day=2013-07`. A module may stand in front of it all: `flights.tasks:Load`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Self

from luigi.errors import KernelError, did_you_mean
from luigi.private_values import MASK

if TYPE_CHECKING:
    from luigi.parameter import Parameter
    from luigi.task import Task

_SHAPE = re.compile(r"(?:(?P<module>[\w.]+):)?(?P<family>[^():]+)(?:\((?P<values>.*))?", re.DOTALL)
_NAME = re.compile(r"(?:^|,)\s*(\w+)=")


class BadPattern(KernelError):
    """A pattern cannot be read."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} is no pattern of tasks")
        self.hint = "a family, Load*, a task id, or Load(day=2013-07-04)"


class UnmatchedPattern(KernelError):
    """None of the tasks is meant by a pattern. `families`: those of the tasks there are."""

    def __init__(self, pattern: Pattern, families: Iterable[str]) -> None:
        super().__init__(f"no task is meant by {pattern.text!r}")
        known = sorted(set(families))
        if pattern.family in known:
            self.hint = f"there are {pattern.family} tasks, with other parameters; private ones cannot be asked for"
        else:
            self.hint = did_you_mean(pattern.family, known) or f"the families here are: {_some(known)}"


def _some(names: list[str], limit: int = 10) -> str:
    shown = ", ".join(names[:limit]) or "none"
    return f"{shown} and {len(names) - limit} more" if len(names) > limit else shown


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern, read."""

    text: str
    """As it was given; perhaps a task's id."""
    module: str
    """The module that defines the class; empty for any."""
    family: str
    """A family or a glob of families."""
    values: str | None
    """What stands behind the parenthesis; None without one."""

    @classmethod
    def of(cls, text: str) -> Self:
        """The pattern that `text` is. Raises BadPattern."""
        found = _SHAPE.fullmatch(text.strip())
        if found is None:
            raise BadPattern(text)
        pattern = cls(text.strip(), found["module"] or "", found["family"].strip(), found["values"])
        if pattern.values is not None and pattern.values.strip(") ") and not _NAME.match(pattern.values):
            raise BadPattern(text)
        return pattern

    def matches(self, task: Task) -> bool:
        """Whether the task is meant."""
        if self.values is None and task.task_id == self.text:
            return True
        if not _like(task.task_family, self.family) or (self.module and task.task_module != self.module):
            return False
        return self.values is None or self._has_values(task)

    def _has_values(self, task: Task) -> bool:
        """Compares texts; of private parameters what the task's own text has for them, lest values can be guessed."""
        params = dict(task.get_params())
        return all(
            name in params and _like(_text(params[name], task.param_kwargs[name]), value)
            for name, value in self._wanted(params).items()
        )

    def _wanted(self, params: Collection[str]) -> dict[str, str]:
        """Name → what its value is to be like. A comma and `=` within a value do no harm unless a parameter's name is
        between them."""
        text = (self.values or "").rstrip()
        begins = not text.endswith(")")
        text = text if begins else text[:-1]
        starts = [found for found in _NAME.finditer(text) if found[1] in params or not found.start()]
        ends = [*(found.start() for found in starts[1:]), len(text)]
        wanted = {found[1]: text[found.end() : end].strip() for found, end in zip(starts, ends, strict=False)}
        if begins and starts:
            wanted[starts[-1][1]] += "*"
        return wanted


def _text(param: Parameter[Any], value: Any) -> str:
    return MASK if param._is_private() else str(param.serialize(value))


def _like(text: str, wanted: str) -> bool:
    return text == wanted or fnmatchcase(text, wanted)


def chosen(patterns: Iterable[str], tasks: Iterable[Task]) -> list[Task]:
    """Those of `tasks` that any of the patterns means, in their order.

    Raises BadPattern, and UnmatchedPattern for a pattern that means none.
    """
    read = [Pattern.of(text) for text in patterns]
    there = list(tasks)
    by_pattern = [{task.task_id for task in there if pattern.matches(task)} for pattern in read]
    for pattern, ids in zip(read, by_pattern, strict=True):
        if not ids:
            raise UnmatchedPattern(pattern, {task.task_family for task in there})
    meant = set().union(*by_pattern)
    return [task for task in there if task.task_id in meant]

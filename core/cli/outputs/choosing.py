"""Chooses among the tasks that a task needs: some by patterns, and what is behind or before them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from luigi.graph import reached, required_by
from luigi.task_patterns import chosen

if TYPE_CHECKING:
    from luigi.cli.outputs.made import Needed
    from luigi.task import Task


class Choice(NamedTuple):
    """What was asked for. Without any pattern, the tasks that were named."""

    only: Sequence[str] = ()
    upstream: Sequence[str] = ()
    """Patterns of tasks that are meant with all they require."""
    downstream: Sequence[str] = ()
    """Patterns of tasks that are meant with all that wait for them."""
    recursive: bool = False
    """Whether all that the named tasks require is meant, too."""


class Chosen(NamedTuple):
    """Ids of tasks."""

    meant: set[str]
    """Those that a pattern, or the command line, is about."""
    along: set[str]
    """Those that come with them."""


def chosen_among(everything: Needed, roots: Iterable[Task], choice: Choice) -> Chosen:
    """The tasks of `everything`, which is what `roots` need, that are asked for.

    Raises BadPattern, and UnmatchedPattern for a pattern that means none of them.
    """
    tasks, requires = everything.tasks, everything.requires
    if choice.recursive:
        return Chosen({root.task_id for root in roots}, set(requires))
    if not (choice.only or choice.upstream or choice.downstream):
        return Chosen({root.task_id for root in roots}, set())
    only, above, below = (_ids(patterns, tasks) for patterns in (choice.only, choice.upstream, choice.downstream))
    along = {*reached(above, requires), *reached(below, required_by(requires))}
    return Chosen(only | above | below, along)


def _ids(patterns: Sequence[str], tasks: Sequence[Task]) -> set[str]:
    return {task.task_id for task in chosen(patterns, tasks)} if patterns else set()

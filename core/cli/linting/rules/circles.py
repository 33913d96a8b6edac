"""Tasks that require each other in a circle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from luigi.cli.linting.finding import Finding
from luigi.cli.linting.subject import Subject
from luigi.errors import CircularRequirement
from luigi.graph import refuse_circles

NAME: Final = "circle"
SUMMARY: Final = "tasks require each other in a circle"


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each circle; those that share a task with one are not told apart."""
    requires = subject.requires()
    while ring := _ring(requires):
        tasks = [subject.nodes[task_id].task for task_id in ring]
        path = " -> ".join(map(str, tasks))
        own = [task for task in tasks if type(task) in subject.classes]
        if own:
            hint = "one of these requires() must not name the next"
            yield subject.finding(type(own[0]), NAME, f"tasks require each other in a circle: {path}", hint, "requires")
        for task_id in ring[:-1]:
            del requires[task_id]


def _ring(requires: Mapping[str, Sequence[str]]) -> list[str]:
    """The ids along a circle, the first of them again at its end; empty without one."""
    path: list[str] = []
    try:
        refuse_circles(requires, path.append)
    except CircularRequirement:
        return path
    return []

"""Tasks folded by family: how many there are of each, and how many links lead from one to another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from luigi.scheduler.names import known_family
from luigi.scheduler.records import TaskRecord


class FamilyGraph(NamedTuple):
    """What is left of a graph, however large, when only families are told apart."""

    counts: dict[str, Counter[str]]
    """Family → status → how many of its tasks have it."""
    links: Counter[tuple[str, str]]
    """A family, and one that it requires → how often a task of the one requires one of the other."""


def folded(tasks: Iterable[TaskRecord]) -> FamilyGraph:
    """These tasks, and the links among them; no lock is needed for it.

    Those known by their ids alone are of the family that one may guess from those.
    """
    families = {task: known_family(task) for task in tasks}
    counts: dict[str, Counter[str]] = {family: Counter() for family in families.values()}
    for (family, status), number in Counter([(family, task.status) for task, family in families.items()]).items():
        counts[family][status] = number
    return FamilyGraph(counts, Counter(_links(families)))


def _links(families: dict[TaskRecord, str]) -> Iterator[tuple[str, str]]:
    for task, family in families.items():
        for dep in tuple(task.deps):  # at once: somebody may add to them
            other = families.get(dep)
            if other is not None:
                yield family, other

"""What is drawn: nodes, each a task or all tasks of a family, and which of them require which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

COMPLETE: Final = "complete"
PENDING: Final = "pending"
MISSING: Final = "missing"
UNKNOWN: Final = "unknown"
DISABLED: Final = "disabled"

STATUSES: Final = (COMPLETE, PENDING, MISSING, UNKNOWN, DISABLED)
"""What a check of a task can come to, in the order they are told. MISSING: an external task that is not complete;
UNKNOWN: the check, or `requires()`, raised."""

_TELLING = (UNKNOWN, MISSING, DISABLED, PENDING, COMPLETE)
"""The status of a family is the first of these that a task of it has."""


@dataclass(frozen=True, slots=True)
class Node:
    """One thing in a picture."""

    key: str
    """The task's id, or the family's name."""
    family: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    """The significant public ones, as texts; of a family none."""
    statuses: Counter[str] = field(default_factory=Counter)
    """Status → how many of the tasks; empty when none was asked for."""
    tasks: int = 1
    """How many tasks it stands for."""
    external: bool = False
    folded: bool = False
    """It stands for a family."""
    beyond: int = 0
    """How many requirements of it are not in the picture."""
    dynamic: bool = False
    """It may require more while it runs: what `run()` yields."""
    problem: str = ""
    """What `complete()` or `requires()` raised, in a line."""

    @property
    def detail(self) -> str:
        """What tells it from others of its family: `day=2013-07-04`, or how many tasks there are."""
        if self.folded:
            return "1 task" if self.tasks == 1 else f"{self.tasks:,} tasks"
        return ", ".join(f"{name}={value}" for name, value in self.parameters.items())

    @property
    def label(self) -> str:
        """The whole node in a line: `Load(day=2013-07-04)`, or `Load: 31 tasks`."""
        return f"{self.family}: {self.detail}" if self.folded else f"{self.family}({self.detail})"

    @property
    def status(self) -> str:
        """The most telling of the statuses of its tasks; empty when none was asked for."""
        if not self.statuses:
            return ""
        return next(status for status in _TELLING if self.statuses[status])

    @property
    def standing(self) -> str:
        """The statuses in words: `complete`, or `30 complete, 1 pending`."""
        if not self.folded:
            return self.status
        return ", ".join(f"{self.statuses[status]:,} {status}" for status in STATUSES if self.statuses[status])


@dataclass(frozen=True, slots=True)
class Picture:
    """A graph to be drawn."""

    nodes: Mapping[str, Node]
    """By key, those that were asked for first."""
    requires: Mapping[str, Mapping[str, int]]
    """Key → what it requires, both in the picture → how many pairs of tasks that stands for."""
    roots: Sequence[str]
    """Where to begin to read."""

    @property
    def tasks(self) -> int:
        """How many tasks there are, in all nodes."""
        return sum(node.tasks for node in self.nodes.values())

    @property
    def links(self) -> list[tuple[str, str, int]]:
        """Every (who requires, what, how many pairs of tasks)."""
        return [(key, dep, pairs) for key, deps in self.requires.items() for dep, pairs in deps.items()]

    def counts(self) -> dict[str, int]:
        """Status → tasks; without those that no task has."""
        total: Counter[str] = Counter()
        for node in self.nodes.values():
            total.update(node.statuses)
        return {status: total[status] for status in STATUSES if total[status]}

    def by_family(self) -> dict[str, list[Node]]:
        """The nodes of each family, in the order families are met."""
        families: dict[str, list[Node]] = {}
        for node in self.nodes.values():
            families.setdefault(node.family, []).append(node)
        return families

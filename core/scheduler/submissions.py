"""What is known of a submission: a run that no process stands for. Its tasks are run by the workers of pools.

It is a worker record by its id, so that tasks are declared, wanted and counted as they are for any worker; but it is
never lost by silence. Of its roots, the tasks that were asked for, only so many are let go at a time; the rest are
held.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from luigi.interfaces import TaskSpec
from luigi.scheduler.demands import NO_WISH, Wish, wish_of
from luigi.scheduler.records import ACTIVE, TaskRecord
from luigi.task_status import DISABLED, DONE, FAILED, UNKNOWN

RETRIED_FOR: Final = 86_400.0
"""Seconds from its beginning within which a submission stays because failed tasks of it may be tried again."""

ENDED: Final = frozenset({DONE, FAILED, DISABLED})
"""The statuses of a root that makes place for the next."""

SUCCESS: Final = "SUCCESS"
"""How it ended when all its roots are done."""

CANCELLED: Final = "CANCELLED"
"""How a submission ended that an operator did not want any more; other ends are names of `luigi.LuigiStatusCode`."""


@dataclass(slots=True, eq=False)
class Submission:
    """What a worker record that is a submission has besides."""

    roots: dict[str, None]
    """The ids of what was asked for."""
    max_active: int = 0
    """How many roots are let go at a time; 0 for all."""
    wish: Wish = NO_WISH
    """The queue and the labels of its tasks that have none of their own."""
    trigger: str = ""
    """The name of the trigger that fired it, if one did."""
    held: dict[str, None] = field(default_factory=dict)
    """Roots that are declared and not let go yet, in order."""
    active: dict[str, None] = field(default_factory=dict)
    """Roots that take a place: let go, not ended, and not stopped by a dead end."""
    quiet: float | None = None
    """Since when nothing of it can change without time or an operator. Seconds since the epoch."""
    status: str = ""
    """How it ended, once it is quiet and all its roots were declared."""
    counts: Counter[str] = field(default_factory=Counter)
    """Status → how many of its tasks have it."""
    root_counts: Counter[str] = field(default_factory=Counter)
    """The same of its roots."""
    stirring: dict[TaskRecord, None] = field(default_factory=dict)
    """Its tasks that became ready since it was last seen quiet; those that ended are dropped when that is asked."""

    @property
    def whole(self) -> bool:
        """Whether all its roots were declared."""
        return self.root_counts.total() >= len(self.roots)

    @property
    def has_place(self) -> bool:
        """Whether one more root may be let go."""
        return not self.max_active or len(self.active) < self.max_active

    def stirs(self) -> bool:
        """Whether anything of it is ready or runs."""
        while self.stirring:
            task = next(iter(self.stirring))
            if task.ready or task.status in ACTIVE:
                return True
            del self.stirring[task]
        return False

    def placed(self, spec: TaskSpec) -> TaskSpec:
        """A task in the submission's queue, and with its labels, where it has none of its own."""
        queue, labels = self.wish
        if self.wish is NO_WISH or (spec.queue and spec.labels):
            return spec
        return spec._replace(queue=spec.queue or queue, labels=spec.labels or labels)

    def involved(self, task: TaskRecord) -> None:
        """A task is one of its tasks from now on."""
        self.counts[task.status] += 1
        if task.task_id in self.roots:
            self.root_counts[task.status] += 1
            self._take_place(task)

    def let_go(self, task: TaskRecord) -> None:
        """A root is held no more."""
        del self.held[task.task_id]
        self._take_place(task)

    def _take_place(self, task: TaskRecord) -> None:
        """Let a root take a place, unless it is held or has ended."""
        if task.status in ENDED:
            self.active.pop(task.task_id, None)
        elif task.task_id not in self.held:
            self.active[task.task_id] = None

    def dismissed(self, task: TaskRecord) -> None:
        """A task is not one of its tasks any more."""
        self.counts[task.status] -= 1
        if task.task_id in self.roots:
            self.root_counts[task.status] -= 1

    def moved(self, task: TaskRecord, before: str) -> None:
        """One of its tasks had another status."""
        after = task.status
        self.counts[before] -= 1
        self.counts[after] += 1
        if after in ENDED:
            self.stirring.pop(task, None)
        if task.task_id in self.roots:
            self.root_counts[before] -= 1
            self.root_counts[after] += 1
            self._take_place(task)

    def outcome(self) -> str:
        """How it has ended, if it has: the name of a `luigi.LuigiStatusCode`."""
        if self.root_counts[DONE] >= len(self.roots):
            return SUCCESS
        if self.counts[FAILED] or self.counts[DISABLED]:
            return "FAILED"
        return "SCHEDULING_FAILED" if self.counts[UNKNOWN] or not self.whole else "MISSING_EXT"

    def may_be_retried(self, began: float, now: float) -> bool:
        """Whether it stays for failed tasks that time may bring back."""
        return self.counts[FAILED] > 0 and now < began + RETRIED_FOR


def submission_of(info: Mapping[str, Any]) -> Submission | None:
    """The submission that says this of itself; None for a worker. Anybody may say anything."""
    if info.get("submission") is not True:
        return None
    roots, most = info.get("roots"), info.get("max_active")
    ids = dict.fromkeys(map(str, roots)) if isinstance(roots, (list, tuple)) else {}
    trigger = str(info.get("name", "")) if info.get("kind") == "trigger" else ""
    labels = info.get("labels")
    wish = wish_of(str(info.get("queue") or ""), list(map(str, labels)) if isinstance(labels, (list, tuple)) else ())
    return Submission(ids, int(most) if isinstance(most, (int, float)) and most > 0 else 0, wish, trigger)

"""One walk of a graph, taken slice by slice: where it stands, and what it has to remember until it ends."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from luigi.graph import Found, discover
from luigi.task import Task
from luigi.worker.checks.checking import Checking


class Walk:
    """From `tasks` to all they need, leaving out ids in `met`; what is met is added to it."""

    def __init__(self, tasks: Iterable[Task], checking: Checking, met: set[str]) -> None:
        self.met = met
        self.found: Iterator[Found] = discover(tasks, checking.is_complete, met, checking.look_ahead)
        """What is still to be taken."""
        self.whole = True
        """Whether every check so far has gone through."""
        self.declared = False
        """Whether a slice was declared."""
        self.ended = False
        self.waiting: dict[str, Collection[str]] = {}
        """What each task requires that has requirements and is still to be run: only these can close a ring."""
        self.left_out: set[str] = set()
        """Ids of tasks that were declared otherwise while this walk was suspended."""
        self._checking = checking

    def leave_out(self, task_ids: Collection[str]) -> None:
        """These were declared otherwise: where this walk has still to look at them, or comes to them, it goes by."""
        self.left_out.update(task_ids)
        self.met.update(task_ids)

    def end(self) -> None:
        """Nothing more is taken."""
        self.ended = True
        self._checking.close()

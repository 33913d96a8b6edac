"""The observer of a run that remembers what tasks with such policies were when they succeeded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from luigi.event import Event
from luigi.hookspecs import hookimpl
from luigi.redo.choosing import Choosing
from luigi.redo.finding import marks_of
from luigi.redo.fingerprints import Fingerprints
from luigi.redo.policy import Noted
from luigi.redo.redo import ByPolicy, Redo

if TYPE_CHECKING:
    from luigi.worker.record import RunRecord, Seen


class Fingerprinting:
    """Told in a thread of its own; what it has not come to when a process is killed is missing, and nothing else."""

    def __init__(self, redo: Redo, choosing: Choosing, fingerprints: Fingerprints) -> None:
        self._redo = redo
        self._choosing = choosing
        self._fingerprints = fingerprints
        self._seen: Mapping[str, Seen] = {}
        self._kept: set[str] = set()

    @hookimpl
    def luigi_run_started(self, run: RunRecord, at: float) -> None:
        """Remember how complete tasks are that have a policy for the first time."""
        self._seen = run.seen
        for task, marks, known in self._redo.adopted:
            self._fingerprints.keep(task, {**known, **_noted(marks, at)})

    @hookimpl
    def luigi_task_event(self, task_id: str, event: str, at: float) -> None:
        """Remember a task that has succeeded."""
        if event == Event.SUCCESS and task_id in self._seen:
            self._keep(self._seen[task_id], at)

    @hookimpl
    def luigi_run_finished(self, run: RunRecord, at: float) -> None:
        """Remember what succeeded as part of a batch, too: of that no event was told."""
        for task_id in self._redo.marks:
            seen = run.seen.get(task_id)
            if seen is not None and seen.ran and task_id not in self._kept:
                self._keep(seen, at)

    def _keep(self, seen: Seen, at: float) -> None:
        task = seen.task
        marks = self._redo.marks.get(task.task_id)
        if marks is None:  # it was yielded by a run(), so that nobody knew of it before
            marks = marks_of(task, self._choosing.of(task))
        self._kept.add(task.task_id)
        if marks:
            self._fingerprints.keep(task, _noted(marks, at))


def _noted(marks: ByPolicy, at: float) -> dict[str, Noted]:
    return {name: Noted(at, one) for name, one in marks.items()}

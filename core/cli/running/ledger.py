"""Notes what happens in a run: when each attempt at a task began and ended, and what it said."""

from __future__ import annotations

from dataclasses import dataclass, field

from luigi import hookimpl
from luigi.clock import SYSTEM, Clock
from luigi.event import Event
from luigi.worker.record import RunRecord


@dataclass(slots=True)
class Try:
    """One attempt at a task."""

    began: float
    """Seconds since the epoch."""
    seconds: float | None = None
    """How long it ran; None as long as it has not ended."""
    said: str = ""
    """What `on_success()` or `on_failure()` gave: of a failure mostly the traceback, without private values."""


@dataclass(slots=True)
class Noted:
    """What was noted of one task."""

    tries: dict[int, Try] = field(default_factory=dict)
    """By the number of the assignment."""
    broken: str = ""
    """What `complete()` or `requires()` raised."""

    @property
    def seconds(self) -> float:
        """How long all attempts ran."""
        return sum(one.seconds or 0.0 for one in self.tries.values())

    @property
    def said(self) -> str:
        """What there is to say of it: what it said last."""
        return self.broken or next((one.said for one in reversed(self.tries.values()) if one.said), "")


class Ledger:
    """The plugin. What it is told comes from another thread, and all of it before the run has ended."""

    def __init__(self, clock: Clock = SYSTEM) -> None:
        self.run: RunRecord | None = None
        """None when the run never began."""
        self.tasks: dict[str, Noted] = {}
        self.began, self.ended = clock.now(), 0.0
        """Of the command; of the run, 0 when it never ended. Seconds since the epoch."""
        self.planned = 0.0
        """When the first task could be handed out."""

    @hookimpl
    def luigi_run_started(self, run: RunRecord, at: float) -> None:
        """The graph is known, or its first part."""
        self.run, self.planned = run, at

    @hookimpl
    def luigi_run_finished(self, run: RunRecord, at: float) -> None:
        """Nothing is left to do."""
        self.run, self.ended = run, at

    @hookimpl
    def luigi_task_event(self, task_id: str, event: str, detail: str, token: int, at: float) -> None:
        """Note it, if it is about an attempt, or a task that cannot be planned."""
        if event == Event.START:
            self._of(task_id).tries[token] = Try(at)
        elif event == Event.PROCESSING_TIME:
            self._try(task_id, token, at).seconds = float(detail)
        elif event == Event.SUCCESS:
            self._try(task_id, token, at).said = detail
        elif event == Event.FAILURE:
            failed = self._try(task_id, token, at)
            failed.said, failed.seconds = detail, at - failed.began
        elif detail and event in (Event.BROKEN_TASK, Event.DEPENDENCY_MISSING):  # the latter where complete() raised
            self._of(task_id).broken = detail

    def _of(self, task_id: str) -> Noted:
        return self.tasks.setdefault(task_id, Noted())

    def _try(self, task_id: str, token: int, at: float) -> Try:
        return self._of(task_id).tries.setdefault(token, Try(at))

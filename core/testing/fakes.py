"""Receivers in memory, for tests: they keep what they are told, and `Recorder` is the plugin that offers them all.

recorder = Recorder()
luigi.build([Load()], local_scheduler=True, plugins=[recorder])
assert [notice.kind for notice in recorder.notices] == ["task_failed"]
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from luigi.hookspecs import Provider, hookimpl
from luigi.telling import Happened, Mail, Notice, RunBegan, RunEnded, TaskFacts

if TYPE_CHECKING:
    from luigi.worker.record import RunRecord


class MemoryNotifier:
    """Keeps notices."""

    def __init__(self, notices: list[Notice] | None = None) -> None:
        self.notices: list[Notice] = [] if notices is None else notices
        """In the order they came."""

    def notify(self, notice: Notice) -> None:
        """Keep it."""
        self.notices.append(notice)


class MemoryMailer:
    """Keeps e-mails."""

    def __init__(self, mails: list[Mail] | None = None) -> None:
        self.mails: list[Mail] = [] if mails is None else mails
        """In the order they came."""

    def send(self, mail: Mail) -> None:
        """Keep it."""
        self.mails.append(mail)


class MemoryCollector:
    """Counts in memory."""

    def __init__(self, counts: Counter[tuple[str, str]] | None = None) -> None:
        self.counts: Counter[tuple[str, str]] = Counter() if counts is None else counts
        """(what, family) → times; `what` is started, failed, disabled, done or statistics."""

    def handle_task_started(self, task: TaskFacts) -> None:
        """Count it."""
        self.counts["started", task.family] += 1

    def handle_task_failed(self, task: TaskFacts) -> None:
        """Count it."""
        self.counts["failed", task.family] += 1

    def handle_task_disabled(self, task: TaskFacts, config: Any) -> None:
        """Count it."""
        self.counts["disabled", task.family] += 1

    def handle_task_done(self, task: TaskFacts) -> None:
        """Count it."""
        self.counts["done", task.family] += 1

    def handle_task_statistics(self, task: TaskFacts, statistics: Mapping[str, Any]) -> None:
        """Count it."""
        self.counts["statistics", task.family] += 1


class MemoryHistory:
    """Keeps what happened."""

    def __init__(self, happened: list[Happened] | None = None) -> None:
        self.happened: list[Happened] = [] if happened is None else happened
        """In the order it came."""

    def record(self, happened: Sequence[Happened]) -> None:
        """Keep a copy of all of it."""
        self.happened.extend([_copied(one) for one in happened])

    def close(self) -> None:
        """There is nothing to let go of."""


def _copied(happened: Happened) -> Happened:
    if isinstance(happened, RunBegan | RunEnded):
        return happened
    return happened._replace(task=happened.task._replace(params=dict(happened.task.params)))


class TaskEvent(NamedTuple):
    """What `luigi_task_event` told."""

    task_id: str
    family: str
    event: str
    detail: str
    token: int
    """Of the attempt; 0 where there is none."""
    at: float
    """Seconds since the epoch."""


class Transition(NamedTuple):
    """What `luigi_transition` told."""

    task_id: str
    family: str
    before: str
    after: str
    why: str
    at: float
    """Seconds since the epoch."""
    by: str = ""


class Recorder:
    """A plugin that keeps every moment, and offers a notifier, mailer, metrics collector and history named `memory`.

    What these are told is kept here too, however many of them are made.
    """

    def __init__(self) -> None:
        self.notices: list[Notice] = []
        self.mails: list[Mail] = []
        self.counts: Counter[tuple[str, str]] = Counter()
        """As in `MemoryCollector`."""
        self.happened: list[Happened] = []
        self.events: list[TaskEvent] = []
        self.transitions: list[Transition] = []
        self.started: list[RunRecord] = []
        self.finished: list[RunRecord] = []

    @hookimpl
    def luigi_notifiers(self) -> Iterator[Provider]:
        """Into `notices`."""
        yield Provider("memory", lambda: MemoryNotifier(self.notices), "a list of the test")

    @hookimpl
    def luigi_mailers(self) -> Iterator[Provider]:
        """Into `mails`."""
        yield Provider("memory", lambda: MemoryMailer(self.mails), "a list of the test")

    @hookimpl
    def luigi_metrics_collectors(self) -> Iterator[Provider]:
        """Into `counts`."""
        yield Provider("memory", lambda: MemoryCollector(self.counts), "counts of the test")

    @hookimpl
    def luigi_task_histories(self) -> Iterator[Provider]:
        """Into `happened`."""
        yield Provider("memory", lambda: MemoryHistory(self.happened), "a list of the test")

    @hookimpl
    def luigi_task_event(self, task_id: str, family: str, event: str, detail: str, token: int, at: float) -> None:
        """Into `events`."""
        self.events.append(TaskEvent(task_id, family, event, detail, token, at))

    @hookimpl
    def luigi_transition(
        self, task_id: str, family: str, before: str, after: str, why: str, by: str, at: float
    ) -> None:
        """Into `transitions`."""
        self.transitions.append(Transition(task_id, family, before, after, why, at, by))

    @hookimpl
    def luigi_run_started(self, run: RunRecord) -> None:
        """Into `started`."""
        self.started.append(run)

    @hookimpl
    def luigi_run_finished(self, run: RunRecord) -> None:
        """Into `finished`."""
        self.finished.append(run)

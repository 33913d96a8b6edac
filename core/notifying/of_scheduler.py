"""Notices of what the scheduler finds: tasks it gives up, failures that are told together, workers that are gone."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from luigi.notifying import has_rules
from luigi.observers import Listener
from luigi.scheduler.events import CANCELLED, Changed, Late
from luigi.task_status import BATCH_RUNNING, DISABLED, FAILED, RUNNING

if TYPE_CHECKING:
    from luigi.notifying.announcer import Announcer
    from luigi.notifying.batches import BatchNotices
    from luigi.plugin_manager import PluginManager
    from luigi.scheduler.config import scheduler as scheduler_config
    from luigi.telling import TaskFacts


def notices_of_scheduler(plugins: PluginManager, config: scheduler_config) -> Listener:
    """What tells people of it. Raises ConfigurationError and PluginError for a rule that cannot be followed."""
    from luigi.configuration import get_config

    announcing = Announcing(plugins, config)
    if has_rules(get_config()):
        announcing.announcer()
    return SchedulerNotices(announcing, config)


class SchedulerNotices(Listener):
    """What one scheduler has to say to people."""

    heeds = frozenset({FAILED, DISABLED})

    def __init__(self, announcing: Announcing, config: scheduler_config) -> None:
        self._announcing = announcing
        self._config = config

    def changed(self, change: Changed, task: TaskFacts, at: float) -> None:
        """Tell of a task that is given up, unless somebody wanted that, and of one whose worker was lost; count what is
        told together."""
        if change.after == DISABLED and change.before == FAILED and change.why != CANCELLED:
            self._disabled(change, task)
        elif change.after == FAILED and change.before != DISABLED:
            self._failed(change, task)

    def late(self, late: Late, task: TaskFacts, at: float) -> None:
        """Tell of a task that is not done by its deadline, and when it is at last."""
        from luigi import notices
        from luigi.notifying.rules import Topic

        if late.done:
            topic = Topic("recovered", task.family, _owners(task), "info")
            self._announcing.announcer().announce(topic, lambda: notices.done_at_last(task, late.deadline, at))
        else:
            topic = Topic("late", task.family, _owners(task))
            self._announcing.announcer().announce(topic, lambda: notices.late(task, late.deadline))

    def scheduling_failed(self, task: TaskFacts, at: float) -> None:
        """Count a task whose check raised. Its worker has told of it; here it is told with others."""
        if self._config.batch_emails:
            self._announcing.count("scheduling failure", task, task.expl)

    def flush(self) -> None:
        """Tell what was held back, and wait until all is told, but for notifiers that hang."""
        self._announcing.flush()

    def _disabled(self, change: Changed, task: TaskFacts) -> None:
        from luigi import notices
        from luigi.notifying.rules import Topic

        topic = Topic("disabled", task.family, _owners(task), failures=task.failures)
        persist = float(self._config.disable_persist)
        self._announcing.announcer().announce(topic, lambda: notices.disabled(task, change.why, persist))
        if self._config.batch_emails:
            self._announcing.count("disable", task)

    def _failed(self, change: Changed, task: TaskFacts) -> None:
        if change.before in (RUNNING, BATCH_RUNNING) and task.worker_running is None:
            self._lost(change, task)
        if self._config.batch_emails and change.before != BATCH_RUNNING:  # a batch fails once, as its runner
            self._announcing.count("failure", task, task.expl)

    def _lost(self, change: Changed, task: TaskFacts) -> None:
        """Nobody else can tell that: the worker is gone."""
        from luigi import notices
        from luigi.notifying.rules import Topic

        topic = Topic("task_failed", task.family, _owners(task), failures=task.failures)
        self._announcing.announcer().announce(topic, lambda: notices.task_lost(task, change.why))


class Announcing:
    """The announcer of one scheduler and what gathers for it, each made when there is something to tell."""

    def __init__(self, plugins: PluginManager, config: scheduler_config) -> None:
        self._plugins = plugins
        self._config = config
        self._lock = threading.RLock()
        self._announcer: Announcer | None = None
        self._batches: BatchNotices | None = None

    def announcer(self) -> Announcer:
        """Raises ConfigurationError and PluginError for a rule that cannot be followed."""
        from luigi.notifying.announcer import Announcer

        with self._lock:
            if self._announcer is None:
                mailed = "batch" if self._config.batch_emails else "disabled"
                self._announcer = Announcer(self._plugins, (mailed, "late"))
            return self._announcer

    def count(self, what: str, task: TaskFacts, expl: str = "") -> None:
        """Have it told with others: `what` is one of `grouping.COUNTED`."""
        self._gathering().add(what, task, expl)

    def _gathering(self) -> BatchNotices:
        from luigi.batch_notifier import batch_email
        from luigi.mailing.rules import addresses
        from luigi.mailing.sections import email
        from luigi.notifying.batches import BatchNotices

        with self._lock:
            if self._batches is None:
                self._batches = BatchNotices(self.announcer(), batch_email(), addresses(email().receiver))
            return self._batches

    def flush(self) -> None:
        """Send what was gathered, and wait until it has arrived."""
        if self._batches is not None:
            self._batches.end()
        if self._announcer is not None:
            self._announcer.flush()


def _owners(task: TaskFacts) -> tuple[str, ...]:
    return tuple(owner.strip() for owner in task.owners if owner.strip())

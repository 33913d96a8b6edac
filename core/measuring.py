"""Metrics: what happens to tasks goes to the collectors that `[scheduler] metrics_collector` names.

Every end of an attempt is told once: as done, failed, or disabled when it was the last; as by Luigi's scheduler.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from luigi.metrics import MetricsCollectors, collector_names, custom_collector
from luigi.observers import Listener
from luigi.task_status import BATCH_RUNNING, DISABLED, DONE, FAILED, RUNNING

if TYPE_CHECKING:
    from luigi.plugin_manager import PluginManager
    from luigi.scheduler.config import scheduler as scheduler_config
    from luigi.scheduler.events import Changed
    from luigi.telling import MetricsCollector, TaskFacts

DEADLINE = 5.0
"""How long, in seconds, the end of a run waits for a collector that is behind."""

CLOSING = 5.0
"""How long, in seconds, it waits for one that closes."""

AT_EXIT = 1.0
"""How long, in seconds, the end of the process waits for one that did not keep up."""

_ACTIVE = (RUNNING, BATCH_RUNNING)

Call = tuple[str, tuple[Any, ...]]
"""A method of a collector, and what to call it with."""

logger = logging.getLogger("luigi.plugins")


def measuring(plugins: PluginManager, config: scheduler_config) -> Measuring | None:
    """What counts; None when nobody collects.

    Raises PluginError for a name that no plugin offers, ConfigurationError for settings that will not do.
    """
    names = collector_names(config.metrics_collector)
    made: dict[str, MetricsCollector] = {}
    with ExitStack() as if_one_fails:
        for name in names:
            custom = name == MetricsCollectors.custom.name
            made[name] = (
                custom_collector(config.metrics_custom_import) if custom else plugins.make("metrics_collectors", name)
            )
            if_one_fails.callback(getattr(made[name], "close", _nothing))
        if_one_fails.pop_all()
    return Measuring(made, config) if made else None


class Measuring(Listener):
    """Tells collectors, by name, what happens to the tasks of a scheduler with this `[scheduler]` section."""

    def __init__(self, collectors: Mapping[str, MetricsCollector], config: Any) -> None:
        self._collectors = [_Told(name, collector) for name, collector in collectors.items()]
        self._config = config
        self._giving_up: set[str] = set()

    def changed(self, change: Changed, task: TaskFacts, at: float) -> None:
        """A task's status changed."""
        before, after = change.before, change.after
        if after in _ACTIVE:
            if before not in _ACTIVE:
                self.started(task)
        elif after == DONE:
            self._post("handle_task_done", _timed(task, before in _ACTIVE))
        elif after == FAILED and before != DISABLED:  # one that is enabled again has not failed again
            self._failed(task, before in _ACTIVE)
        elif after == DISABLED:
            ran = change.task_id in self._giving_up
            self._giving_up.discard(change.task_id)
            self._post("handle_task_disabled", _timed(task, ran), self._config)

    def _failed(self, task: TaskFacts, ran: bool) -> None:
        if task.status != DISABLED:
            self._post("handle_task_failed", _timed(task, ran))
        elif ran:  # that it is disabled for it comes next
            self._giving_up.add(task.id)

    # --- what Luigi's scheduler is asked to count ----------------------------------------------------------------

    def started(self, task: TaskFacts) -> None:
        """Count the start of a task."""
        self._post("handle_task_started", task)

    def stands(self, task: TaskFacts) -> None:
        """Count a task as what it is: done, failed or disabled."""
        if task.status == DISABLED:
            self._post("handle_task_disabled", task, self._config)
        elif task.status in (DONE, FAILED):
            self._post(f"handle_task_{task.status.casefold()}", task)

    def measured(self, task: TaskFacts, statistics: Mapping[str, Any]) -> None:
        """A worker measured something of a task."""
        self._post("handle_task_statistics", task, statistics)

    # --- what the server's page of metrics shows -------------------------------------------------------------------

    def generate_latest(self) -> str | bytes | None:
        """The figures of the first collector that has any to show; None when all send theirs."""
        pages = (one.collector.generate_latest() for one in self._collectors if _shows(one.collector))
        return next((page for page in pages if page is not None), None)

    def configure_http_handler(self, http_handler: Any) -> None:
        """Set the headers that go with them."""
        for one in self._collectors:
            if _shows(one.collector):
                one.collector.configure_http_handler(http_handler)

    # --- to the collectors -----------------------------------------------------------------------------------------

    def _post(self, method: str, *facts: Any) -> None:
        for one in self._collectors:
            one.post((method, facts))

    def flush(self) -> None:
        """Wait, though not long, until every collector has been told everything and has closed."""
        for one in self._collectors:
            one.flush()


class _Told:
    """One collector, and its courier."""

    def __init__(self, name: str, collector: Any) -> None:
        from luigi.couriers import Courier  # most runs are measured by nobody

        self.name, self.collector = name, collector
        self._posted = self._lost = 0
        self._raised = False
        self._courier: Courier[Call] = Courier(
            f"metrics collector {name}", self._deliver, self._failed, deadline=AT_EXIT, first_call=AT_EXIT
        )

    def post(self, call: Call) -> None:
        self._posted += 1  # two threads at once may count one: the number is for a sentence of the log
        self._courier.post(call)

    def flush(self) -> None:
        told = self._courier.flush(deadline=DEADLINE)
        lost = self._posted - self._courier.delivered - self._lost
        if lost > 0:
            self._lost += lost
            logger.warning("metrics collector %s has not got %d of the run's figures", self.name, lost)
        if told and hasattr(self.collector, "close"):
            self.post(("close", ()))
            told = self._courier.flush(CLOSING, CLOSING)
            if not told:
                logger.warning("metrics collector %s has not closed within %g seconds", self.name, CLOSING)
        if told:
            self._courier.close()

    def _deliver(self, calls: list[Call]) -> None:
        for method, facts in calls:
            getattr(self.collector, method, _nothing)(*facts)

    def _failed(self, error: BaseException, calls: list[Call]) -> None:
        if not self._raised:
            self._raised = True
            sentence = "metrics collector %s: %s raised; it is told on, and logged no more"
            logger.error(sentence, self.name, calls[0][0], exc_info=error)


def _nothing(*facts: Any) -> None:
    """In place of what a collector leaves out."""


def _shows(collector: Any) -> bool:
    return hasattr(collector, "generate_latest")


def _timed(task: TaskFacts, ran: bool) -> TaskFacts:
    """Without a time to reckon its running time from, if it was not an attempt that ended."""
    return task if ran else task._replace(time_running=None)

"""The hooks of the plugin, for one run; in the run's child processes, the one around its tasks."""

from __future__ import annotations

import logging
import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

import luigi
from luigi.event import Event
from luigi.plugins.observers.openlineage import identity
from luigi.plugins.observers.openlineage.events import Events
from luigi.plugins.observers.openlineage.sending import Sending

if TYPE_CHECKING:
    from luigi.hookspecs import Ran
    from luigi.plugins.observers.openlineage import Settings
    from luigi.task import Task
    from luigi.worker.context import Context
    from luigi.worker.record import RunRecord

PARENT = "OPENLINEAGE_PARENT_ID"
"""What others that emit events, such as Spark or dbt, read: namespace/name/run id of what has started them."""

logger = logging.getLogger("luigi.plugins")


class Observer:
    """Makes the events of runs, and tells what tasks start which attempt it is part of."""

    def __init__(self, settings: Settings) -> None:
        self._namespace = settings.namespace or os.environ.get("OPENLINEAGE_NAMESPACE", "") or "luigi"
        self._send = Sending(settings)
        self._parent = _read_parent(os.environ.get(PARENT, ""))
        self._events: Events | None = None
        self._began: dict[str, int] = {}
        """Task id → the token its attempt began with; after a wait for dynamic requirements it has another."""

    @luigi.hookimpl(wrapper=True, tryfirst=True)
    def luigi_run_task(self, task: Task, context: Context) -> Generator[None, Ran, Ran]:
        """Name the attempt to what the task starts."""
        task_id = task.task_id
        attempt = identity.of_attempt(context.run_id, task_id, self._began.setdefault(task_id, context.token))
        goes_on = False
        try:
            with _named(f"{self._namespace}/{task.task_family}/{attempt}"):
                ran = yield
            goes_on = ran.waits_for is not None
        finally:
            if not goes_on:
                self._began.pop(task_id, None)
        return ran

    @luigi.hookimpl
    def luigi_run_started(self, run: RunRecord, at: float) -> None:
        """The run's START."""
        self._events = Events(self._namespace, run, self._send, self._parent)
        self._events.run_started(at)

    @luigi.hookimpl
    def luigi_task_event(self, task_id: str, family: str, event: str, detail: str, token: int, at: float) -> None:
        """START, COMPLETE and FAIL of attempts."""
        if self._events is None:
            return
        if event == Event.START:
            self._events.attempt_started(task_id, family, token, at)
        elif event == Event.SUCCESS:
            self._events.attempt_succeeded(task_id, at)
        elif event == Event.FAILURE:
            self._events.attempt_failed(task_id, at, detail)

    @luigi.hookimpl
    def luigi_run_finished(self, at: float) -> None:
        """The run's end; have everything sent."""
        events, self._events = self._events, None
        if events is not None:
            events.run_finished(at)
            self._send.finish()


def _read_parent(text: str) -> tuple[str, str, str] | None:
    """Namespace, name and run id; the namespace may have slashes in it."""
    if not text:
        return None
    try:
        namespace, name, run_id = text.rsplit("/", 2)
        return namespace, name, str(UUID(run_id))
    except ValueError:
        logger.warning("openlineage: %s is not namespace/name/run id, and does not count: %s", PARENT, text)
        return None


@contextmanager
def _named(name: str) -> Iterator[None]:
    before = os.environ.get(PARENT)
    os.environ[PARENT] = name
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(PARENT, None)
        else:
            os.environ[PARENT] = before

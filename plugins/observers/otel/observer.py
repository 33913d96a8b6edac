"""The hooks of the plugin, for one run; in the run's child processes, those around its tasks."""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import TYPE_CHECKING

import luigi
from luigi.clock import SYSTEM
from luigi.event import Event
from luigi.plugins.observers.otel.identity import Identity, outer_context
from luigi.plugins.observers.otel.sending import Sending
from luigi.plugins.observers.otel.spans import NextId, Spans
from luigi.plugins.observers.otel.surroundings import Attempts, inside

if TYPE_CHECKING:
    from opentelemetry.sdk.resources import Resource

    from luigi.hookspecs import Ran
    from luigi.plugins.observers.otel import Settings
    from luigi.task import Task
    from luigi.worker.context import Context
    from luigi.worker.record import RunRecord

SCOPE = "luigi"


class Observer:
    """Makes the spans of a run, and tells tasks which they are in."""

    def __init__(self, settings: Settings) -> None:
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import SimpleSpanProcessor

        self._ids = NextId()
        self._provider = TracerProvider(
            resource=_resource(settings.service_name),
            id_generator=self._ids,  # type: ignore[arg-type]
            shutdown_on_exit=False,
        )
        self._sending = Sending(settings)
        self._provider.add_span_processor(SimpleSpanProcessor(self._sending))  # type: ignore[arg-type]
        self._outer = outer_context(os.environ)
        self._began: float | None = SYSTEM.now()
        self._attempts = Attempts()
        self._identity: Identity | None = None
        self._spans: Spans | None = None

    # --- around a task, in whatever process ---------------------------------------------------------------------

    @luigi.hookimpl(wrapper=True, tryfirst=True)
    def luigi_run_task(self, task: Task, context: Context) -> Generator[None, Ran, Ran]:
        """Have the attempt be the current span while the task's code runs."""
        identity = self._identity_of(context.run_id)
        token = self._attempts.begin(task.task_id, context.token)
        goes_on = False
        try:
            with inside(identity, identity.of_attempt(task.task_id, token)):
                ran = yield
            goes_on = ran.waits_for is not None
        finally:
            if not goes_on:
                self._attempts.end(task.task_id)
        return ran

    # --- moments, in the worker's process -----------------------------------------------------------------------

    @luigi.hookimpl
    def luigi_run_started(self, run: RunRecord, at: float) -> None:
        """Open the run's span. It began when this was made, before the graph was walked."""
        tracer = self._provider.get_tracer(SCOPE, luigi.__version__)
        self._spans = Spans(tracer, self._ids, self._identity_of(run.run_id), run)
        self._spans.run_started(self._outer, at if self._began is None else self._began)
        self._began = None

    @luigi.hookimpl
    def luigi_task_event(self, task_id: str, family: str, event: str, detail: str, token: int, at: float) -> None:
        """Open and end spans of tasks and attempts."""
        if self._spans is None:
            return
        if event == Event.START:
            self._spans.attempt_started(task_id, family, token, at)
        elif event == Event.SUCCESS:
            self._spans.attempt_succeeded(task_id, at)
        elif event == Event.FAILURE:
            self._spans.attempt_failed(task_id, at, detail)

    @luigi.hookimpl
    def luigi_run_finished(self, at: float) -> None:
        """End what is open and have it all sent."""
        spans, self._spans = self._spans, None
        if spans is not None:
            spans.run_finished(at)
            self._sending.shutdown()

    def _identity_of(self, run_id: str) -> Identity:
        if self._identity is None or self._identity.run_id != run_id:
            self._identity = Identity(run_id, self._outer, self._provider.sampler)
        return self._identity


def _resource(service_name: str) -> Resource:
    """Who sends this: what is configured, or OpenTelemetry's variables say; else the service `luigi`."""
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource

    host = {"host.name": os.uname().nodename} if hasattr(os, "uname") else {}
    found = Resource(host).merge(Resource.create())
    unnamed = str(found.attributes.get(SERVICE_NAME, "")).startswith("unknown_service")
    name = service_name or ("luigi" if unnamed else "")
    return found.merge(Resource({SERVICE_NAME: name})) if name else found

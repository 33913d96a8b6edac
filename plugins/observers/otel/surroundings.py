"""What a running task has around it: its attempt is the current span, and `TRACEPARENT` says so to what it starts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from luigi.environment import variables_set
from luigi.plugins.observers.otel.identity import Identity


class Attempts:
    """With which token each attempt in this process began: after a wait for dynamic requirements it has another."""

    def __init__(self) -> None:
        self._began: dict[str, int] = {}

    def begin(self, task_id: str, token: int) -> int:
        """A stretch begins with `token`; gives that of the attempt's first."""
        return self._began.setdefault(task_id, token)

    def end(self, task_id: str) -> None:
        """The attempt does not go on."""
        self._began.pop(task_id, None)


@contextmanager
def inside(identity: Identity, span_id: int) -> Iterator[None]:
    """While the block runs, this span of the trace is the current one."""
    from opentelemetry import context, trace
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    current = trace.set_span_in_context(trace.NonRecordingSpan(identity.context(span_id)))
    carrier: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carrier, current)
    attached = context.attach(current)
    try:
        with variables_set({name.upper(): value for name, value in carrier.items()}):
            yield
    finally:
        context.detach(attached)

"""Which span is which: ids that every process of a run derives from the run's id, so that none is sent along."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace.sampling import Sampler
    from opentelemetry.trace import SpanContext

RUN = "run"
"""The name of a run's span."""


def outer_context(environ: Mapping[str, str]) -> Context:
    """What `TRACEPARENT` and `TRACESTATE` say of the span that this process was started in; empty where they are not
    set, or make no sense."""
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    carrier = {name: environ[name.upper()] for name in ("traceparent", "tracestate") if name.upper() in environ}
    return TraceContextTextMapPropagator().extract(carrier)


class Identity:
    """The trace of one run, and the ids of the spans in it."""

    def __init__(self, run_id: str, outer: Context, sampler: Sampler) -> None:
        from opentelemetry.sdk.trace.sampling import Decision
        from opentelemetry.trace import TraceFlags, get_current_span

        self.run_id = run_id
        parent = get_current_span(outer).get_span_context()
        self.trace_id = parent.trace_id if parent.is_valid else _derived(16, run_id)
        """That of the outer span, if there is one."""
        self._state = parent.trace_state
        sampled = sampler.should_sample(outer, self.trace_id, RUN).decision is Decision.RECORD_AND_SAMPLE
        self._flags = TraceFlags(TraceFlags.SAMPLED if sampled else TraceFlags.DEFAULT)

    def of_run(self) -> int:
        """The id of the run's span."""
        return _derived(8, self.run_id, "run")

    def of_task(self, task_id: str) -> int:
        """The id of a task's span."""
        return _derived(8, self.run_id, "task", task_id)

    def of_attempt(self, task_id: str, token: int) -> int:
        """The id of the span of the attempt that began with the assignment `token`."""
        return _derived(8, self.run_id, "attempt", task_id, str(token))

    def context(self, span_id: int) -> SpanContext:
        """A span of this trace, as other processes are told of it."""
        from opentelemetry.trace import SpanContext

        return SpanContext(self.trace_id, span_id, True, self._flags, self._state)


def _derived(size: int, *parts: str) -> int:
    """A number of so many bytes, never 0, which no id may be."""
    digest = hashlib.sha256("\0".join(parts).encode(errors="backslashreplace")).digest()
    return int.from_bytes(digest[:size]) or 1

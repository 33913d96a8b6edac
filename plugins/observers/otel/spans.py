"""The spans of a run, made by its worker of the moments it is told of: run → task → attempt.

A task's span lasts from its first attempt to its success, or to the end of its last attempt when the run ends. Attempts
whose process was killed have a span too: whoever tells of their failure is the worker.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from luigi.plugins.observers.otel.identity import RUN, Identity
from luigi.private_values import masked

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.trace import Span, Tracer

    from luigi.worker.record import RunRecord

LONGEST_VALUE = 1_000
"""Characters of a parameter's value."""

LONGEST_TRACE = 10_000
"""Characters of what a failure said, from its end."""


class NextId:
    """Gives the SDK the ids that are wanted, in place of random ones."""

    def __init__(self) -> None:
        self.trace_id = self.span_id = 0

    def generate_trace_id(self) -> int:
        """Of a span without a parent."""
        return self.trace_id

    def generate_span_id(self) -> int:
        """Of any span."""
        return self.span_id

    def is_trace_id_random(self) -> bool:
        """They are digests, as good as random; but nobody may rely on it."""
        return False


@dataclass(slots=True)
class _Task:
    """A task that has begun and may go on."""

    span: Span
    attempt: Span | None = None
    attempts: int = 0
    until: float = 0
    """When its last attempt failed."""


class Spans:
    """Opens and ends the spans of one run. Times are seconds since the epoch."""

    def __init__(self, tracer: Tracer, ids: NextId, identity: Identity, run: RunRecord) -> None:
        self._tracer = tracer
        self._ids = ids
        self._identity = identity
        self._record = run
        self._open: dict[str, _Task] = {}
        self._run: Span | None = None

    def run_started(self, outer: Context, at: float) -> None:
        """The run has begun, inside of what `outer` says."""
        roots = [str(root.task_id) for root in self._record.roots[:100]]
        facts = {"luigi.run.id": self._record.run_id, "luigi.run.roots": [_clean(root) for root in roots]}
        self._ids.trace_id = self._identity.trace_id
        self._run = self._start(RUN, self._identity.of_run(), outer, at, facts)

    def attempt_started(self, task_id: str, family: str, token: int, at: float) -> None:
        """A task was handed to the executor."""
        task = self._open.get(task_id)
        if task is None:
            facts = {"luigi.task.id": _clean(task_id), "luigi.task.family": family, **self._parameters(task_id)}
            span = self._start(family, self._identity.of_task(task_id), _in(self._run), at, facts)
            task = self._open[task_id] = _Task(span)
        elif task.attempt is not None:
            self._end_attempt(task, at, "it was taken from this worker")
        task.attempts += 1
        about = {"luigi.task.id": _clean(task_id), "luigi.attempt.number": task.attempts, "luigi.attempt.token": token}
        name = f"{family} attempt"
        task.attempt = self._start(name, self._identity.of_attempt(task_id, token), _in(task.span), at, about)

    def attempt_succeeded(self, task_id: str, at: float) -> None:
        """The task is done."""
        task = self._open.pop(task_id, None)
        if task is not None:
            self._end_attempt(task, at)
            self._end_task(task, at)

    def attempt_failed(self, task_id: str, at: float, said: str) -> None:
        """An attempt failed; there may be another."""
        task = self._open.get(task_id)
        if task is not None:
            seen = self._record.seen.get(task_id)
            self._end_attempt(task, at, masked(seen.task, said) if seen else said)
            task.until = at

    def run_finished(self, at: float) -> None:
        """End all that is open."""
        for task in self._open.values():
            if task.attempt is not None:
                self._end_attempt(task, at, "the run ended before it did")
                task.until = at
            _fail(task.span, "it did not succeed in this run")
            self._end_task(task, task.until)
        self._open.clear()
        if self._run is not None:
            self._end_run(self._run, at)

    # --- one span ----------------------------------------------------------------------------------------------

    def _start(self, name: str, span_id: int, context: Context, at: float, facts: dict[str, Any]) -> Span:
        self._ids.span_id = span_id
        return self._tracer.start_span(_clean(name), context, attributes=facts, start_time=_nanoseconds(at))

    def _end_attempt(self, task: _Task, at: float, error: str = "") -> None:
        if task.attempt is None:
            return
        if error:
            said = _clean(error)
            facts = {"exception.message": _last_line(said), "exception.stacktrace": said[-LONGEST_TRACE:]}
            task.attempt.add_event("exception", facts, timestamp=_nanoseconds(at))
            _fail(task.attempt, _last_line(said))
        task.attempt.end(_nanoseconds(at))
        task.attempt = None

    def _end_task(self, task: _Task, at: float) -> None:
        task.span.set_attribute("luigi.task.attempts", task.attempts)
        task.span.end(_nanoseconds(at))

    def _end_run(self, span: Span, at: float) -> None:
        seen = self._record.seen.values()
        for status, number in Counter(one.status or one.declared for one in seen).items():
            span.set_attribute(f"luigi.run.tasks.{status.lower()}", number)
        failed = sum(one.failures > 0 and not one.ran for one in seen)
        if failed or not self._record.scheduling_succeeded:
            _fail(span, f"{failed} tasks failed" if failed else "not every task could be scheduled")
        span.end(_nanoseconds(at))

    def _parameters(self, task_id: str) -> dict[str, str]:
        seen = self._record.seen.get(task_id)
        public = seen.task.to_str_params(only_public=True) if seen else {}
        return {f"luigi.task.parameter.{name}": _clean(text[:LONGEST_VALUE]) for name, text in public.items()}


def _in(span: Span | None) -> Context:
    from opentelemetry.context import Context
    from opentelemetry.trace import set_span_in_context

    return Context() if span is None else set_span_in_context(span, Context())


def _fail(span: Span, why: str) -> None:
    from opentelemetry.trace import Status, StatusCode

    span.set_status(Status(StatusCode.ERROR, why))


def _nanoseconds(at: float) -> int:
    return int(at * 1_000_000_000)


def _last_line(text: str) -> str:
    return text.strip().rpartition("\n")[2][:LONGEST_VALUE] or "failed"


def _clean(text: str) -> str:
    """What can be sent: half a surrogate pair cannot, and would take the whole request with it."""
    return text.encode(errors="backslashreplace").decode()

"""Events and effects as JSON: an entry of the journal is what happened in one call, and when.

What is read is equal to what was written, but that sequences come back as lists; nothing the machine does depends on
that. Text that JSON has no place for (lone surrogates, NUL) is escaped: what is written is ASCII.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from luigi.errors import KernelError
from luigi.interfaces import Answer, Assignment, Batcher, Began, Message, Progress, Report, RetryPolicy, TaskSpec
from luigi.scheduler import events
from luigi.scheduler.events import Assigned, Delivered, Effect, Event, HandedIn, Refused, Welcomed


class Entry(NamedTuple):
    """What was kept of one call."""

    at: float
    """Seconds since the epoch."""
    happened: Sequence[Event]
    broke: bool = False
    """Whether the last of the events could not be taken in to its end: a fault in the kernel, repeated in a replay."""


def written(value: Any) -> str:
    """Any collection of texts, numbers and records as JSON. Raises KernelError for one that contains itself."""
    try:
        return _ENCODER.encode(value)
    except (ValueError, TypeError, RecursionError) as error:
        raise KernelError(f"this cannot be kept: {error}") from error


def event_text(event: Event) -> str:
    """One event, as an entry has it."""
    if type(event) is HandedIn:
        return written((type(event.said).__name__, event.worker, event.said))
    return written((type(event).__name__, *event))


def entry_text(at: float, events: Iterable[str], *, broke: bool = False) -> str:
    """An entry of events that are written already."""
    return f"[{at!r},[{','.join(events)}]{',1' if broke else ''}]"


def read_entry(text: str) -> Entry:
    """What `entry_text` gave. Raises KernelError for anything else."""
    try:
        at, happened, *broke = json.loads(text)
        return Entry(float(at), [_READERS[kind](*fields) for kind, *fields in happened], bool(broke))
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise KernelError(f"no entry of a journal: {error!r}") from error


def effect_fields(effect: Effect) -> Sequence[Any]:
    """One effect of those that answer a worker, as `written` takes it."""
    return (type(effect).__name__, *effect)


def read_effect(kind: str, *fields: Any) -> Effect:
    """What `effect_fields` gave, after it was written and read. Raises KeyError for anything else."""
    return _EFFECTS[kind](*fields)


def _plain(value: Any) -> Any:
    """What JSON does not know: a mapping of another kind, a set, and what a worker may say of itself."""
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, Iterable) else str(value)


_ENCODER: Final = json.JSONEncoder(separators=(",", ":"), default=_plain)


def read_spec(fields: Sequence[Any]) -> TaskSpec:
    """A spec, as `written` wrote it. One of an earlier version has fewer fields."""
    spec = TaskSpec(*fields)
    return spec if spec.retry_policy is None else spec._replace(retry_policy=RetryPolicy(*spec.retry_policy))


def _batcher(fields: Sequence[Any]) -> Batcher:
    family, batched, size = fields
    return Batcher(family, tuple(batched), size)


def _declared(worker: str, tasks: Sequence[Any], batchers: Sequence[Any], submission: str = "") -> Event:
    specs = [read_spec(fields) for fields in tasks]
    return events.Declared(worker, specs, [_batcher(fields) for fields in batchers], submission)


def _fired(trigger: str, due: float, submission: str, specs: Sequence[Any], *further: Any) -> Event:
    return events.Fired(trigger, due, submission, [read_spec(fields) for fields in specs], *further)


def _configured(policy: Sequence[Any], *fields: Any) -> Event:
    return events.Configured(RetryPolicy(*policy), *fields)


def _began(token: int, spec: Sequence[Any]) -> Began:
    return Began(token, read_spec(spec))


def _handed_in(record: Callable[..., Any]) -> Callable[..., Event]:
    return lambda worker, fields: HandedIn(worker, record(*fields))


_READERS: Final[Mapping[str, Callable[..., Event]]] = {
    **{
        kind.__name__: kind
        for kind in (
            *(events.Called, events.Introduced, events.Asked, events.Seen, events.Heard, events.Ticked),
            *(events.Forgiven, events.Retried, events.Cancelled, events.MarkedDone, events.ReEnabled),
            *(events.WorkerDisabled, events.ProcessesSet),
            *(events.MessageSent, events.LimitSet, events.Paused, events.Unpaused, events.Remembered),
            *(events.SubmissionCancelled, events.TriggerPaused, events.TriggerUnpaused, events.TriggerForgotten),
        )
    },
    "Configured": _configured,
    "Fired": _fired,
    "Declared": _declared,
    "Report": _handed_in(Report),
    "Progress": _handed_in(Progress),
    "Answer": _handed_in(Answer),
    "Began": _handed_in(_began),
}


def _assigned(fields: Sequence[Any]) -> Effect:
    assignment = Assignment(*fields)
    return Assigned(assignment if assignment.batch else assignment._replace(batch=()))


_EFFECTS: Final[Mapping[str, Callable[..., Effect]]] = {
    "Assigned": _assigned,
    "Delivered": lambda fields: Delivered(Message(*fields)),
    "Refused": Refused,
    "Welcomed": Welcomed,
}

"""What a scheduler remembers over a restart: the shortest story that leads to its state, as text.

A story is events with their times, told to a new machine. Left out is what nobody misses: who asked when, effects
already told, which tasks were a batch (they are PENDING again).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from luigi.errors import KernelError
from luigi.interfaces import Batcher, Progress, RetryPolicy, TaskSpec
from luigi.scheduler import events
from luigi.scheduler.events import Event
from luigi.scheduler.machine import Machine
from luigi.scheduler.records import Lease, TaskRecord
from luigi.scheduler.workers import WorkerRecord
from luigi.task_status import BATCH_RUNNING, DISABLED, FAILED, PENDING, RUNNING

VERSION: Final = 1
NOBODY: Final = "nobody any more"
"""The worker said to have declared what no worker wants: soon it is lost, as any that is silent."""

FOREVER: Final = 10**9


def written(machine: Machine, now: float) -> str:
    """The machine's state at `now` as JSON."""
    story = [[at, type(event).__name__, _plain(event)] for at, event in story_of(machine, now)]
    return json.dumps({"version": VERSION, "story": story}, separators=(",", ":"))


def read(text: str | bytes) -> list[tuple[float, Event]]:
    """The story in what `written` gave. Raises KernelError for anything else."""
    try:
        told = json.loads(text)
        if told["version"] != VERSION:
            raise ValueError(f"version {told['version']}")
        return [(at, _EVENTS[kind](*fields)) for at, kind, fields in told["story"]]
    except (ValueError, KeyError, TypeError) as error:
        raise KernelError(
            f"this is not a scheduler's state that can be read here: {error}",
            hint="move the file away, and let the workers declare their tasks again",
        ) from error


def story_of(machine: Machine, now: float) -> Iterator[tuple[float, Event]]:
    """Events that lead a new machine to this state, each with its time. Times are in seconds since the epoch."""
    tokens = iter(range(1, len(machine.tasks) + 1))
    for name, limit in machine.resources.limits.items():
        yield 0.0, events.LimitSet(name, limit)
    for worker in machine.workers:
        yield worker.known_since, events.Introduced(worker.worker_id, worker.info)
        yield worker.known_since, events.Declared(worker.worker_id, (), tuple(machine.batchers(worker.worker_id)))
    for task in machine.tasks.values():
        if task.family:
            yield from _task(task, tokens, now)
    for worker in machine.workers:
        yield from _end_of(worker)
    if machine.paused:
        yield 0.0, events.Paused()


def _task(task: TaskRecord, tokens: Iterator[int], now: float) -> Iterator[tuple[float, Event]]:
    """A task becomes known to all who want it or can run it, fails as often as it did, and comes to its status."""
    involved = list(dict.fromkeys([*task.runners, *task.stakeholders])) or [NOBODY]
    spec = _spec(task)
    for name in involved:
        yield task.known_since, events.Declared(name, [spec._replace(runnable=name in task.runners)])
    spec = spec._replace(runnable=False)
    times = sorted({*task.failures, *(() if task.first_failure is None else (task.first_failure,))})
    for at in times:
        disables = task.disabled_here and at == times[-1]
        policy = task.policy._replace(retry_count=1 if disables else FOREVER, disable_hard_timeout=FOREVER)
        for status in (PENDING, FAILED):
            yield at, events.Declared(involved[0], [spec._replace(status=status, retry_policy=policy)])
    if task.status == RUNNING and task.lease is not None and task.lease.worker is not None:
        yield from _lease(task, task.lease, task.lease.worker, spec, next(tokens))
    else:
        for status in _way_to(task, times):
            yield task.updated, events.Declared(involved[0], [spec._replace(status=status)])
    if involved[0] != NOBODY:
        yield now, events.Declared(involved[0], [spec._replace(status="")])


def _way_to(task: TaskRecord, failures: Sequence[float]) -> Sequence[str]:
    """The statuses to be declared of a task that has failed so often."""
    if task.disabled_here or (task.status == FAILED and failures and failures[-1] == task.updated):
        return ()
    if task.status == FAILED:
        return (DISABLED, FAILED)  # that way it is not counted as one more failure
    return (PENDING if task.status == BATCH_RUNNING else task.status,)


def _lease(task: TaskRecord, lease: Lease, worker: str, spec: TaskSpec, token: int) -> Iterator[tuple[float, Event]]:
    given_back = {name: amount - dict(lease.held).get(name, 0) for name, amount in task.needs}
    said = Progress(task.task_id, token, lease.tracking_url, lease.status_message, lease.percentage, given_back)
    yield lease.started, events.Declared(worker, [spec._replace(status=RUNNING)])
    yield lease.started, events.HandedIn(worker, said)


def _spec(task: TaskRecord) -> TaskSpec:
    return TaskSpec(
        task.task_id,
        task.family,
        task.module,
        task.params,
        "",
        [dep.task_id for dep in task.deps],
        True,
        task.rank,
        dict(task.needs),
        task.policy,
        task.explanation,
        task.batchable,
        task.accepts_messages,
        task.hidden,
        task.owners,
    )


def _end_of(worker: WorkerRecord) -> Iterator[tuple[float, Event]]:
    name = worker.worker_id
    yield worker.active, events.Seen(name)
    for message in worker.messages:
        facts = message.kwargs
        if message.name == "set_worker_processes":
            yield worker.active, events.ProcessesSet(name, facts["n"])
        else:
            yield worker.active, events.MessageSent(name, facts["task_id"], facts["message_id"], facts["content"])
    if not worker.enabled:
        yield worker.active, events.WorkerDisabled(name)


# --- events as JSON ------------------------------------------------------------------------------------------------


def _plain(event: Event) -> list[Any]:
    return [dict(value) if isinstance(value, Mapping) else value for value in event]


def _declared(worker: str, tasks: Iterable[list[Any]], batchers: Iterable[list[Any]]) -> Event:
    specs = [TaskSpec(*fields) for fields in tasks]
    specs = [
        spec._replace(retry_policy=RetryPolicy(*spec.retry_policy)) if spec.retry_policy else spec for spec in specs
    ]
    return events.Declared(worker, specs, [Batcher(*fields) for fields in batchers])


def _handed_in(worker: str, said: list[Any]) -> Event:
    return events.HandedIn(worker, Progress(*said))


_EVENTS: Final[Mapping[str, Callable[..., Event]]] = {
    "LimitSet": events.LimitSet,
    "Introduced": events.Introduced,
    "Declared": _declared,
    "HandedIn": _handed_in,
    "Seen": events.Seen,
    "ProcessesSet": events.ProcessesSet,
    "MessageSent": events.MessageSent,
    "WorkerDisabled": events.WorkerDisabled,
    "Paused": events.Paused,
}

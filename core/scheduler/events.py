"""What the machine is told (events) and what it answers (effects).

Past participles, and nothing in them but text, numbers and collections of those: events are what a state store
keeps, and replaying them gives the same state and the same effects.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from luigi.interfaces import Assignment, Batcher, Message, RetryPolicy, Said, TaskSpec

# --- events: the scheduler itself --------------------------------------------------------------------------------


class Configured(NamedTuple):
    """The scheduler began, with these settings. Times are in seconds.

    Every worker it knows counts as heard of now: nobody could be heard of while it was away.
    """

    policy: RetryPolicy
    limits: Mapping[str, int]
    """How much there is of each resource. One that an operator has set stays, until it is configured otherwise."""
    remove_delay: float
    disconnect_delay: float
    cooldown: float
    rules: int
    """The version of the rules by which the machine goes on from here."""


class Heard(NamedTuple):
    """When workers were heard of last, where nothing else came of it and so no event was kept."""

    workers: Sequence[tuple[str, float, float | None, int]]
    """Id, when it was heard of last, when it asked for work last, the number of its last call."""


# --- events: what workers do -----------------------------------------------------------------------------------


class Called(NamedTuple):
    """A worker began a call that it has numbered. A repeated one is answered as it was; the rest of it is left out."""

    worker: str
    number: int


class Introduced(NamedTuple):
    """A worker said who it is: host, pid, how many processes it has (workers), whether it is an assistant …"""

    worker: str
    info: Mapping[str, Any]


class Declared(NamedTuple):
    """A worker made tasks known, and how it runs families of them as batches."""

    worker: str
    tasks: Sequence[TaskSpec]
    batchers: Sequence[Batcher] = ()


class HandedIn(NamedTuple):
    """A worker said how an assigned task ended, how far it is, what it made of a batch, or what it answers."""

    worker: str
    said: Said


class Asked(NamedTuple):
    """A worker asked for up to `want` tasks.

    `holding`, where a worker says it, are the ids of all it runs: what is assigned to it and not among them got lost
    on the way, and is handed to it again.
    """

    worker: str
    want: int
    holding: Sequence[str] | None = None


class Seen(NamedTuple):
    """A worker gave a sign of life."""

    worker: str


# --- events: what time and operators do: `by` is the operator's name -------------------------------------------------


class Ticked(NamedTuple):
    """Time passed: what was waiting for it may be due."""


class Forgiven(NamedTuple):
    """An operator wants a failed task tried again now."""

    task_id: str
    by: str = ""


class Retried(NamedTuple):
    """An operator wants a failed or disabled task tried again now, as if it had never failed."""

    task_id: str
    by: str = ""


class Cancelled(NamedTuple):
    """An operator wants a task not to be run, and its run ended if it has one."""

    task_id: str
    by: str = ""


class MarkedDone(NamedTuple):
    """An operator says the task's work is done."""

    task_id: str
    by: str = ""


class ReEnabled(NamedTuple):
    """An operator gives a disabled task back to the workers."""

    task_id: str
    by: str = ""


class WorkerDisabled(NamedTuple):
    """An operator lets a worker finish what it runs and have nothing more."""

    worker: str
    by: str = ""


class ProcessesSet(NamedTuple):
    """An operator wants a worker to run so many tasks at a time."""

    worker: str
    number: int
    by: str = ""


class MessageSent(NamedTuple):
    """An operator sent a message to a task, by way of the worker that runs it."""

    worker: str
    task_id: str
    message_id: str
    text: str
    by: str = ""


class LimitSet(NamedTuple):
    """An operator set how much of a resource there is."""

    resource: str
    amount: int
    by: str = ""


class Paused(NamedTuple):
    """No task is handed out until unpaused."""

    by: str = ""


class Unpaused(NamedTuple):
    """Tasks are handed out again."""

    by: str = ""


Event = (
    Configured
    | Heard
    | Called
    | Introduced
    | Declared
    | HandedIn
    | Asked
    | Seen
    | Ticked
    | Forgiven
    | Retried
    | Cancelled
    | MarkedDone
    | ReEnabled
    | WorkerDisabled
    | ProcessesSet
    | MessageSent
    | LimitSet
    | Paused
    | Unpaused
)

# --- effects ---------------------------------------------------------------------------------------------------


CANCELLED: Final = "cancelled"
"""Why a task that an operator has cancelled is DISABLED."""


class Changed(NamedTuple):
    """A task went from one status to another."""

    task_id: str
    family: str
    before: str
    after: str
    why: str
    by: str = ""
    """The worker whose call it was, or the operator's name; "" where it was time."""


class Assigned(NamedTuple):
    """A task, or a batch, is the worker's to run."""

    assignment: Assignment


class Delivered(NamedTuple):
    """A message goes out to the worker with this answer."""

    message: Message


class Refused(NamedTuple):
    """An event was not believed or could not apply."""

    task_id: str
    why: str


class Repeated(NamedTuple):
    """The call was made before: what it brought then is among the effects again, and nothing else is to be done."""


class Welcomed(NamedTuple):
    """A worker that nobody knew is known from now on."""

    worker: str


class WorkerLost(NamedTuple):
    """A worker was not heard of for too long: what it ran has failed, and it is forgotten."""

    worker: str


class Removed(NamedTuple):
    """Nobody has wanted a task for long enough: it is forgotten."""

    task_id: str


Effect = Changed | Assigned | Delivered | Refused | Repeated | Welcomed | WorkerLost | Removed

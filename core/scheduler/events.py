"""What the machine is told (events) and what it answers (effects).

Past participles, and nothing in them but text, numbers and collections of those: events are what a state store
keeps, and replaying them gives the same state and the same effects.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from luigi.interfaces import NOTHING, Assignment, Batcher, Message, RetryPolicy, Said, TaskSpec

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
    windows: Mapping[str, float] = NOTHING
    """Of resources that are rates: the seconds after which what was taken is there again."""


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
    submission: str = ""
    """Who wants them, where the worker has planned them for a submission. Nothing follows if that is gone."""


class HandedIn(NamedTuple):
    """A worker said how an assigned task ended, how far it is, what it made of a batch, or what it answers."""

    worker: str
    said: Said


class Asked(NamedTuple):
    """A worker asked for up to `want` tasks.

    `holding`, where a worker says it, are the ids of all it runs: what is assigned to it and not among them got lost
    on the way, and is handed to it again. `waits` is how many it takes besides of those that only wait.
    """

    worker: str
    want: int
    holding: Sequence[str] | None = None
    waits: int = 0


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
    window: float | None = None
    """Of what is a rate from now on: the seconds within which that much is begun. None leaves it as it is."""


class SubmissionCancelled(NamedTuple):
    """An operator wants nothing run for a submission any more."""

    submission: str
    by: str = ""


class Fired(NamedTuple):
    """A trigger fired: it was `due` by its time-table, or somebody wants it now. Refused when it is not later than
    what was due last, or the trigger is paused; nothing of it is taken in then."""

    trigger: str
    due: float
    """Seconds since the epoch."""
    submission: str
    """The id under which its tasks are submitted."""
    specs: Sequence[TaskSpec]
    """The tasks that are asked for. None where it only moves on in its time-table."""
    overlap: str = "skip"
    """One of `triggers.OVERLAPS`: what becomes of it while what the trigger submitted last goes on."""
    facts: Mapping[str, Any] = NOTHING
    """What the submission says of itself besides: max_active …"""
    timely: bool = True
    """False where somebody wants it now: that is no matter of the time-table, nor of its being paused."""
    by: str = ""


class TriggerPaused(NamedTuple):
    """An operator wants a trigger not to fire until unpaused."""

    trigger: str
    by: str = ""


class TriggerUnpaused(NamedTuple):
    """An operator lets a trigger fire again."""

    trigger: str
    by: str = ""


class TriggerForgotten(NamedTuple):
    """A trigger is not configured any more, and an operator wants it gone."""

    trigger: str
    by: str = ""


class Paused(NamedTuple):
    """No task is handed out until unpaused."""

    by: str = ""


class Remembered(NamedTuple):
    """Something around the scheduler has a text kept under a name, until it is replaced; an empty one is forgotten."""

    name: str
    text: str


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
    | SubmissionCancelled
    | Fired
    | TriggerPaused
    | TriggerUnpaused
    | TriggerForgotten
    | Paused
    | Unpaused
    | Remembered
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


class Late(NamedTuple):
    """A task is not done by its deadline; or it is at last, after that was said."""

    task_id: str
    deadline: float
    """Seconds since the epoch."""
    done: bool = False


class WorkerLost(NamedTuple):
    """A worker was not heard of for too long: what it ran has failed, and it is forgotten."""

    worker: str


class Removed(NamedTuple):
    """Nobody has wanted a task for long enough: it is forgotten."""

    task_id: str


class Submitted(NamedTuple):
    """A trigger's firing became a submission."""

    submission: str
    info: Mapping[str, Any]
    """What it says of itself."""


class Settled(NamedTuple):
    """Nothing of a submission can change any more without time or an operator."""

    submission: str
    status: str
    """How it ended so far: the name of a `luigi.LuigiStatusCode`, or CANCELLED."""


class Resumed(NamedTuple):
    """A submission that was settled goes on: a task of it is tried again."""

    submission: str


class SubmissionLeft(NamedTuple):
    """A submission is forgotten: it was settled for long enough."""

    submission: str


class Passed(NamedTuple):
    """A firing was let pass, because what the trigger submitted before goes on."""

    trigger: str
    due: float


OfASubmission = Submitted | Settled | Resumed | SubmissionLeft
"""What becomes of submissions."""

Effect = (
    OfASubmission
    | Passed
    | Changed
    | Assigned
    | Delivered
    | Refused
    | Repeated
    | Welcomed
    | Late
    | WorkerLost
    | Removed
)

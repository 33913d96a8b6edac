"""What the machine is told (events) and what it answers (effects).

Past participles, and nothing in them but text, numbers and collections of those: events are what a state store
keeps, and replaying them gives the same state and the same effects.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from luigi.interfaces import Assignment, Progress, Report, TaskSpec

# --- events ----------------------------------------------------------------------------------------------------


class Declared(NamedTuple):
    """A worker made tasks known."""

    worker: str
    tasks: Sequence[TaskSpec]


class Reported(NamedTuple):
    """A worker said how an assigned task ended."""

    worker: str
    report: Report


class Progressed(NamedTuple):
    """A running task showed how far it is, or gave back resources."""

    worker: str
    progress: Progress


class Asked(NamedTuple):
    """A worker asked for up to `want` tasks."""

    worker: str
    want: int


class Ticked(NamedTuple):
    """Time passed: what was waiting for it may be due."""


class Forgiven(NamedTuple):
    """An operator wants a failed task tried again now."""

    task_id: str


class MarkedDone(NamedTuple):
    """An operator says the task's work is done."""

    task_id: str


class ReEnabled(NamedTuple):
    """An operator gives a disabled task back to the workers."""

    task_id: str


class LimitSet(NamedTuple):
    """An operator set how much of a resource there is."""

    resource: str
    amount: int


class Paused(NamedTuple):
    """No task is handed out until unpaused."""


class Unpaused(NamedTuple):
    """Tasks are handed out again."""


Event = (
    Declared | Reported | Progressed | Asked | Ticked | Forgiven | MarkedDone | ReEnabled | LimitSet | Paused | Unpaused
)

# --- effects ---------------------------------------------------------------------------------------------------


class Changed(NamedTuple):
    """A task went from one status to another."""

    task_id: str
    family: str
    before: str
    after: str
    why: str


class Assigned(NamedTuple):
    """A task is the worker's to run."""

    assignment: Assignment


class Refused(NamedTuple):
    """An event was not believed or could not apply."""

    task_id: str
    why: str


Effect = Changed | Assigned | Refused

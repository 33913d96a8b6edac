"""What one worker saw of each task in one run: the execution summary and the return codes are read from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from luigi.task import Task
from luigi.worker.spent import Spent


@dataclass(slots=True)
class Seen:
    """One task as this worker saw it."""

    task: Task
    declared: str
    """DONE: complete when checked. PENDING: to be run. UNKNOWN: complete() or requires() raised. DISABLED."""
    external: bool = False
    """It has no `run`: somebody else makes its output."""
    deps: list[str] = field(default_factory=list)
    """Ids of what it requires, with what it yielded so far."""
    status: str = ""
    """The last status known: PENDING, RUNNING, DONE, FAILED, DISABLED, UNKNOWN."""
    failures: int = 0
    """How often `run()` failed in this run."""
    running_by: str | None = None
    """The other worker that was seen running it."""
    ran: bool = False
    """This worker ran it to the end."""
    foreign: bool = False
    """This worker did not declare it: it assists another with it, or made it of a batch."""
    reason: str = ""
    """Why it is missing, of an external one that was waited for in vain."""
    missing_dynamic: bool = False
    """It is suspended: it yielded requirements that were not complete, and has not gone on since."""


@dataclass(slots=True)
class RunRecord:
    """One worker's view of one run."""

    roots: list[Any] = field(default_factory=list)
    """The tasks that were asked for."""
    seen: dict[str, Seen] = field(default_factory=dict)
    """Every task met, by id, in the order it was met."""
    scheduling_succeeded: bool = True
    """Whether every task could be checked and declared."""
    waits: bool = False
    """Whether tasks are taken that wait for something to be there: some was met, or others may have some."""
    timed: bool = False
    """Whether some task has a deadline."""
    deadline: float | None = None
    """Seconds within which what was asked for is to be done: otherwise people are told."""
    run_id: str = ""
    """Names the run, and no other: what a worker is called unless the configuration names it."""
    spent: Spent = field(default_factory=Spent, compare=False, repr=False)
    """Where the worker's time went."""

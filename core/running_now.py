"""Which attempt at which task runs here: for whoever hears of things that do not say whose they are, such as logs."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from luigi.task import Task

running_now: Final[ContextVar[tuple[Task, int, str] | None]] = ContextVar("running_now", default=None)
"""The task, its assignment's number, and the id of the run; None outside of attempts, and in threads that a task
starts without its context."""

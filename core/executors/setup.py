"""What an executor is given when it is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from luigi.hookspecs import Ran
    from luigi.output.sink import Sink
    from luigi.task import Task
    from luigi.worker.context import Context, Hearer, Rules


class ExecutorSetup(NamedTuple):
    """What the worker gives to the factory of an executor."""

    rules: Rules
    is_complete: Callable[[Task], bool]
    """Checks one task, with what plugins put around it."""
    run_task: Callable[[Task, Context], Ran]
    """Runs one task, with what plugins put around it."""
    scheduler: Hearer
    """Who hears what a running task says of itself."""
    workers: int
    """How many tasks the user wants at a time."""
    output: Sink | None = None
    """Who is handed what running tasks print; None when nobody wants it."""

"""What a worker's rounds need of whoever plans for it: the rest of the graph, and what comes up while tasks run."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

from luigi.task import Task


class Planner(Protocol):
    """Walks and declares on behalf of a worker whose tasks are running."""

    @property
    def walking(self) -> bool:
        """Whether a walk that was begun has not ended."""
        ...

    def step(self, tasks: float = ..., seconds: float = ...) -> bool:
        """Walk on until that is so many tasks or has taken so long; False when nothing is left to walk."""
        ...

    def plan(self, tasks: Iterable[Task]) -> bool:
        """Declare what `tasks` need, once more. Whether every check went through."""
        ...

    def plan_for(self, task: Task, wanted: Sequence[Task]) -> list[str]:
        """Declare what a running `task` turned out to want; gives the ids.

        Raises BadRequirement, BadOutput and CircularRequirement for what can never be run.
        """
        ...

    def declare_again(self, leaving_out: Collection[str] = ()) -> None:
        """Declare all that is not done once more, but for some, to a scheduler that has forgotten the worker."""
        ...

    def close(self) -> None:
        """Give up the walks that have not ended."""
        ...

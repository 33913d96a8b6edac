"""The role of a freshness policy: says when a complete task is stale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from luigi.task import Task

Marks = Mapping[str, str]
"""What a policy remembers of a task: texts by name, of which none is a secret."""


class Noted(NamedTuple):
    """What a policy remembered when the task last succeeded."""

    at: float
    """When that was, in seconds since the epoch."""
    marks: Marks


class FreshnessPolicy(Protocol):
    """One for each planning of a run: what it looked up it may remember. Made with the text behind its name: `1d` of
    `max_age=1d`."""

    @property
    def follows(self) -> bool:
        """Whether a task is stale as soon as something it requires is going to be made anew."""
        ...

    def stale(self, task: Task, noted: Noted | None) -> str | None:
        """Why the complete task is stale, as half a sentence; None when it is not.

        `noted` is None for a task that has not run since it has the policy. Changes nothing anywhere.
        """
        ...

    def note(self, task: Task) -> Marks | None:
        """What to remember of the task if it succeeds; asked before it runs. None for nothing, not even when."""
        ...

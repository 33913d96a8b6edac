"""Where a worker's time goes: each moment counts for one thing, the innermost that is going on."""

from __future__ import annotations

from typing import Final

from luigi.clock import SYSTEM, Clock

PLANNING: Final = "planning"
CHECKS: Final = "checks"
SCHEDULER: Final = "scheduler"
RUNNING: Final = "running"
WAITING: Final = "waiting"

ALL: Final = (PLANNING, CHECKS, SCHEDULER, RUNNING, WAITING)
"""`requires()` and what belongs to it; `complete()`; asking for work; at least one task runs; none does, and there is
nothing else to do."""


class Spent:
    """Seconds spent, by what on. For one thread."""

    __slots__ = ("_contexts", "_now", "_since", "_stack", "seconds")

    def __init__(self, clock: Clock = SYSTEM) -> None:
        self.seconds = dict.fromkeys(ALL, 0.0)
        self._now = clock.monotonic
        self._stack: list[str] = []
        self._since = 0.0
        self._contexts = {what: _On(self, what) for what in ALL}

    def on(self, what: str) -> _On:
        """A context whose time counts for `what`, and not for what is around it."""
        return self._contexts[what]


class _On:
    """Such a context. It is entered several times for each task, so there are no calls in it that could be spared."""

    __slots__ = ("_spent", "_what")

    def __init__(self, spent: Spent, what: str) -> None:
        self._spent, self._what = spent, what

    def __enter__(self) -> None:
        spent = self._spent
        now, stack = spent._now(), spent._stack
        if stack:
            spent.seconds[stack[-1]] += now - spent._since
        stack.append(self._what)
        spent._since = now

    def __exit__(self, *failure: object) -> None:
        spent = self._spent
        now = spent._now()
        spent.seconds[spent._stack.pop()] += now - spent._since
        spent._since = now

"""How much there is of each resource, and how much of it running tasks hold."""

from __future__ import annotations

from collections.abc import Mapping

from luigi.scheduler.records import Needs, TaskRecord

DEFAULT_LIMIT = 1  # of a resource nobody has set a limit for: the manual, section [resources]


class Resources:
    """Limits by name, and what is used of them."""

    def __init__(self, limits: Mapping[str, int]) -> None:
        self.limits = dict(limits)
        self.used: dict[str, int] = {}

    def lacks(self, needs: Needs) -> bool:
        """Whether less than that is free now."""
        used, limits = self.used, self.limits
        return any(used.get(name, 0) + amount > limits.get(name, DEFAULT_LIMIT) for name, amount in needs)

    def impossible(self, needs: Needs) -> bool:
        """Whether less than that is free even when nobody holds anything."""
        return any(amount > self.limits.get(name, DEFAULT_LIMIT) for name, amount in needs)

    def hold(self, task: TaskRecord) -> None:
        """Give a task all it needs."""
        task.held = task.needs
        for name, amount in task.held:
            self.used[name] = self.used.get(name, 0) + amount

    def free(self, task: TaskRecord) -> None:
        """Take back all a task holds."""
        for name, amount in task.held:
            self.used[name] -= amount
        task.held = ()

    def give_back(self, task: TaskRecord, amounts: Mapping[str, int]) -> None:
        """Take back some of what a task holds: never more than that."""
        held = dict(task.held)
        for name, amount in amounts.items():
            given_back = max(0, min(amount, held.get(name, 0)))
            if given_back:
                held[name] -= given_back
                self.used[name] -= given_back
        task.held = tuple(held.items())

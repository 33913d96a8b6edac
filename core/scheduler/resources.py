"""How much there is of each resource, and how much of it running tasks hold."""

from __future__ import annotations

from collections.abc import Mapping

from luigi.scheduler.records import Lease, Needs

DEFAULT_LIMIT = 1  # of a resource nobody has set a limit for: the manual, section [resources]


def needs_of(resources: Mapping[str, int]) -> Needs:
    """What a task asks for, in the machine's form. Nothing of a resource is no need."""
    return tuple(sorted([need for need in resources.items() if need[1] > 0])) if resources else ()


class Resources:
    """Limits by name, and what is used of them."""

    def __init__(self, limits: Mapping[str, int]) -> None:
        self.limits = dict(limits)
        self.configured = dict(limits)
        """The limits as configured: an operator may have set others."""
        self.used: dict[str, int] = {}

    def configure(self, limits: Mapping[str, int]) -> None:
        """Go by these limits, but for those that an operator has set and that are configured as before."""
        before, self.configured = self.configured, dict(limits)
        for name in [name for name in before if name not in limits]:
            if self.limits.get(name) == before[name]:
                del self.limits[name]
        for name, limit in limits.items():
            if before.get(name) != limit:
                self.limits[name] = limit

    def limit(self, name: str) -> int:
        """How much there is of a resource."""
        return self.limits.get(name, DEFAULT_LIMIT)

    def free_of(self, name: str) -> int:
        """How much of a resource nobody holds; negative where a limit was lowered."""
        return self.limits.get(name, DEFAULT_LIMIT) - self.used.get(name, 0)

    def impossible(self, needs: Needs) -> bool:
        """Whether less than that is free even when nobody holds anything."""
        limits = self.limits
        for name, amount in needs:
            if amount > limits.get(name, DEFAULT_LIMIT):
                return True
        return False

    def hold(self, lease: Lease, needs: Needs) -> None:
        """Give a lease all that."""
        lease.held = lease.taken = needs
        self.take(needs)

    def take(self, needs: Needs) -> None:
        """Count all that as used."""
        for name, amount in needs:
            self.used[name] = self.used.get(name, 0) + amount

    def free(self, lease: Lease) -> None:
        """Take back all a lease holds."""
        for name, amount in lease.held:
            self._take_back(name, amount)
        lease.held = ()

    def give_back(self, lease: Lease, amounts: Mapping[str, int]) -> None:
        """Take back some of what a lease holds: never more than that."""
        held = dict(lease.held)
        for name, amount in amounts.items():
            given_back = max(0, min(amount, held.get(name, 0)))
            if given_back:
                held[name] -= given_back
                self._take_back(name, given_back)
        lease.held = needs_of(held)
        lease.taken = tuple(held.items())

    def _take_back(self, name: str, amount: int) -> None:
        rest = self.used[name] - amount
        if rest:
            self.used[name] = rest
        else:
            del self.used[name]  # names may depend on parameters: a server sees new ones for ever

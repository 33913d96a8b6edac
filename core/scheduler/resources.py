"""How much there is of each resource, and how much of it is in use.

Of most, running tasks hold some and give it back at their end. One with a window is a rate: a task takes of it when it
begins, and after so many seconds that is there again, whatever became of the task.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

from luigi.interfaces import NOTHING
from luigi.scheduler.records import Lease, Needs

DEFAULT_LIMIT = 1  # of a resource nobody has set a limit for: the manual, section [resources]


def needs_of(resources: Mapping[str, int]) -> Needs:
    """What a task asks for, in the machine's form. Nothing of a resource is no need."""
    return tuple(sorted([need for need in resources.items() if need[1] > 0])) if resources else ()


class Resources:
    """Limits by name, and what is used of them."""

    def __init__(self, limits: Mapping[str, int], windows: Mapping[str, float] = NOTHING) -> None:
        self.limits = dict(limits)
        self.configured = dict(limits)
        """The limits as configured: an operator may have set others."""
        self.windows = dict(windows)
        """Of rates: the seconds after which what was taken is there again."""
        self.configured_windows = dict(windows)
        """Those as configured."""
        self.used: dict[str, int] = {}
        self.begun: dict[str, deque[tuple[float, int]]] = {}
        """Of rates: when what was taken is there again, and how much; the soonest first. Only what is not there yet."""

    def configure(self, limits: Mapping[str, int], windows: Mapping[str, float] = NOTHING) -> None:
        """Go by these limits, but for those that an operator has set and that are configured as before."""
        before, windows_before = self.configured, self.configured_windows
        self.configured, self.configured_windows = dict(limits), dict(windows)
        for name in [name for name in before if name not in limits]:
            if (self.limits.get(name), self.windows.get(name)) == (before[name], windows_before.get(name)):
                del self.limits[name]
                self._set_window(name, None)
        for name, limit in limits.items():
            if (before.get(name), windows_before.get(name)) != (limit, windows.get(name)):
                self.set(name, limit, windows.get(name))

    def set(self, name: str, limit: int, window: float | None) -> None:
        """Let there be so much of a resource; of a rate, within so many seconds."""
        self.limits[name] = limit
        self._set_window(name, window)

    def _set_window(self, name: str, window: float | None) -> None:
        """What was taken before is there again when so much time is over since then; at once without a window."""
        before = self.windows.pop(name, None)
        if window is not None:
            self.windows[name] = window
        if before == window or name not in self.begun:
            return
        begun = self.begun.pop(name)
        if window is None or before is None:
            for _, amount in begun:
                self._take_back(name, amount)
        else:
            self.begun[name] = deque([(until - before + window, amount) for until, amount in begun])

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

    def hold(self, lease: Lease, needs: Needs, now: float) -> None:
        """Give a lease all that. What it takes of rates is not its to give back."""
        lease.held = lease.taken = needs
        self.take(needs)
        if self.windows:
            lease.held = tuple([need for need in needs if need[0] not in self.windows])
            for name, amount in needs:
                if name in self.windows:
                    self.begun.setdefault(name, deque()).append((now + self.windows[name], amount))

    # --- rates -------------------------------------------------------------------------------------------------

    def lapse(self, now: float) -> list[str]:
        """Take back what was taken of rates long enough ago. Gives the names of those of which there is more now."""
        lapsed = [name for name, begun in self.begun.items() if begun[0][0] <= now]
        for name in lapsed:
            begun = self.begun[name]
            while begun and begun[0][0] <= now:
                self._take_back(name, begun.popleft()[1])
            if not begun:
                del self.begun[name]
        return lapsed

    def restore(self, name: str, begun: Iterable[tuple[float, int]]) -> None:
        """Know again what was taken of a rate, as `begun` had it."""
        self.begun[name] = deque([(until, amount) for until, amount in begun])
        self.take([(name, amount) for _, amount in self.begun[name]])

    def used_at(self, name: str, now: float) -> int:
        """How much of a resource is in use, less what is there again by `now`."""
        return self.used.get(name, 0) - sum([amount for until, amount in self.begun.get(name, ()) if until <= now])

    def next_of(self, name: str, now: float) -> float | None:
        """When there is more of a rate than at `now`, in seconds since the epoch; None where nothing is in use."""
        return next((until for until, _ in self.begun.get(name, ()) if until > now), None)

    def soonest(self, names: Iterable[str]) -> float | None:
        """When there is more of one of these rates: seconds since the epoch. None where nothing was taken."""
        return min([self.begun[name][0][0] for name in names if name in self.begun], default=None)

    # --- taking and giving back ----------------------------------------------------------------------------------

    def take(self, needs: Iterable[tuple[str, int]]) -> None:
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

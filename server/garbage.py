"""Keeps the garbage collector from walking all tasks, which stops every call: half a second among 300,000 tasks.

It walks all that lives whenever a quarter as much is new. But what the scheduler knows is no garbage until it is
forgotten, and then it goes without the collector. So time and again what lives is left out of further walks, after one
more look at what is new: that takes as long among a million tasks as among none.
"""

from __future__ import annotations

import gc
from typing import Final

from luigi.scheduler.machine import Machine

CHANGES: Final = 20_000
"""Changes to tasks after which what is new is looked at, and left out: some 20 ms of the server's time."""

FEWER: Final = 10
"""So many times fewer tasks than there were once make it worth while to look at everything again."""


class Sparing:
    """Sees to it for the machine of this process."""

    def __init__(self) -> None:
        self._version = 0
        self._most = 0
        self._frozen = False  # gc itself would have to count, which takes as long as a walk

    def look(self, machine: Machine) -> None:
        """Leave out what has become known since the last time, if that is much. To be called now and then."""
        tasks = len(machine.tasks)
        self._most = max(self._most, tasks)
        if self._frozen and self._most > max(CHANGES, FEWER * tasks):
            self.end()
            self._most = tasks
        elif machine.index.version - self._version >= CHANGES:
            self._version = machine.index.version
            gc.collect()
            self._freeze()

    def begin(self, machine: Machine) -> None:
        """Leave out what was read from a store: nothing of that is garbage."""
        self._version, self._most = machine.index.version, len(machine.tasks)
        if self._most >= CHANGES:
            self._freeze()

    def end(self) -> None:
        """Leave nothing out any more, and look at everything."""
        if self._frozen:
            self._frozen = False
            gc.unfreeze()
            gc.collect()

    def _freeze(self) -> None:
        self._frozen = True
        gc.freeze()

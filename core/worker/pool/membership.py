"""What a worker says of the pool it is in: which tasks it takes, by module, queue and label."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from luigi.worker.identity import Facts


class Pool(NamedTuple):
    """Which tasks the workers of a pool take. The scheduler keeps to it, and so does the worker itself."""

    modules: Sequence[str] = ()
    """Modules and packages: tasks of these, and of all below them. None for tasks of any module."""
    queues: Sequence[str] = ()
    """The queues it serves. None for tasks without a queue."""
    labels: Sequence[str] = ()
    """What its workers have: a task is theirs if they have all it asks for."""

    def facts(self) -> Facts:
        """How it introduces itself to the scheduler."""
        told = {name: list(value) for name, value in self._asdict().items()}
        return [("assistant", True), ("pool", told)]

    def has(self, module: str | None) -> bool:
        """Whether a task of this module is the pool's."""
        return not self.modules or any(module == one or (module or "").startswith(f"{one}.") for one in self.modules)

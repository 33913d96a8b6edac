"""What a task demands of a pool's worker, and what the worker of a pool has to offer.

Workers of pools come with `pool` in what they say of themselves: the modules whose tasks they can load, the queues
they serve, the labels they have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

Wish = tuple[str, tuple[str, ...]]
"""The queue a task is in, and the labels it wants; sorted, so that equal ones are."""

NO_WISH: Final[Wish] = ("", ())

Demand = tuple[str, tuple[str, ...], str]
"""Queue, labels and module: tasks that are equal in these can be run by the same workers of pools."""


def wish_of(queue: str, labels: Sequence[str]) -> Wish:
    """What a task declared so wishes for; most wish for nothing, and share that."""
    return (queue, tuple(sorted({*labels}))) if queue or labels else NO_WISH


ANY: Final = "*"
"""Among the queues, or the labels, of a pool: all of them."""


class Pool(NamedTuple):
    """What workers of a pool offer. Those that offer the same are equal."""

    modules: tuple[str, ...] = ()
    """Tasks of these, and of what is below them, can be loaded; none for any."""
    queues: tuple[str, ...] = ()
    """None for the tasks that are in no queue."""
    labels: frozenset[str] = frozenset()
    lacks: frozenset[str] = frozenset()
    """Modules that could not be loaded after all."""

    def takes(self, demand: Demand) -> bool:
        """Whether such tasks can be run here."""
        queue, labels, module = demand
        served = (queue in self.queues or ANY in self.queues) if self.queues else not queue
        fit = self.labels.issuperset(labels) or ANY in self.labels
        return served and fit and module not in self.lacks and (not self.modules or self._loads(module))

    def _loads(self, module: str) -> bool:
        return any(module == own or module.startswith(f"{own}.") for own in self.modules)


def pool_of(info: Mapping[str, Any]) -> Pool | None:
    """What a worker that says this of itself offers, if it is one of a pool. Anybody may say anything."""
    told = info.get("pool")
    if not isinstance(told, Mapping):
        return None
    labels, lacks = frozenset(_texts(told, "labels")), frozenset(_texts(told, "lacks"))
    return Pool(_texts(told, "modules"), _texts(told, "queues"), labels, lacks)


def without_module(info: Mapping[str, Any], module: str) -> dict[str, Any]:
    """What a pool's worker says of itself from when on it is known that it cannot load a module."""
    told = info["pool"]
    return {"pool": {**told, "lacks": [*_texts(told, "lacks"), module]}}


def _texts(told: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = told.get(name)
    return tuple(map(str, found)) if isinstance(found, (list, tuple)) else ()

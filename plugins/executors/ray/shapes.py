"""Shapes: what a job takes of a cluster, and how many such jobs there is room for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final, NamedTuple

Resources = Mapping[str, float]

_IN_BYTES: Final = frozenset({"memory", "object_store_memory"})
"""Ray counts these in bytes; what a task's `resources` call by the same name, is counted in something else."""


class Shape(NamedTuple):
    """Amounts by Ray's names, sorted: equal for jobs that can use the same place."""

    amounts: tuple[tuple[str, float], ...]

    @property
    def options(self) -> dict[str, object]:
        """As Ray wants them of an actor."""
        amounts = dict(self.amounts)
        return {"num_cpus": amounts.pop("CPU", 0), "num_gpus": amounts.pop("GPU", 0), "resources": amounts}

    def __str__(self) -> str:
        return ", ".join(f"{amount:g} {name}" for name, amount in self.amounts)


def shape_of(needs: Mapping[str, int], nodes: Iterable[Resources], cpus: float) -> Shape:
    """What a job takes whose task has these `resources`: those names that the cluster offers, and `cpus` CPUs.

    `cpu` and `gpu` may be written small.
    """
    offered = {name for node in nodes for name in node} - _IN_BYTES | {"CPU"}
    amounts: dict[str, float] = {"CPU": cpus}
    for name, amount in needs.items():
        known = _known(name, offered)
        if known is not None:
            amounts[known] = amount
    return Shape(tuple(sorted((name, amount) for name, amount in amounts.items() if amount)))


def _known(name: str, offered: Collection[str]) -> str | None:
    if name in offered:
        return name
    return name.upper() if name.upper() in {"CPU", "GPU"} & set(offered) else None


def room_for(shape: Shape, nodes: Iterable[Resources]) -> int:
    """How many such jobs the nodes run at a time when they run nothing else."""
    return sum(
        int(min((node.get(name, 0) / amount for name, amount in shape.amounts), default=_UNBOUNDED)) for node in nodes
    )


_UNBOUNDED: Final = 64
"""Places of a node for jobs that take nothing of it."""


def is_too_much(shapes: Iterable[Shape], nodes: Iterable[Resources]) -> bool:
    """Whether jobs of these shapes cannot all run at a time."""
    left: dict[str, float] = {}
    for node in nodes:
        for name, amount in node.items():
            left[name] = left.get(name, 0) + amount
    for shape in shapes:
        for name, amount in shape.amounts:
            left[name] = left.get(name, 0) - amount
    return any(amount < 0 for amount in left.values())

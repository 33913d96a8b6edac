"""The graph that schedulers are measured with: ten layers of equal size, each task requiring three of the layer below.

As facts, which every contestant's scheduler is told in its own terms. Every text is a new object, as those are that
come in over a wire: what a scheduler keeps of them is its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

FAMILY = "Layer"
LAYERS = 10
NEEDS = 3


class Node(NamedTuple):
    """One task: its id and parameters as Luigi makes them, and the ids of what it requires."""

    task_id: str
    params: dict[str, str]
    deps: list[str]


def nodes(number: int) -> Iterator[Node]:
    """So many tasks, each after those it requires."""
    width = number // LAYERS
    for index in range(width * LAYERS):
        layer, place = divmod(index, width)
        below = [task_id(layer - 1, (place + step) % width) for step in range(NEEDS)] if layer else []
        yield Node(task_id(layer, place), {"layer": str(layer), "number": str(place)}, below)


def task_id(layer: int, place: int) -> str:
    """The id as Luigi writes it: family, parameters, ten digits of a hash."""
    return f"{FAMILY}_{layer}_{place}_a1b2c3d4e5"

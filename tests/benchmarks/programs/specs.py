"""The same graph as the four verbs are told it: task specs, in chunks as big as a worker's."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from random import Random

from layers import FAMILY, nodes
from luigi.interfaces import NOTHING, TaskSpec

CHUNK = 1000
RESOURCES = 50


def chunks(number: int, resources: bool = False) -> Iterator[list[TaskSpec]]:
    """Specs of so many tasks; with `resources`, each asks for any one of fifty."""
    found = _specs(number, resources)
    while chunk := list(islice(found, CHUNK)):
        yield chunk


def _specs(number: int, resources: bool) -> Iterator[TaskSpec]:
    chance = Random(number)
    for node in nodes(number):
        needs = {f"resource-{chance.randrange(RESOURCES)}": 1} if resources else NOTHING
        yield TaskSpec(node.task_id, FAMILY, "layers", node.params, deps=node.deps, resources=needs)

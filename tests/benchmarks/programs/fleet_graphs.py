"""The graphs of a fleet: what each worker's run declares, in the shapes that people's pipelines have.

A run is of one of three shapes, in turns: layers of which each task requires three of the layer below; days below
months below a year; one task that requires all the others. One task in ten needs one of fifty resources. Twenty tasks,
which require nothing, are what nine other runs want too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

CHUNK: Final = 1000
"""Tasks in one call at most, as a worker declares them."""

SHARING: Final = 10
"""Runs that have tasks in common."""

SHARED: Final = 20
"""How many: the first of each."""

SMALLEST: Final = 10 * SHARED
"""Tasks that a run needs for that: in each shape these require nothing then."""

RESOURCES: Final = {f"resource-{number}": 200 for number in range(50)}
"""How much there is of each: enough that a task seldom waits for it."""

Edges = Iterator[tuple[int, Sequence[int]]]
"""Tasks by number, each after those it requires, with the numbers of these."""


def run(number: int, size: int) -> Iterator[list[dict[str, Any]]]:
    """What run `number` declares, as JSON has it, in chunks."""
    specs = (_spec(number, task, needs) for task, needs in SHAPES[number % len(SHAPES)](size))
    while chunk := list(islice(specs, CHUNK)):
        yield chunk


def root(number: int, size: int) -> str:
    """The id of the last task of a run: all shapes end with one that nothing requires."""
    return _task_id(number, size - 1)


def layers(size: int) -> Edges:
    """Ten layers; each task requires three of the layer below."""
    width = max(1, size // 10)
    for task in range(size):
        layer, place = divmod(task, width)
        yield task, sorted({(layer - 1) * width + (place + step) % width for step in range(3)}) if layer else ()


def calendar(size: int) -> Edges:
    """Months of thirty days, years of twelve months."""
    months: list[int] = []
    days: list[int] = []
    for task in range(size):
        if len(months) == 12 or task == size - 1:
            yield task, [*months, *days]
            months, days = [], []
        elif len(days) == 30:
            yield task, days
            months.append(task)
            days = []
        else:
            yield task, ()
            days.append(task)


def fan(size: int) -> Edges:
    """One task requires all the others."""
    for task in range(size - 1):
        yield task, ()
    yield size - 1, range(size - 1)


SHAPES: Final[Sequence[Callable[[int], Edges]]] = (layers, calendar, fan)


def _spec(run: int, task: int, needs: Sequence[int]) -> dict[str, Any]:
    params = {"run": str(run), "number": str(task), "date": f"2026-{task % 12 + 1:02}-{task % 28 + 1:02}"}
    spec = {"task_id": _task_id(run, task), "family": f"Step{task % 20}", "module": "pipelines.daily", "params": params}
    if needs:
        spec["deps"] = [_task_id(run, need) for need in needs]
    if task % 10 == 3:
        spec["resources"] = {f"resource-{task // 10 % len(RESOURCES)}": 1}
    return spec


def _task_id(run: int, task: int) -> str:
    owner = f"all{run // SHARING}" if task < SHARED else str(run)
    return f"Step{task % 20}_{owner}_{task}_a1b2c3d4e5"

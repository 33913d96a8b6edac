"""What a figure is, and what a bar demands of figures.

A figure is one number: what one block of one program takes in one contestant's environment. A bar is a demand on
figures. Contestants: `ours`, `luigi`, `doit`, and `loop` (no tool at all). The table of bars is bars.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Contestant = Literal["ours", "luigi", "doit", "loop"]

Quantity = Literal["cpu", "wall", "p50", "p99", "bytes", "count"]
"""What programs/meter.py prints of a block: seconds of CPU, of the clock, of the middle call, of the longest but
for one in a hundred; memory; how often."""


@dataclass(frozen=True)
class Job:
    """One process to start: `command` is a program of programs/ with its arguments, `-c …`, or a console script."""

    who: Contestant
    command: tuple[str, ...]


@dataclass(frozen=True)
class Figure:
    """What `block` of `job` takes, for `count` units of work. The block `process` is the whole process."""

    job: Job
    count: int = 1
    block: str = "seconds"
    quantity: Quantity = "cpu"


@dataclass(frozen=True)
class Bar:
    """A demand on `figures`, the first of which is ours; `limit` is read by `kind`.

    `faster`: the other takes at least `limit` times ours. `within`: ours takes at most `limit` times the other.
    `cost`: ours takes at most `limit` (seconds, bytes) a unit. `flat`: the dearest unit costs at most `limit` cheapest
    ones.
    """

    work: str
    kind: Literal["faster", "within", "cost", "flat"]
    limit: float
    figures: tuple[Figure, ...] = field(repr=False)

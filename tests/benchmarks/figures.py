"""What is measured and what is asked of it: the issue's Speed table as data.

A figure is one number: the CPU seconds of one block of one program in one contestant's environment. A bar is a demand
on figures. Contestants: `ours`, `luigi`, `doit`, and `loop` (no tool at all).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Contestant = Literal["ours", "luigi", "doit", "loop"]


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


@dataclass(frozen=True)
class Bar:
    """A demand on `figures`, the first of which is ours; `limit` is read by `kind`.

    `faster`: the other takes at least `limit` times ours. `within`: ours takes at most `limit` times the other.
    `cost`: ours takes at most `limit` seconds a unit. `flat`: the dearest unit costs at most `limit` cheapest ones.
    """

    work: str
    kind: Literal["faster", "within", "cost", "flat"]
    limit: float
    figures: tuple[Figure, ...] = field(repr=False)


def luigi_program(name: str, count: int, *, block: str = "seconds") -> tuple[Figure, Figure]:
    """The same program for us and for Luigi."""
    command = (f"{name}.py", str(count))
    return Figure(Job("ours", command), count, block), Figure(Job("luigi", command), count, block)


def whole_process(*command: str) -> tuple[Figure, Figure]:
    return Figure(Job("ours", command), 1, "process"), Figure(Job("luigi", command), 1, "process")


def doit(kind: str, count: int) -> Figure:
    return Figure(Job("doit", ("doit_tasks.py", kind, str(count))), count)


def bars(quick: bool) -> list[Bar]:
    """The table, whole or (`quick`) at sizes where Luigi, whose cost grows with the square, takes seconds."""
    small, large = (500, 1000) if quick else (2000, 5000)
    instances = 20_000
    imported, peer_imported = whole_process("-c", "import luigi")
    helped, peer_helped = whole_process("luigi", "--help")
    new, peer_new = luigi_program("new_instances", instances, block="new")
    again, peer_again = luigi_program("new_instances", instances, block="again")
    noop, peer_noop = luigi_program("noop_tasks", large)
    sizes = (1000, 10_000) if quick else (1000, 10_000, 100_000)
    flat = tuple(Figure(Job("ours", ("noop_tasks.py", str(size), "further")), size) for size in sizes)
    files, peer_files = luigi_program("file_tasks", small)
    loop = Figure(Job("loop", ("plain_loop.py", str(small))), small)
    layers, peer_layers = luigi_program("layer_tasks", small)
    complete, peer_complete = luigi_program("complete_tasks", 5000)
    return [
        Bar("import luigi", "within", 0.5, (imported, peer_imported)),
        Bar("luigi --help", "within", 0.5, (helped, peer_helped)),
        Bar("luigi --help, start-up", "cost", 0.10, (helped,)),
        Bar("20k new instances", "faster", 3, (new, peer_new)),
        Bar("the same 20k again", "faster", 6, (again, peer_again)),
        Bar(f"{large} no-op tasks", "faster", 50, (noop, peer_noop)),
        Bar(f"{large} no-op tasks, a task", "cost", 100e-6, (noop,)),
        Bar(f"no-op, {' / '.join(f'{size // 1000}k' for size in sizes)}, a task once started", "flat", 1.25, flat),
        Bar(f"{small} one-file tasks", "faster", 30, (files, peer_files)),
        Bar(f"{small} one-file tasks", "faster", 1.3, (files, doit("files", small))),
        Bar(f"{small} one-file tasks", "within", 4, (files, loop)),
        Bar(f"{small} tasks in 10 layers", "faster", 60, (layers, peer_layers)),
        Bar(f"{small} tasks in 10 layers", "faster", 1.3, (layers, doit("layers", small))),
        Bar("5000 complete tasks", "faster", 8, (complete, peer_complete)),
        Bar("5000 complete tasks", "faster", 3, (complete, doit("complete", 5000))),
    ]

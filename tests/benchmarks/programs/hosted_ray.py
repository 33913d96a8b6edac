"""Tasks on a Ray cluster of two CPUs, started here: `python hosted_ray.py TASKS SECONDS [bare]`.

Each task takes SECONDS of the clock. CPU is that of all processes: home, Ray's, and those the tasks run in.
With `bare`, Ray's own tasks do the same without us.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import hosted_tasks
import luigi
from luigi.plugins.executors.ray.cluster import Cluster, joined
from meter import show

count, seconds, bare = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3:] == ["bare"]
TICK = os.sysconf("SC_CLK_TCK")


def cpu() -> float:
    """Seconds of this process and all below it, also of those that have ended."""
    return sum(ticks(pid) for pid in family(os.getpid())) / TICK


def ticks(pid: int) -> int:
    with suppress(OSError):  # it has just ended, and its parent has its ticks
        return sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]))
    return 0


def family(pid: int) -> Iterator[int]:
    yield pid
    with suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text().split():
                yield from family(int(child))


def run_bare(cluster: Cluster, numbers: range) -> None:
    rest = cluster.ray.remote(hosted_tasks.rest)
    cluster.ray.get([rest.remote(number, seconds) for number in numbers])


def run_ours(numbers: range, folder: str) -> None:
    tasks = [hosted_tasks.Rests(n=number, seconds=seconds, folder=folder) for number in numbers]
    workers = {"workers": 2 if seconds else 64}
    assert luigi.build(tasks, local_scheduler=True, executor="ray", log_level="WARNING", **workers)


with ExitStack() as stack:
    folder = stack.enter_context(tempfile.TemporaryDirectory())
    os.environ["PYTHONPATH"] = str(Path(__file__).parent)
    cluster = stack.enter_context(joined("", 2))

    def run(numbers: range) -> None:
        if bare:
            run_bare(cluster, numbers)
        else:
            run_ours(numbers, folder)

    run(range(20))
    before, began = cpu(), time.perf_counter()
    run(range(20, 20 + count))
    show("seconds", cpu=cpu() - before, wall=time.perf_counter() - began)

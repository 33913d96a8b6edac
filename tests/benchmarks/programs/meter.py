"""Measures inside a program, and prints each thing measured as one line of JSON: a block's name and its quantities.

`cpu` is CPU time in seconds, user and system, of this process and of the children it waited for: on a busy machine it
says what the work costs, where `wall` time says who else was at work. `p99` is the time that 99 of 100 calls stay
below, `bytes` is memory.
"""

from __future__ import annotations

import json
import os
import resource
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise


def cpu() -> float:
    """Seconds of CPU used so far."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def resident() -> int:
    """Bytes of memory that this process holds now."""
    if os.path.exists("/proc/self/statm"):
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * resource.getpagesize()
    import subprocess  # not where CPU time is measured

    shown = subprocess.run(["ps", "-o", "rss=", "-p", str(os.getpid())], capture_output=True, text=True, check=True)
    return int(shown.stdout) * 1024


def p99(moments: Sequence[float]) -> float:
    """The longest of the times between one moment and the next, but for one in a hundred."""
    gaps = sorted(after - before for before, after in pairwise(moments))
    return gaps[len(gaps) * 99 // 100]


def show(block: str, **quantities: float) -> None:
    """Print what was measured of a block."""
    print(json.dumps({"block": block, **quantities}), flush=True)


@contextmanager
def measured(block: str = "seconds") -> Iterator[None]:
    """Print what the block took; its name tells several blocks of one program apart."""
    wall_before, cpu_before = time.perf_counter(), cpu()
    yield
    cpu_after, wall_after = cpu(), time.perf_counter()
    show(block, cpu=cpu_after - cpu_before, wall=wall_after - wall_before)

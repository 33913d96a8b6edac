"""Times one block inside a measured program, and prints what it took as one line of JSON.

Counted is CPU time, user and system, of this process and of the children it waited for: on a busy machine it says what
the work costs, where wall time says who else was at work. Wall time is printed beside it.
"""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager


def _cpu() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


@contextmanager
def measured(name: str = "seconds") -> Iterator[None]:
    """Print what the block took; `name` tells several blocks of one program apart."""
    wall, cpu = time.perf_counter(), _cpu()
    yield
    cpu, wall = _cpu() - cpu, time.perf_counter() - wall
    print(json.dumps({"block": name, "cpu": cpu, "wall": wall}), flush=True)

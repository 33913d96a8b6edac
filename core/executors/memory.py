"""How much memory this process holds."""

from __future__ import annotations

import os
import sys


def resident_mb() -> float:
    """Megabytes of this process that are in memory now; where only the most it ever was is known, that."""
    try:
        with open("/proc/self/statm", "rb", buffering=0) as stream:
            pages = int(stream.read().split()[1])
    except FileNotFoundError:
        import resource

        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most / 1e6 if sys.platform == "darwin" else most / 1e3
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

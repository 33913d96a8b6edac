"""Looking for processes that a test has had started."""

from __future__ import annotations

import os

from luigi.clock import SYSTEM


def is_gone(process: int, seconds: float = 3.0) -> bool:
    """Whether the process of that number ends within so many seconds."""
    until = SYSTEM.monotonic() + seconds
    while SYSTEM.monotonic() < until:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        SYSTEM.sleep(0.01)
    return False

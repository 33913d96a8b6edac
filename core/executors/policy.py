"""How the operating system is to schedule a worker and its processes: as batch work.

Under Linux's SCHED_BATCH a process that is woken does not interrupt the one that wakes it. With tasks that are short,
that is every tenth microsecond. It changes nothing for tasks that are not.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator


@contextlib.contextmanager
def batch_work() -> Iterator[None]:
    """While this lasts, the calling thread is batch work, and so is every process it starts.

    Where there is no such policy, or the program has chosen another than the usual one, everything stays as it is.
    """
    usual, batch = getattr(os, "SCHED_OTHER", None), getattr(os, "SCHED_BATCH", None)
    if batch is None or not _switch(usual, batch):
        yield
        return
    try:
        yield
    finally:
        _switch(batch, usual)


def _switch(before: int | None, after: int | None) -> bool:
    """Whether the policy was `before`, and is `after` now."""
    if before is None or after is None:
        return False
    try:
        if os.sched_getscheduler(0) != before:
            return False
        os.sched_setscheduler(0, after, os.sched_param(0))
    except OSError:  # a sandbox may forbid it
        return False
    return True

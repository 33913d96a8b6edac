"""The statuses a task can have, by Luigi's names."""

from __future__ import annotations

from typing import Final

PENDING: Final = "PENDING"
FAILED: Final = "FAILED"
DONE: Final = "DONE"
RUNNING: Final = "RUNNING"
BATCH_RUNNING: Final = "BATCH_RUNNING"
SUSPENDED: Final = "SUSPENDED"  # kept as PENDING by the scheduler; a worker of Luigi's may still say it
UNKNOWN: Final = "UNKNOWN"
DISABLED: Final = "DISABLED"

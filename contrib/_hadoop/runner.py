"""JobRunner: what runs tasks whose work is a job on Hadoop."""

from __future__ import annotations

from typing import Any


class JobRunner:
    """Subclasses say how."""

    run_job: Any = NotImplemented
    """A method that takes the task."""

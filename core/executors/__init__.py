"""The kernel's own executors: `inline` runs tasks right here, `processes` in warm child processes.

The way through `processes` in reading order: processes (the supervisor) → child (its handle on one process) → frames
(what the two send each other) → child_main (the process itself).
"""

from luigi.executors.setup import ExecutorSetup

__all__ = ["ExecutorSetup"]

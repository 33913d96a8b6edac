"""The kernel's own tasks and config classes, imported when the command line names one that is not known yet.

`luigi --scheduler-retry-count 2` and `luigi RangeDaily` must work, but a start without them should not pay for them.
"""

from __future__ import annotations

import importlib

FLAGGED = ("luigi.core_section",)
"""Modules whose classes have flags without a prefix: always imported."""

ON_DEMAND = (
    "luigi.retcodes",
    "luigi.execution_summary",
    "luigi.worker.config",
    "luigi.scheduler.config",
    "luigi.executors.config",
    "luigi.notifications",
    "luigi.batch_notifier",
)

RANGES = "luigi.tools.range"


def register_flagged() -> None:
    """Make `--workers` and its like known."""
    for module in FLAGGED:
        importlib.import_module(module)


def register_all() -> None:
    """Make every class of the kernel known; the range tasks too, unless `[core] autoload_range` is false."""
    from luigi.configuration import get_config

    for module in ON_DEMAND:
        importlib.import_module(module)
    if get_config().getboolean("core", "autoload_range", True):
        importlib.import_module(RANGES)

"""`kernel forgive`: have a failed task tried again now; what it failed before still counts."""

from __future__ import annotations

ABOUT = """\
Has a failed task tried again now. Its failures still count: one more may be too many.
"""


def main(argv: list[str]) -> int:
    """Do what `argv` says. The exit code. Raises UsageError and KernelError."""
    from luigi.cli.operating.command import TASK, arguments
    from luigi.cli.operating.task_order import TaskOrder
    from luigi.cli.operating.task_order import main as give

    own = arguments("forgive", "TASK", f"{ABOUT}{TASK}", "kernel forgive Load_2013_07_04")
    return give(argv, own, TaskOrder("forgive", "is forgiven"))

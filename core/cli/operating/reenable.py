"""`kernel reenable`: give a disabled task back to the workers."""

from __future__ import annotations

ABOUT = """\
Gives a disabled task back to the workers, as its time would have.
"""


def main(argv: list[str]) -> int:
    """Do what `argv` says. The exit code. Raises UsageError and KernelError."""
    from luigi.cli.operating.command import TASK, arguments
    from luigi.cli.operating.task_order import TaskOrder
    from luigi.cli.operating.task_order import main as give

    own = arguments("reenable", "TASK", f"{ABOUT}{TASK}", "kernel reenable Load_2013_07_04")
    return give(argv, own, TaskOrder("re-enable", "is enabled"))

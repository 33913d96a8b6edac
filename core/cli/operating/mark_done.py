"""`kernel mark-done`: say that a task is done, though no worker did it."""

from __future__ import annotations

ABOUT = """\
Says that a running, failed or disabled task is done: what waits for it is run. Nobody
looks whether it is true.
"""


def main(argv: list[str]) -> int:
    """Do what `argv` says. The exit code. Raises UsageError and KernelError."""
    from luigi.cli.operating.command import TASK, arguments
    from luigi.cli.operating.task_order import TaskOrder
    from luigi.cli.operating.task_order import main as give

    own = arguments("mark-done", "TASK", f"{ABOUT}{TASK}", "kernel mark-done Load_2013_07_04")
    return give(argv, own, TaskOrder("mark-done", "is taken for done"))

"""One order about one task: what `forgive`, `reenable`, `mark-done`, `retry TASK` and `cancel TASK` have in common."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from typing import NamedTuple

from luigi.cli.arguments import Arguments


class TaskOrder(NamedTuple):
    """What is ordered."""

    path: str
    """As the API calls it: `mark-done`."""
    ordered: str
    """What to say of the task afterwards: `is taken for done`."""


def main(argv: list[str], own: Arguments, order: TaskOrder) -> int:
    """Read the command line, give the order, tell how the task stands then. The exit code."""
    from luigi.cli.named_task import parted

    asked, rest = parted(argv, own)
    return give(asked, rest, own.prog, order)


def give(asked: Namespace, rest: Sequence[str], program: str, order: TaskOrder) -> int:
    """The same for a command line that is read. Raises KernelError where the order does not apply."""
    from luigi.cli.operating.command import speaking
    from luigi.cli.operating.naming import OfScheduler, task_of
    from luigi.cli.operating.telling import tell_json

    with speaking(asked) as line:
        task_id = task_of(rest, OfScheduler(line), program)
        told = line.order("tasks", task_id, order.path)
    if asked.json:
        tell_json(told)
    else:
        print(f"{task_id} {order.ordered}, and {told['status']} now")
    return 0

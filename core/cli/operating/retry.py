"""`kernel retry`: have failed and disabled tasks tried again, as if they had never failed; one, or all of a run."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any, Final

from luigi.cli.usage import UsageError

if TYPE_CHECKING:
    from luigi.rpc.operating import OperatorLine

ABOUT = """\
Has a failed or disabled task tried again, as if it had never failed. With --failed all that have failed, or what has
failed of one RUN, disabled tasks too, and nothing else. A RUN under way is what is in its worker's id; one that is over
is its number in the history.
"""
OF_A_RUN: Final = "FAILED,DISABLED"
ALL_FAILED: Final = "FAILED"


def main(argv: list[str]) -> int:
    """Do what `argv` says. The exit code. Raises UsageError and KernelError."""
    from luigi.cli.named_task import parted
    from luigi.cli.operating import task_order
    from luigi.cli.operating.command import TASK, arguments

    own = arguments("retry", "(TASK | [RUN] --failed)", f"{ABOUT}{TASK}", "kernel retry --failed")
    own.add_argument("--failed", action="store_true", help="everything that has failed, or what has of RUN")
    asked, rest = parted(argv, own)
    if not asked.failed:
        return task_order.give(asked, rest, own.prog, task_order.TaskOrder("retry", "is tried again"))
    if len(rest) > 1 or "".join(rest).startswith("-"):
        raise UsageError("--failed takes one RUN, or none", hint="kernel retry RUN --failed")
    return _failed(asked, rest[0] if rest else "")


def _failed(asked: Namespace, run: str) -> int:
    from luigi.cli.operating.bulk_order import lines, where
    from luigi.cli.operating.command import speaking
    from luigi.cli.operating.telling import tell, tell_json

    with speaking(asked) as line:
        told = _of_run(line, run) if run else where(line, "retry", status=ALL_FAILED)
    if asked.json:
        tell_json(told)
    else:
        tell(lines(told, "to be tried again"))
    return 0


def _of_run(line: OperatorLine, run: str) -> dict[str, Any]:
    from luigi.cli.operating.bulk_order import listed, where
    from luigi.cli.operating.naming import run_of

    if not run.isdigit():
        return where(line, "retry", run=run_of(run, line)["worker_id"], status=OF_A_RUN)
    attempts = line.pages("attempts", "runs", run, "attempts")
    failed = dict.fromkeys(one["task_id"] for one in attempts if one["status"] == "FAILED")
    still = {row["task_id"] for row in line.pages("tasks", "tasks", status="FAILED")}
    still |= {row["task_id"] for row in line.pages("tasks", "tasks", status="DISABLED")}
    return listed(line, "retry", [task_id for task_id in failed if task_id in still])

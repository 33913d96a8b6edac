"""`kernel cancel`: have a task not run, or ended where it runs; or all that a run has left to do."""

from __future__ import annotations

from argparse import Namespace
from typing import Final

from luigi.cli.usage import UsageError

ABOUT = """\
Has a task not run; one that runs is ended by its worker, with all it has started. It is disabled until somebody retries
it. With --run everything that a run has left to do, also what other runs want too. A submission, which has an id like
run-Report-20130704T060000-1f0c8a, is withdrawn: nothing of it is begun any more unless others want it too.
"""
OPEN: Final = "PENDING,RUNNING,BATCH_RUNNING"


def main(argv: list[str]) -> int:
    """Do what `argv` says. The exit code. Raises UsageError and KernelError."""
    from luigi.cli.named_task import parted
    from luigi.cli.operating import task_order
    from luigi.cli.operating.command import TASK, arguments

    own = arguments("cancel", "(TASK | --run RUN)", f"{ABOUT}{TASK}", "kernel cancel Load_2013_07_04")
    own.add_argument("--run", metavar="RUN", help="part of the id of the run's worker, which `kernel status` shows")
    asked, rest = parted(argv, own)
    if asked.run is None and len(rest) == 1 and _is_submission(rest[0]):
        return _submission(rest[0], asked)
    if asked.run is None:
        return task_order.give(asked, rest, own.prog, task_order.TaskOrder("cancel", "is cancelled"))
    if rest:
        raise UsageError("--run takes no TASK", hint="kernel cancel --run RUN")
    return _run(asked)


def _is_submission(name: str) -> bool:
    """Whether that is the id of a submission: ids of tasks have no dashes before their family ends."""
    from luigi.submissions import KINDS

    return name.partition("-")[0] in KINDS and "-" in name


def _submission(name: str, asked: Namespace) -> int:
    from luigi.cli.operating.command import speaking
    from luigi.cli.operating.telling import tell, tell_json
    from luigi.interfaces import Order

    with speaking(asked) as line:
        line.control(Order("cancel_submission", name))
    if asked.json:
        tell_json({"submission": name, "cancelled": True})
    else:
        tell([f"{name} is cancelled"])
    return 0


def _run(asked: Namespace) -> int:
    from luigi.cli.operating.bulk_order import lines, where
    from luigi.cli.operating.command import speaking
    from luigi.cli.operating.naming import run_of
    from luigi.cli.operating.telling import tell, tell_json

    with speaking(asked) as line:
        told = where(line, "cancel", run=run_of(asked.run, line)["worker_id"], status=OPEN)
    if asked.json:
        tell_json(told)
    else:
        tell(lines(told, "cancelled"))
    return 0

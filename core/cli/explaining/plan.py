"""`kernel plan`: what a run would do, and why. It writes nothing and calls no scheduler."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from luigi.cli.arguments import Arguments
from luigi.errors import KernelError

if TYPE_CHECKING:
    from argparse import Namespace

    from luigi.cli.explaining.planned import Plan
    from luigi.redo.forcing import Forcing

PROGRAM = "kernel plan"
ABOUT = """\
Says what `kernel run TASK` would do, and why: which tasks would run (a missing output is named; forced; stale),
which cannot (blocked by what), which are external and missing, and which are complete. Nothing is run or written, and
no scheduler is called. What stands behind a complete task is not looked at, as in a run.

TASK is named as for kernel run: MODULE:TASK --PARAMETER VALUE, or the NAME of a configured run."""
EPILOG = """\
exit codes: 0 nothing to do, 1 something to do, 2 an error: the command line, the graph, or a task's check

example:
  kernel plan shop:Invoice --day 2013-07-04 --tree"""

NOTHING_TO_DO, WORK_TO_DO, ERROR = 0, 1, 2


def main(argv: list[str]) -> int:
    """Print the plan of what `argv` names. The exit code: 0 nothing to do, 1 something to do, 2 an error, told."""
    from luigi.cli.named_task import parted
    from luigi.cli.running.options import forcing_of

    try:
        asked, rest = parted(argv, _arguments())
        return _show(rest, forcing_of(asked), asked)
    except Exception as error:
        return _told(error)


def of_run(args: Sequence[str], forcing: Forcing) -> int:
    """Print the plan of the run whose command line is `args`. The exit code, as of `main`."""
    try:
        return _show(args, forcing, _arguments().parse_args([]))
    except Exception as error:
        return _told(error)


def _told(error: Exception) -> int:
    """Tell of an error as ever, a program's own with its traceback. The exit code 1 has another meaning here."""
    if isinstance(error, BrokenPipeError):
        raise error
    if isinstance(error, KernelError):
        from luigi.cli.complain import complain

        complain(error)
    else:
        from traceback import print_exception

        print_exception(error)
    return ERROR


def _arguments() -> Arguments:
    from luigi.cli.running.options import add_forcing

    own = Arguments(PROGRAM, ABOUT)
    own.usage = f"{PROGRAM} [OPTION ...] TASK [--PARAMETER VALUE ...]"
    own.epilog = EPILOG
    shape = own.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="one JSON document, with every task")
    shape.add_argument("--tree", action="store_true", help="as a tree of who requires whom")
    own.add_argument("--all", action="store_true", help="list every task, however many there are")
    add_forcing(own)
    return own


def _show(args: Sequence[str], forcing: Forcing, asked: Namespace) -> int:
    from luigi.cli.explaining.looking import looking
    from luigi.cli.explaining.planned import plan
    from luigi.cli.named_task import in_force

    with in_force(args, PROGRAM) as tasks, looking() as plugins:
        found = plan(tasks, forcing, plugins)
        for line in _lines(found, asked):
            print(line)
    return _code(found)


def _lines(found: Plan, asked: Namespace) -> Iterator[str]:
    if asked.json:
        from luigi.cli.explaining.plan_json import document

        return iter([document(found)])
    from luigi.cli.explaining import plan_text

    return plan_text.lines(found, tree=asked.tree, everything=asked.all)


def _code(found: Plan) -> int:
    from luigi.cli.explaining.planned import BROKEN, COMPLETE

    counts = found.counts()
    if counts[BROKEN]:
        return ERROR
    return NOTHING_TO_DO if counts[COMPLETE] == counts.total() else WORK_TO_DO

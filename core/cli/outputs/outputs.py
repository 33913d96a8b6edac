"""`kernel outputs`: what a task makes, and which of it is there."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from luigi.cli.arguments import Arguments

if TYPE_CHECKING:
    from luigi.cli.outputs.made import Output
    from luigi.task import Task

PROGRAM = "kernel outputs"
ABOUT = """\
Lists what a task makes, and says of each output whether it is there.

TASK is named as for kernel run: MODULE:TASK --PARAMETER VALUE, or the NAME of a configured run."""
EPILOG = """\
exit codes: 0 every output is there, 1 one is missing, or it cannot be told, 2 the command line cannot be read

example:
  kernel outputs shop:Invoice --day 2013-07-04 --missing --recursive"""

VERSION: Final = 1
WIDEST: Final = 60
"""Characters of a name that the column beside it makes room for."""

THERE, MISSING = 0, 1
YELLOW, GREEN, PLAIN = "\x1b[33m", "\x1b[32m", "\x1b[0m"


class Looked(NamedTuple):
    """An output that was looked for."""

    output: Output
    exists: bool


def main(argv: list[str]) -> int:
    """List the outputs that `argv` asks for. The exit code: 1 when one is missing.

    Raises UsageError, and KernelError for a task that cannot say what it makes.
    """
    from luigi.cli import named_task
    from luigi.cli.explaining.looking import looking

    with named_task.read(argv, _arguments()) as (asked, tasks), looking():
        everything, all_is_told = _needed(tasks) if asked.recursive else (tasks, True)
        found = list(_looked(everything))
    shown = [one for one in found if not (asked.missing and one.exists)]
    for line in [_document(shown)] if asked.json else _lines(shown):
        print(line)
    return THERE if all_is_told and all(one.exists for one in found) else MISSING


def _arguments() -> Arguments:
    own = Arguments(PROGRAM, ABOUT)
    own.usage = f"{PROGRAM} [OPTION ...] TASK [--PARAMETER VALUE ...]"
    own.epilog = EPILOG
    own.add_argument("--missing", action="store_true", help="only those that are not there")
    own.add_argument("--recursive", action="store_true", help="of everything the task requires, too")
    own.add_argument("--json", action="store_true", help="one JSON document")
    return own


def _needed(tasks: Sequence[Task]) -> tuple[Sequence[Task], bool]:
    """The tasks and all they require, and whether all of them have said what that is."""
    from luigi.cli.outputs.made import needed, tell_untold

    everything = needed(tasks)
    tell_untold(everything.untold)
    return everything.tasks, not everything.untold


def _looked(tasks: Sequence[Task]) -> Iterator[Looked]:
    from luigi.cli.outputs.made import exists, outputs_of_all

    for output in outputs_of_all(tasks):
        yield Looked(output, exists(output))


def _lines(found: Sequence[Looked]) -> Iterator[str]:
    """Three columns: whether it is there, what it is called, and whose it is."""
    room = min(max((len(one.output.name) for one in found), default=0), WIDEST)
    for output, exists in found:
        yield f"{_standing(exists)}{output.name.ljust(room)}  {output.task}"


def _standing(exists: bool) -> str:
    from luigi.cli.complain import coloured

    word, colour = ("there", GREEN) if exists else ("missing", YELLOW)
    return f"{colour}{word:<9}{PLAIN}" if coloured(sys.stdout) else f"{word:<9}"


def _document(found: Sequence[Looked]) -> str:
    outputs = [
        {
            "task_id": output.task.task_id,
            "task": str(output.task),
            "output": output.name,
            "kind": type(output.target).__name__,
            "exists": exists,
        }
        for output, exists in found
    ]
    return json.dumps({"version": VERSION, "outputs": outputs}, indent=2)

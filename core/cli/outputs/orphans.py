"""`kernel orphans`: files that no task makes any more, or none ever made."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Final

from luigi.cli.arguments import Arguments
from luigi.errors import KernelError

if TYPE_CHECKING:
    from luigi.cli.outputs.made import Output
    from luigi.cli.outputs.strays import Stray
    from luigi.task import Task

PROGRAM = "kernel orphans"
ABOUT = """\
Lists the files below the folder DIR that are no output of TASK or of anything it requires. Nothing is removed.

TASK is named as for kernel run: MODULE:TASK --PARAMETER VALUE, or the NAME of a configured run. With --module MODULE
alone all tasks of the module are meant that need no parameters, and its configured runs: name a task that leads to all
others, such as one that requires every day, to have no day listed that a task makes.
What tasks require only while they run is not known before."""
EPILOG = """\
exit codes: 0 there is none, 1 there are some, or it cannot be told, 2 the command line cannot be read

example:
  kernel orphans data shop:Invoices --month 2013-07"""

VERSION: Final = 1


class NoFolder(KernelError):
    """There is no folder of that name to look into."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is no folder of this machine")
        self.hint = f"{PROGRAM} DIR TASK"


def main(argv: list[str]) -> int:
    """List the files that `argv` asks for. The exit code: 1 when there are some.

    Raises UsageError, NoFolder, and KernelError for tasks that cannot say what they make.
    """
    from luigi.cli.named_task import parted

    own = _arguments()
    if not argv or argv[0].startswith("-"):
        own.parse_known_args(argv)  # answers --help
        own.error("DIR comes first")
    asked, rest = parted(argv[1:], own)
    found = list(_found(argv[0], rest))
    for line in [_document(found)] if asked.json else (stray.path for stray in found):
        print(line)
    if found and not asked.json:
        print(_sentence(found), file=sys.stderr)
    return 1 if found else 0


def _arguments() -> Arguments:
    own = Arguments(PROGRAM, ABOUT)
    own.usage = f"{PROGRAM} DIR [OPTION ...] TASK [--PARAMETER VALUE ...]\n       {PROGRAM} DIR --module MODULE"
    own.epilog = EPILOG
    own.add_argument("--json", action="store_true", help="one JSON document")
    return own


def _found(folder: str, rest: list[str]) -> Iterator[Stray]:
    from luigi.cli.explaining.looking import looking
    from luigi.cli.outputs.strays import strays

    if not os.path.isdir(folder):
        raise NoFolder(folder)
    outputs: list[Output] = []
    for naming in _namings(rest):
        with naming as tasks, looking():
            outputs += _made_for(tasks)
    return strays(folder, outputs)


def _namings(rest: list[str]) -> Iterator[AbstractContextManager[list[Task]]]:
    from luigi.cli.named_task import in_force
    from luigi.cli.outputs.module_tasks import is_module_alone, of_module

    return of_module(rest) if is_module_alone(rest) else iter([in_force(rest, f"{PROGRAM} DIR")])


def _made_for(tasks: Sequence[Task]) -> Iterator[Output]:
    """Raises CannotTell: where something is not known, what belongs to it would be listed."""
    from luigi.cli.outputs.made import needed, outputs_of_all

    everything = needed(tasks)
    if everything.untold:
        raise everything.untold[0]
    return outputs_of_all(everything.tasks)


def _sentence(found: Sequence[Stray]) -> str:
    from luigi.cli.operating.telling import number_of

    leftovers = sum(stray.is_leftover for stray in found)
    left = f", {leftovers} of them left over by writers that did not end well" if leftovers else ""
    total = number_of(sum(stray.bytes for stray in found), "byte")
    return f"{number_of(len(found), 'file')}, {total}, that no task makes{left}"


def _document(found: Sequence[Stray]) -> str:
    files = [{"path": stray.path, "bytes": stray.bytes, "leftover": stray.is_leftover} for stray in found]
    return json.dumps({"version": VERSION, "files": files}, indent=2)

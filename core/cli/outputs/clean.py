"""`kernel clean`: removes what tasks have made, all of it or nothing, and only when told to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from luigi.cli.arguments import Arguments
from luigi.errors import KernelError

if TYPE_CHECKING:
    from argparse import Namespace

    from luigi.cli.outputs.removal import Removal
    from luigi.task import Task

PROGRAM = "kernel clean"
ABOUT = """\
Removes what a task has made, so that the next run makes it again. Without --yes it only says what it would remove.
Nothing is touched when one of the outputs cannot be removed. What external tasks stand for is never removed.

TASK is named as for kernel run: MODULE:TASK --PARAMETER VALUE, or the NAME of a configured run.
PATTERN chooses among TASK and all it requires: Load, Load*, a task's id, Load(day=2013-07-04)."""
EPILOG = """\
exit codes: 0 it is removed, or nothing is there, or nothing stands against it; 1 an output cannot be removed;
  2 the command line cannot be read

example:
  kernel clean shop:Invoice --day 2013-07-04 --only Orders --yes"""

VERSION: Final = 1
WIDEST: Final = 60
"""Characters of a name that the column beside it makes room for."""


class CannotRemove(KernelError):
    """Some outputs cannot be removed, so none was."""

    def __init__(self, removal: Removal) -> None:
        lines = (f"  {name}: {why}" for name, why in removal.refused.items())
        super().__init__("\n".join(["nothing was removed, as these cannot be:", *lines]))
        self.hint = "choose others with --only, or remove these in their own way first"


def main(argv: list[str]) -> int:
    """Remove, or list, what `argv` asks for. The exit code, which is 0.

    Raises UsageError, and KernelError for what cannot be removed.
    """
    from luigi.cli import named_task
    from luigi.cli.explaining.looking import looking

    with named_task.read(argv, _arguments()) as (asked, tasks), looking():
        found = _found(tasks, asked)
        if found.refused and not asked.json:
            raise CannotRemove(found)
        done = asked.yes and not found.refused
        if done:
            found.carry_out()
    for line in [_document(found, done)] if asked.json else _lines(found, done):
        print(line)
    return 1 if found.refused else 0


def _arguments() -> Arguments:
    own = Arguments(PROGRAM, ABOUT)
    own.usage = f"{PROGRAM} [OPTION ...] TASK [--PARAMETER VALUE ...]"
    own.epilog = EPILOG
    own.add_argument("--yes", action="store_true", help="remove it")
    own.add_argument("--recursive", action="store_true", help="also what all that TASK requires has made")
    for option, meaning in OPTIONS.items():
        own.add_argument(option, action="append", default=[], metavar="PATTERN", help=meaning)
    own.add_argument("--json", action="store_true", help="one JSON document")
    return own


OPTIONS: Final = {
    "--only": "what these tasks have made, in place of TASK itself",
    "--upstream": "what these and all they require have made",
    "--downstream": "what these and all between them and TASK have made",
}


def _found(roots: list[Task], asked: Namespace) -> Removal:
    """What is to go. Raises UnmatchedPattern, and CannotTell."""
    from luigi.cli.outputs.choosing import Choice, chosen_among
    from luigi.cli.outputs.made import needed, tell_untold
    from luigi.cli.outputs.removal import removal

    everything = needed(roots)
    tell_untold(everything.untold)
    choice = Choice(asked.only, asked.upstream, asked.downstream, asked.recursive)
    return removal(everything.tasks, chosen_among(everything, roots, choice))


def _lines(found: Removal, done: bool) -> Iterator[str]:
    room = min(max((len(output.name) for output in found.outputs), default=0), WIDEST)
    for output in found.outputs:
        yield f"{'removed' if done else 'would remove'}  {output.name.ljust(room)}  {output.task}"
    if not found.outputs:
        yield "nothing to remove"
    elif not done:
        yield f"{len(found.outputs)} to remove; --yes removes"


def _document(found: Removal, done: bool) -> str:
    facts: dict[str, Any] = {
        "version": VERSION,
        "removed": done,
        "outputs": [
            {"task_id": output.task.task_id, "task": str(output.task), "output": output.name}
            for output in found.outputs
        ],
        "refused": [{"output": name, "why": why} for name, why in found.refused.items()],
    }
    return json.dumps(facts, indent=2)

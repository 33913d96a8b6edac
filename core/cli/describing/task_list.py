"""`kernel tasks list`: the task classes that modules define, without a server."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from luigi.cli.arguments import Arguments

if TYPE_CHECKING:
    from luigi.task import Task

PROGRAM = "kernel tasks list"
ABOUT = """\
Lists the tasks that modules define: their names, parameters, and the first line of their docstrings. Parameters that
need no value stand in brackets. No server is asked.

Without --module: the modules of the configured runs."""
EPILOG = """\
exit codes: 0 fine, 1 a module cannot be imported, 2 the command line cannot be read

example:
  kernel tasks list --module shop"""

VERSION: Final = 1


def main(argv: list[str]) -> int:
    """List what `argv` asks for. The exit code. Raises UsageError, and what importing the modules raises."""
    from luigi.cli.task_classes import classes_of
    from luigi.cli.user_module import import_user_module

    own = _arguments()
    asked = own.parse_args(argv)
    modules = list(dict.fromkeys(asked.module or _of_runs()))
    if not modules:
        own.error("which module? --module MODULE")
    for module in modules:
        import_user_module(module)
    found = sorted(
        dict.fromkeys(cls for module in modules for cls in classes_of(module)), key=lambda cls: cls.get_task_family()
    )
    for line in [_document(found)] if asked.json else _lines(found):
        print(line)
    return 0


def _arguments() -> Arguments:
    own = Arguments(PROGRAM, ABOUT)
    own.epilog = EPILOG
    own.add_argument("--module", action="append", metavar="MODULE", help="a module, or a package; may be repeated")
    own.add_argument("--json", action="store_true", help="one JSON document")
    return own


def _of_runs() -> list[str]:
    from luigi.cli.configured_runs import configured_runs

    return [run.module for run in configured_runs().values() if run.module]


def _lines(classes: Sequence[type[Task]]) -> Iterator[str]:
    """The call of each task, and what it is, beside or below it."""
    from luigi.cli.describing.task_facts import call_of, summary_of
    from luigi.cli.layout import option_lines

    if not classes:
        yield "no tasks"
    for cls in classes:
        yield from (line[2:] for line in option_lines(call_of(cls), summary_of(cls)))


def _document(classes: Sequence[type[Task]]) -> str:
    from luigi.cli.describing.task_facts import facts_of

    tasks: list[dict[str, Any]] = [facts_of(cls) for cls in classes]
    return json.dumps({"version": VERSION, "tasks": tasks}, indent=2)

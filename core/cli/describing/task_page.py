"""`kernel tasks show`: what a task class is and what it takes, without a server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from luigi.cli.arguments import Arguments

if TYPE_CHECKING:
    from luigi.cli.describing.parameters import ParameterFacts
    from luigi.task import Task

PROGRAM = "kernel tasks show"
ABOUT = """\
Shows what a task is: its docstring, where it is defined, and each parameter with its type, its default, and what the
configuration says. No server is asked, and no task is made.

TASK is named as for kernel run: MODULE:TASK, or the NAME of a configured run."""
EPILOG = """\
exit codes: 0 fine, 1 there is no such task, 2 the command line cannot be read

example:
  kernel tasks show shop:Invoice"""

VERSION: Final = 1


def main(argv: list[str]) -> int:
    """Show the task that `argv` names. The exit code. Raises UsageError, and KernelError for a task there is not."""
    from luigi.cli.named_task import parted

    asked, rest = parted(argv, _arguments())
    cls = _class_named(rest)
    for line in [_document(cls)] if asked.json else _lines(cls):
        print(line)
    return 0


def _arguments() -> Arguments:
    own = Arguments(PROGRAM, ABOUT)
    own.usage = f"{PROGRAM} [--json] TASK"
    own.epilog = EPILOG
    own.add_argument("--json", action="store_true", help="one JSON document")
    return own


def _class_named(args: list[str]) -> type[Task]:
    from luigi.cli.named_task import NamesNoTask
    from luigi.cli.opening import open_module
    from luigi.cli.reading import Reader
    from luigi.cli.run import as_luigi_arguments

    wanted = as_luigi_arguments(args)
    found = Reader(wanted, open_module(wanted)).root()
    if found is None:
        raise NamesNoTask(PROGRAM)
    return found


def _document(cls: type[Task]) -> str:
    from luigi.cli.describing.task_facts import facts_of

    return json.dumps({"version": VERSION, **facts_of(cls)}, indent=2)


def _lines(cls: type[Task]) -> Iterator[str]:
    from luigi.cli.describing.parameters import parameters_of
    from luigi.cli.describing.task_facts import doc_of, kind_of, source_of
    from luigi.cli.layout import option_lines

    yield from (line.rstrip() for line in doc_of(cls).split("\n") if doc_of(cls))
    yield from [""] if doc_of(cls) else []
    yield from option_lines("family", cls.get_task_family())
    yield from option_lines("kind", kind_of(cls))
    yield from option_lines("module", cls.__module__)
    yield from option_lines("defined in", source_of(cls))
    parameters = list(parameters_of(cls))
    yield from ["", "parameters:" if parameters else "it has no parameters"]
    for one in parameters:
        yield from option_lines(f"{one.flag} {one.name.upper()}", _meaning(one))


def _meaning(one: ParameterFacts) -> str:
    """Its description, and in brackets what else there is to know."""
    facts = [one.expects, "required" if one.required else ""]
    facts.append(f"default: {one.default}" if one.default else "")
    facts.append(f"here: {one.configured}, from {one.origin}" if one.origin else "")
    facts.append("" if one.significant else "insignificant")
    facts.append("" if one.visibility == "public" else one.visibility)
    facts.append("batched" if one.batched else "")
    said = "; ".join(fact for fact in facts if fact)
    return f"{one.description} ({said})" if one.description else said

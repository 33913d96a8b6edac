"""`kernel config check`: every mistake of the configuration files, with file and line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from luigi.cli.arguments import Arguments
from luigi.errors import ConfigurationError

if TYPE_CHECKING:
    from argparse import Namespace

    from luigi.configuration.check import Config, Problem

PROGRAM = "kernel config check"
ABOUT = """\
Reads the configuration files and says what is wrong with them: options that there are not, values that cannot be read,
options of plugins, runs without a task, and with --module those of a program's tasks. Doubts are told, too: sections
that nobody here reads, and options that are not read any more."""
EPILOG = """\
exit codes: 0 nothing is wrong, 1 there are mistakes (with --strict: or doubts), 2 the command line cannot be read

example:
  kernel config check --module shop --strict"""

VERSION: Final = 1


def main(argv: list[str]) -> int:
    """Check what `argv` asks for. The exit code: 1 when there are mistakes.

    Raises UsageError, and what importing the modules raises.
    """
    asked = _arguments().parse_args(argv)
    files, mistakes, doubts = _found(asked.module)
    if asked.json:
        print(_document(files, mistakes, doubts))
    else:
        _tell(files, mistakes, doubts, asked)
    return 1 if mistakes or (asked.strict and doubts) else 0


def _arguments() -> Arguments:
    from luigi.cli.configuring.modules import add_modules

    own = Arguments(PROGRAM, ABOUT)
    own.epilog = EPILOG
    own.add_argument("--strict", action="store_true", help="doubts are mistakes, too")
    own.add_argument("--json", action="store_true", help="one JSON document")
    add_modules(own)
    return own


def _found(modules: Sequence[str]) -> tuple[list[str], list[Problem], list[Problem]]:
    """The files that were read, mistakes, doubts. A file that cannot be read is the only mistake that can be seen."""
    from luigi.cli.configuring.modules import know
    from luigi.configuration import get_config
    from luigi.configuration.check import Problem
    from luigi.configuration.files import existing

    try:
        config = get_config()
    except ConfigurationError as error:
        return [], [Problem("", str(error), error.hint)], []
    know(modules)
    return existing(type(config)._files()), list(_mistakes(config)), list(_doubts(config))


def _mistakes(config: Config) -> Iterator[Problem]:
    from luigi.cli.configuring.owners import of_named, of_plugins, of_tasks
    from luigi.configuration import check

    yield from check.mistakes(config)
    yield from of_tasks(config)
    yield from of_plugins(config)
    yield from of_named(config)


def _doubts(config: Config) -> Iterator[Problem]:
    from luigi.cli.configuring.owners import sections_of_plugins
    from luigi.configuration import check

    owned = set(sections_of_plugins())
    slips = check.doubts(config, owned)
    yield from slips
    told = "\n".join(doubt.sentence for doubt in slips)
    for section in config.sections():
        if not check.is_owned(section) and section not in owned and f"[{section}]" not in told:
            sentence = f"nobody here reads section [{section}]"
            yield check.Problem(str(config.origin(section) or ""), sentence, "--module MODULE, if a task of it does")


def _tell(files: Sequence[str], mistakes: Sequence[Problem], doubts: Sequence[Problem], asked: Namespace) -> None:
    from luigi.cli.operating.telling import number_of

    for label, problems in (("error", mistakes), ("error" if asked.strict else "warning", doubts)):
        for problem in problems:
            print(f"{label}: {problem}" + (f" ({problem.hint})" if problem.hint else ""))
    read = ", ".join(files) or "no configuration file"
    print(f"{read}: {number_of(len(mistakes), 'mistake')}, {number_of(len(doubts), 'doubt')}", file=sys.stderr)


def _document(files: Sequence[str], mistakes: Sequence[Problem], doubts: Sequence[Problem]) -> str:
    facts = {
        "version": VERSION,
        "files": list(files),
        "mistakes": [problem._asdict() for problem in mistakes],
        "doubts": [problem._asdict() for problem in doubts],
    }
    return json.dumps(facts, indent=2)

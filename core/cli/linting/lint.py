"""`kernel lint`: says of the tasks of modules what goes wrong only later."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from luigi.cli.arguments import Arguments

if TYPE_CHECKING:
    from argparse import Namespace

    from luigi.cli.linting.finding import Finding
    from luigi.cli.linting.subject import Subject

PROGRAM = "kernel lint"
ABOUT = """\
Imports modules and looks at the tasks they define. Of each class a task is made, with defaults and made-up values, and
asked what it requires and where its outputs are. Nothing is run, and no output is looked for.

A comment `# luigi: noqa[rule]` in the line of a finding keeps it quiet."""
EPILOG = """\
exit codes: 0 nothing was found, 1 something was, or a module cannot be imported, 2 the command line cannot be read

example:
  kernel lint flights.tasks --skip shared-output

rules:
"""

VERSION: Final = 1


def main(argv: list[str]) -> int:
    """Look at what `argv` asks for. The exit code: 1 when something was found.

    Raises UsageError, and what importing the modules raises.
    """
    from luigi.cli.linting.subject import Subject

    asked = _arguments().parse_args(argv)
    subject = Subject(_classes(asked.modules))
    found = sorted(set(_findings(subject, asked)))
    if asked.json:
        print(_document(found, subject))
    else:
        _tell(found, subject)
    return 1 if found else 0


def _arguments() -> Arguments:
    from luigi.cli.linting.rules import RULES

    own = Arguments(PROGRAM, ABOUT)
    own.epilog = EPILOG + "\n".join(f"  {name:<16}{rule.SUMMARY}" for name, rule in RULES.items())
    own.add_argument("modules", metavar="MODULE", nargs="+", help="a module, or a package with what it imports")
    own.add_argument("--rule", action="append", choices=RULES, metavar="RULE", help="this rule only; may be repeated")
    own.add_argument("--skip", action="append", choices=RULES, default=[], metavar="RULE", help="not this rule")
    own.add_argument("--json", action="store_true", help="one JSON document")
    return own


def _classes(modules: Sequence[str]) -> list[Any]:
    from luigi.cli import own_classes
    from luigi.cli.task_classes import classes_of
    from luigi.cli.user_module import import_user_module

    own_classes.register_flagged()
    for module in modules:
        import_user_module(module)
    return list(dict.fromkeys(cls for module in modules for cls in classes_of(module)))


def _findings(subject: Subject, asked: Namespace) -> Iterator[Finding]:
    from luigi.cli.linting.rules import RULES

    for name in asked.rule or RULES:
        if name not in asked.skip:
            for finding in RULES[name].check(subject):
                if not subject.sources.at(finding.path).forbids(name, finding.line):
                    yield finding._replace(path=_near(finding.path))


def _near(path: str) -> str:
    """The path as one would type it here."""
    below = os.path.relpath(path) if os.path.isabs(path) else path
    return path if below.startswith(os.pardir) else below


def _tell(found: Sequence[Finding], subject: Subject) -> None:
    from luigi.cli.operating.telling import number_of

    for finding in found:
        print(finding)
        print(f"    {finding.hint}")
    for family, why in subject.untried.items():
        print(f"not looked at as a whole: {family}: {why}", file=sys.stderr)
    print(f"{number_of(len(subject.classes), 'task')}, {number_of(len(found), 'finding')}", file=sys.stderr)


def _document(found: Sequence[Finding], subject: Subject) -> str:
    facts = {
        "version": VERSION,
        "tasks": [cls.get_task_family() for cls in subject.classes],
        "findings": [finding._asdict() for finding in found],
        "untried": [{"task": family, "why": why} for family, why in subject.untried.items()],
    }
    return json.dumps(facts, indent=2)

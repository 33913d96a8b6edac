"""`kernel config show`: what is configured, and where."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from luigi.cli.arguments import Arguments
from luigi.errors import KernelError, did_you_mean

if TYPE_CHECKING:
    from luigi.cli.configuring.known_options import Sections
    from luigi.cli.configuring.values import Value

PROGRAM = "kernel config show"
ABOUT = """\
Shows every value that the configuration files give, in their order of precedence. Secrets, private parameters and
passwords in URLs are shown as ***, and so is what nobody here knows: --module makes a program's sections known."""
EPILOG = """\
exit codes: 0 fine, 1 there is no such section, or a file cannot be read, 2 the command line cannot be read

example:
  kernel config show --origin core worker"""

VERSION: Final = 1
COLUMN: Final = 44
"""Where origins begin."""


class UnknownSection(KernelError):
    """Neither is a section configured, nor does anybody here read it."""

    def __init__(self, section: str, there: Sequence[str]) -> None:
        super().__init__(f"there is no section [{section}]")
        self.hint = did_you_mean(section, there) or "kernel config show shows all that are configured"


def main(argv: list[str]) -> int:
    """Show what `argv` asks for. The exit code. Raises UsageError, UnknownSection, and ConfigurationError for files."""
    from luigi.cli.configuring.known_options import known_sections
    from luigi.cli.configuring.modules import know
    from luigi.cli.configuring.values import Values
    from luigi.configuration import get_config

    asked = _arguments().parse_args(argv)
    know(asked.module)
    sections = known_sections()
    values = [*Values(get_config(), sections).all()]
    if asked.defaults:
        values += _defaults(sections, values)
    shown = _of(asked.sections, values, sections)
    for line in [_document(shown)] if asked.json else _lines(shown, asked.origin or asked.defaults):
        print(line)
    _tell_unknown(shown)
    return 0


def _arguments() -> Arguments:
    from luigi.cli.configuring.modules import add_modules

    own = Arguments(PROGRAM, ABOUT)
    own.epilog = EPILOG
    own.add_argument("sections", metavar="SECTION", nargs="*", help="these only, with the tables in them")
    own.add_argument("--origin", action="store_true", help="where each value comes from: file and line")
    own.add_argument("--defaults", action="store_true", help="also the options that nobody has set")
    own.add_argument("--json", action="store_true", help="one JSON document, with origins")
    add_modules(own)
    return own


def _defaults(sections: Sections, values: Sequence[Value]) -> Iterator[Value]:
    """What the known options are that nobody has set."""
    from luigi.cli.configuring.values import Value

    given = {(value.section, value.option.replace("-", "_")) for value in values}
    for section, options in sections.items():
        for name, option in options.items():
            if option.default is not None and (section, name) not in given:
                yield Value(section, name, option.default, "", None, "")


def _of(wanted: Sequence[str], values: Sequence[Value], sections: Sections) -> list[Value]:
    """The values of the wanted sections, each section's together. Raises UnknownSection."""
    there = list(dict.fromkeys([*(value.section for value in values), *sections]))
    for section in wanted:
        if not any(_is_in(one, section) for one in there):
            raise UnknownSection(section, there)
    kept = [value for value in values if not wanted or any(_is_in(value.section, section) for section in wanted)]
    return sorted(kept, key=lambda value: there.index(value.section))


def _is_in(section: str, wanted: str) -> bool:
    return section == wanted or section.startswith(f"{wanted}.")


def _lines(values: Sequence[Value], with_origin: bool) -> Iterator[str]:
    """As a cfg file would have them; origins as comments behind the values."""
    section = None
    for value in values:
        if value.section != section:
            yield from [f"[{value.section}]"] if section is None else ["", f"[{value.section}]"]
            section = value.section
        line = f"{value.option} = {value.text}".replace("\n", "\n    ").rstrip()
        note = "; ".join(part for part in (_place(value) if with_origin else "", value.problem) if part)
        yield f"{line.ljust(COLUMN)}  # {note}" if note else line


def _place(value: Value) -> str:
    return "default" if value.origin is None else str(value.origin)


def _document(values: Sequence[Value]) -> str:
    from luigi.configuration import get_config
    from luigi.configuration.files import existing

    config = get_config()
    settings = [_facts(value) for value in values]
    return json.dumps({"version": VERSION, "files": existing(type(config)._files()), "values": settings}, indent=2)


def _facts(value: Value) -> dict[str, Any]:
    origin = value.origin
    where = None if origin is None else {"kind": origin.kind, "place": origin.place, "line": origin.line}
    return {
        "section": value.section,
        "option": value.option,
        "value": value.text,
        "hidden": value.hidden or None,
        "origin": where,
        "variables": [] if origin is None else list(origin.variables),
        "problem": value.problem or None,
    }


def _tell_unknown(values: Sequence[Value]) -> None:
    from luigi.cli.configuring.values import UNKNOWN

    unknown = list(dict.fromkeys(f"[{value.section}]" for value in values if value.hidden == UNKNOWN))
    if unknown:
        print(f"hint: nobody here knows all options of {', '.join(unknown)}, so they are not shown", file=sys.stderr)
        print("hint: --module MODULE shows them, if a task of it reads them", file=sys.stderr)

"""What `kernel --help` and `kernel help all` print: the commands in groups, on one screen, and what each one does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from luigi.cli.layout import option_lines, paragraph, width

if TYPE_CHECKING:
    from luigi.hookspecs import Command

GROUPS = {
    "run": "tasks, and the server that schedules them",
    "explain": "what would run and why, what requires what, what is wrong",
    "operate": "what goes on and what went on, and orders to the server",
    "outputs": "what tasks make",
    "set up": "the configuration, plugins, the shell",
}
"""Group → what its commands are about, in the order they are shown. A plugin may bring other groups."""
REST = "more"
ABOUT_REST = "what plugins bring"
SCREEN = 80
"""Characters in a line of the overview, at most: a terminal that nobody has made larger."""
INDENT = 2

FOOTER = """\
kernel help all            each command and what it does
kernel COMMAND --help      its options and exit codes, and an example
kernel --version           which version this is"""


def overview(commands: Sequence[Command]) -> str:
    """The names of all commands, by group: no more than a screen."""
    lines = ["usage: kernel COMMAND [ARGUMENT ...]", ""]
    for group, members in grouped(commands):
        lines += [_heading(group), *_wrapped([command.name for command in members])]
    return "\n".join([*lines, "", FOOTER])


def everything(commands: Sequence[Command]) -> str:
    """Each command in a line with what it does, by group."""
    lines = []
    for group, members in grouped(commands):
        lines += [_heading(group), *(line for one in members for line in option_lines(one.name, one.summary)), ""]
    return "\n".join(lines[:-1])


def grouped(commands: Sequence[Command]) -> Iterator[tuple[str, list[Command]]]:
    """The groups that have commands: the kernel's own, those that plugins bring, and what is in none."""
    foreign = sorted({command.group for command in commands}.difference(GROUPS, [REST]))
    for group in (*GROUPS, *foreign, REST):
        members = [command for command in commands if command.group == group]
        if members:
            yield group, members


def _heading(group: str) -> str:
    about = ABOUT_REST if group == REST else GROUPS.get(group, "")
    return f"{group}: {about}" if about else f"{group}:"


def _wrapped(names: Sequence[str]) -> Iterator[str]:
    return paragraph(", ".join(names), INDENT, min(width(), SCREEN))

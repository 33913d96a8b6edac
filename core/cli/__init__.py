"""The `kernel` command: it finds the command that is named, built in or a plugin's, and hands it the arguments."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from luigi.hookspecs import Command


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that `argv` names (the process's own arguments unless given). Its exit code.

    2 when there is no such command. A mistake of the user's is told in a sentence, never as a traceback.
    """
    from luigi.cli.guard import mistakes_told

    with mistakes_told():
        return _dispatch(list(sys.argv[1:] if argv is None else argv))


def commands() -> list[Command]:
    """The commands there are, by name: the kernel's own and those of plugins."""
    from luigi.plugin_manager import PluginManager

    found = {command.name: command for command in PluginManager.with_installed().commands()}
    return [found[name] for name in sorted(found)]


def _dispatch(args: list[str]) -> int:
    if not args or args[0] in ("-h", "--help", "help"):
        print(_help())
        return 0
    if args[0] in ("-V", "--version"):
        import luigi

        print(f"kernel {luigi.__version__}")
        return 0
    for command in commands():
        if command.name == args[0]:
            return command.main(args[1:])
    from luigi.cli.usage import UnknownCommand

    raise UnknownCommand(args[0], [command.name for command in commands()])


def _help() -> str:
    from luigi.cli.layout import option_lines

    lines = ["usage: kernel COMMAND [ARGUMENT ...]", "", "commands:"]
    for command in commands():
        lines += option_lines(command.name, command.summary)
    return "\n".join([*lines, "", "kernel COMMAND --help says more about one, kernel --version which version this is"])

"""The `kernel` command: it finds the command that is named, built in or a plugin's, and hands it the arguments."""

from __future__ import annotations

import io
import os
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
        _escape_what_cannot_be_written()
        _search_here()
        return _dispatch(list(sys.argv[1:] if argv is None else argv))


def commands() -> list[Command]:
    """The commands there are, by name: those of plugins, and the kernel's own, which nobody replaces."""
    from luigi.plugin_manager import PluginManager

    found = {command.name: command for command in [*PluginManager.with_installed().commands(), *_own()]}
    return [found[name] for name in sorted(found)]


def _own() -> list[Command]:
    """The kernel's own commands. They are there, and quickly so, also where a plugin cannot be loaded."""
    from luigi import defaults

    return list(defaults.luigi_commands())


def _escape_what_cannot_be_written() -> None:
    """An answer with an escaped letter is better than none: the terminal's encoding may be older than a task's name."""
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")


def _search_here() -> None:
    """Modules of the working directory are found, as those are that the configuration names."""
    here = os.getcwd()
    if here not in sys.path:
        sys.path.insert(0, here)


def _dispatch(args: list[str]) -> int:
    if not args or args[0] in ("-h", "--help", "help"):
        return _help(args[1:])
    if args[0] in ("-V", "--version"):
        import luigi

        print(f"kernel {luigi.__version__}")
        return 0
    return _command(args[0]).main(args[1:])


def _command(name: str) -> Command:
    for offered in (_own, commands):
        for command in offered():
            if command.name == name:
                return command
    from luigi.cli.usage import UnknownCommand

    raise UnknownCommand(name, [command.name for command in commands()])


def _help(topic: list[str]) -> int:
    """Print the overview; of `all` what each command does; of a command its own help."""
    from luigi.cli.command_help import everything, overview

    if topic and topic[0] != "all":
        return _command(topic[0]).main(["--help"])
    print(everything(commands()) if topic else overview(commands()))
    return 0

"""`kernel config`: shows, checks and begins configuration files."""

from __future__ import annotations

from typing import Final

from luigi.cli.arguments import Arguments

PROGRAM = "kernel config"
ABOUT = """\
show [SECTION ...]   every value that is configured, and with --origin where
check                every mistake in the files, with file and line
init [FILE]          write a file in which every option stands, commented out

kernel config show --help, and so on, say more."""
VERBS: Final = ("show", "check", "init")


def main(argv: list[str]) -> int:
    """Do what `argv` says. The exit code. Raises UsageError and KernelError."""
    own = Arguments(PROGRAM, ABOUT)
    own.usage = f"{PROGRAM} show|check|init [ARGUMENT ...]"
    if not argv or argv[0] not in VERBS:
        own.parse_known_args(argv)  # answers --help
        own.error(f"{argv[0]} is none of {', '.join(VERBS)}" if argv else f"one of {', '.join(VERBS)} is wanted")
    from importlib import import_module

    return int(import_module(f"luigi.cli.configuring.{argv[0]}").main(argv[1:]))

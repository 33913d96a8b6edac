"""The first steps of every command line: import the named module, answer a call for help, read the rest."""

from __future__ import annotations

import sys

from luigi.cli import own_classes
from luigi.cli.complain import coloured, complain, explained
from luigi.cli.reading import Reader, Reading, named_module, wanted_help
from luigi.cli.usage import UsageError
from luigi.errors import KernelError


class NoTask(KernelError):
    """The command line names no task."""

    def __init__(self) -> None:
        super().__init__("No task specified")
        self.hint = "name one: --module MODULE TASK [--PARAMETER VALUE …]; --help shows more"


def read_or_exit(args: list[str]) -> Reading:
    """The reading of `args`. Raises SystemExit as `CmdlineParser` says, and errors about module and task."""
    try:
        return read(args)
    except UsageError as error:
        complain(error)
        raise SystemExit(2) from error
    except NoTask as error:
        raise SystemExit(explained(error, coloured(sys.stderr))) from error


def read(args: list[str]) -> Reading:
    """The reading of `args`; SystemExit(0) after printing the help they ask for. Raises KernelError otherwise."""
    answer_help(args)
    reading = Reader(args, open_module(args)).read()
    if reading.root is None:
        raise NoTask()
    return reading


def answer_help(args: list[str]) -> None:
    """Print the help that `args` ask for and raise SystemExit(0), if they do. Raises KernelError as `read` does."""
    asked = wanted_help(args)
    if asked:
        from luigi.cli.help import help_text

        print(help_text(Reader(args, open_module(args)).root(), everything=asked == "--help-all"))
        raise SystemExit(0)


def open_module(args: list[str]) -> str | None:
    """Import the module that `args` name, if they do, and make the kernel's own flags known. Its name."""
    own_classes.register_flagged()
    module = named_module(args)
    if module:
        from luigi.cli.user_module import import_user_module

        import_user_module(module)
    return module

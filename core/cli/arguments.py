"""Arguments of the commands that are no runs: argparse, whose complaints are told like all others."""

from __future__ import annotations

import argparse
from typing import NoReturn

from luigi.cli.usage import UsageError


class Arguments(argparse.ArgumentParser):
    """A parser that raises UsageError for what it cannot read; `--help` ends the process as ever.

    A flag must be written in full: a new one never changes what an old command line means.
    """

    def __init__(self, prog: str, about: str = "", *, add_help: bool = True) -> None:
        """`prog`: how the command is called; `about`: what it does; `add_help`: whether it answers `--help` itself."""
        super().__init__(
            prog=prog,
            description=about,
            allow_abbrev=False,
            add_help=add_help,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )

    def error(self, message: str) -> NoReturn:
        """Raise UsageError with argparse's sentence."""
        raise UsageError(message, hint=" ".join(self.format_usage().split()))

"""`luigid`: start the scheduler server, when a package that brings one is installed."""

from __future__ import annotations

from luigi.cli import commands
from luigi.cli.complain import complain
from luigi.errors import KernelError

COMMAND = "serve"


class NoServer(KernelError):
    """Nothing that is installed brings the scheduler server."""

    def __init__(self) -> None:
        super().__init__("the scheduler server is not part of this version")
        self.hint = "without a server, run with --local-scheduler"


def serve(argv: list[str]) -> int:
    """Run the `serve` command with `argv`. Its exit code; 1 when there is none."""
    for command in commands():
        if command.name == COMMAND:
            return command.main(argv)
    complain(NoServer())
    return 1

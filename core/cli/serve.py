"""`luigid`: the command `serve`, which the server's plugin brings."""

from __future__ import annotations

from luigi.cli import commands
from luigi.cli.complain import complain
from luigi.errors import KernelError

COMMAND = "serve"


class NoServer(KernelError):
    """The server's plugin is switched off, or not installed."""

    def __init__(self) -> None:
        super().__init__("no plugin brings the scheduler's server")
        self.hint = "see `kernel plugins list` and [core] disabled_plugins"


def serve(argv: list[str]) -> int:
    """Run the `serve` command with `argv`. Its exit code; 1 when there is none."""
    for command in commands():
        if command.name == COMMAND:
            return command.main(argv)
    complain(NoServer())
    return 1

"""What there is to say about a command that content goes through: how it reads, how it failed, what it can inherit."""

from __future__ import annotations

from typing import Any

from luigi.errors import KernelError


class CommandFailed(KernelError, RuntimeError):
    """A command that content goes through ended with another status than 0."""

    def __init__(self, command: Any, status: int) -> None:
        super().__init__(f"{command_line(command)} ended with status {status}")
        self.command, self.status = command, status
        self.hint = "what it wrote to stderr may say why"


def file_number(stream: Any) -> int | None:
    """The number of the file a process can inherit, None for a stream that is only Python's."""
    try:
        return int(stream.fileno())
    except (AttributeError, OSError):
        return None


def command_line(command: Any) -> str:
    """The command as one would type it."""
    import shlex

    return command if isinstance(command, str) else shlex.join(str(part) for part in command)

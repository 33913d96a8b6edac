"""What can go wrong on another machine, or on the way there."""

from __future__ import annotations

import builtins
import subprocess
from collections.abc import Sequence
from typing import Any

from luigi.errors import KernelError
from luigi.target import FileSystemException

NOT_CONNECTED = 255
"""What ssh itself ends with, in place of the command, when it cannot get there or loses the way."""


class RemoteCalledProcessError(KernelError, subprocess.CalledProcessError):
    """A command on another machine ended with another status than 0, or ssh never got there."""

    def __init__(
        self, returncode: int, command: Sequence[str], host: str, output: Any = None, stderr: bytes | None = None
    ) -> None:
        subprocess.CalledProcessError.__init__(self, returncode, command, output, stderr)
        self.host = host
        if returncode == NOT_CONNECTED:
            self.hint = f"try `ssh {host} true`: it has to work without asking for anything"

    def __str__(self) -> str:
        said = (self.stderr or b"").decode("utf-8", "replace").strip().rpartition("\n")[2].strip()
        if self.returncode == NOT_CONNECTED:
            return f"no connection to {self.host} by ssh" + (f": {said}" if said else "")
        return f"Command {self.cmd!r} on host {self.host} returned non-zero exit status {self.returncode}" + (
            f": {said}" if said else ""
        )


class ProgramNotFound(KernelError, builtins.FileNotFoundError):
    """This machine has no ssh, or no sshpass."""

    def __init__(self, program: str) -> None:
        super().__init__(f"there is no program {program}")
        package = {"ssh": "openssh-client"}.get(program, program)
        self.hint = f"install it: apt-get install {package}"


class BadHost(KernelError, ValueError):
    """A host's or user's name that ssh would take for an option."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name!r} is the name of no host or user", hint="such as host.example.org")


class NoAnswer(FileSystemException):
    """What runs on the other machine is not what it was asked to run."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} does not run the commands that it is asked to")
        self.hint = f"`ssh {host} echo here` has to say so: look at the shell there, ~/.bashrc and authorized_keys"


class FileNotFoundException(FileSystemException, builtins.FileNotFoundError):
    """There is nothing to read at that path."""

    def __init__(self, path: str, host: str) -> None:
        super().__init__(f"there is nothing at {path} on {host}")

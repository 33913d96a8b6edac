"""RemoteContext: running commands on another machine by the program ssh, and tunnels to it."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any

from luigi.contrib._ssh import settings
from luigi.contrib._ssh.errors import BadHost, NoAnswer, ProgramNotFound, RemoteCalledProcessError

READY = b"ready"
"""What the other end of a tunnel says once it is there."""


class RemoteContext:
    """Another machine, for running commands on. It can be pickled.

    What is not given is as ~/.ssh/config has it. `key_file` is a private key, `connect_timeout` in seconds (as in
    `[ssh]` unless given). With `no_host_key_check` a machine is trusted without being known. With `sshpass` the program
    of that name gives the password, which it finds in the environment as SSHPASS; `tty` asks for a terminal.
    """

    def __init__(
        self,
        host: str,
        *,
        username: str | None = None,
        key_file: str | None = None,
        connect_timeout: int | None = None,
        port: int | str | None = None,
        no_host_key_check: bool = False,
        sshpass: bool = False,
        tty: bool = False,
    ) -> None:
        for name in (host, username or ""):
            if name.startswith("-"):
                raise BadHost(name)
        self.host = host
        self.username = username
        self.key_file = key_file
        self.connect_timeout = connect_timeout
        self.port = port
        self.no_host_key_check = no_host_key_check
        self.sshpass = sshpass
        self.tty = tty

    def __repr__(self) -> str:
        given = (self.host, self.username, self.key_file, self.connect_timeout, self.port)
        return f"{type(self).__name__}({', '.join(map(repr, given))})"

    def Popen(self, cmd: Sequence[str], **kwargs: Any) -> subprocess.Popen[Any]:
        """Start a command there; `kwargs` are those of `subprocess.Popen`. Raises ProgramNotFound.

        The words of `cmd` go to the shell there with a space between them: quote what it should not take apart.
        """
        with self.installed():
            return subprocess.Popen(self.command_line(cmd), **kwargs)

    def check_output(self, cmd: Sequence[str]) -> bytes:
        """What a command writes to its standard output there; its words as for `Popen`.

        Raises RemoteCalledProcessError when it ends with another status than 0, or there is no way to it.
        """
        return self.call(cmd)

    def call(
        self, cmd: Sequence[str], content: bytes | None = None, stdin: IO[Any] | None = None, stdout: Any = None
    ) -> bytes:
        """The same for a command that reads `content`, or the file `stdin`, or that writes to the file `stdout`."""
        given: dict[str, Any] = {"input": content}
        if content is None:  # a ssh that shared the program's own input would read what is meant for that
            given = {"stdin": stdin or (None if self.tty else subprocess.DEVNULL)}
        with self.installed():
            line = self.command_line(cmd)
            done = subprocess.run(line, stdout=stdout or subprocess.PIPE, stderr=subprocess.PIPE, check=False, **given)
        if done.returncode:
            raise RemoteCalledProcessError(done.returncode, cmd, self.host, done.stdout, done.stderr)
        return done.stdout or b""

    @contextmanager
    def tunnel(self, local_port: int, remote_port: int | None = None, remote_host: str = "localhost") -> Iterator[None]:
        """Within the block `local_port` of this machine leads to a port of `remote_host`, as seen from there.

        That is the same port unless `remote_port` is given. Raises RemoteCalledProcessError when there is no way to the
        machine, or the local port is taken, and NoAnswer when the machine does not do as asked.
        """
        way = f"127.0.0.1:{local_port}:{remote_host}:{local_port if remote_port is None else remote_port}"
        cmd = ["-o", "ExitOnForwardFailure=yes", "-L", way, f"printf {READY.decode()} && cat"]
        pipes = dict.fromkeys(("stdin", "stdout"), subprocess.PIPE)
        # To a file: ssh complains of each connection that is refused at the other end, and a full pipe would stop it.
        with tempfile.TemporaryFile() as said, self.Popen(cmd, stderr=said, **pipes) as process:
            try:
                if not _gets_ready(process):
                    status = process.wait()
                    said.seek(0)
                    if not status:
                        raise NoAnswer(self.host)
                    raise RemoteCalledProcessError(status, cmd, self.host, stderr=said.read())
                yield
            finally:
                process.terminate()  # not by the end of its input: it would wait for whoever still uses the way

    def command_line(self, cmd: Sequence[str]) -> list[str]:
        """All of what is run here. `cmd` may begin with options of ssh."""
        ssh = ["sshpass", "-e", "ssh"] if self.sshpass else ["ssh"]
        return [*ssh, self._address(), "-o", "ControlMaster=no", *self._options(), *cmd]

    def _address(self) -> str:
        return f"{self.username}@{self.host}" if self.username else self.host

    def _options(self) -> list[str]:
        options = [] if self.sshpass else ["-o", "BatchMode=yes"]  # which would not let it ask for the password
        if self.port:
            options += ["-p", str(self.port)]
        options += settings.current().options(self.connect_timeout)
        if self.no_host_key_check:
            options += ["-o", "UserKnownHostsFile=/dev/null", "-o", "StrictHostKeyChecking=no", "-o", "LogLevel=ERROR"]
        if self.key_file:
            options += ["-i", self.key_file]
        return [*options, "-t"] if self.tty else options

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Raise ProgramNotFound where starting a command fails for that."""
        try:
            yield
        except FileNotFoundError as error:
            raise ProgramNotFound("sshpass" if self.sshpass else "ssh") from error


def _gets_ready(process: Any) -> bool:
    """Whether the other end says so before it ends; before that the user's own ~/.bashrc may have its say."""
    read = b""
    while not read.endswith(READY):
        one = process.stdout.read(1)
        if not one:
            return False
        read = read[-len(READY) :] + one
    return True

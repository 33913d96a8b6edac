"""Running commands on another machine, and tunnels to it, by a real sshd."""

from __future__ import annotations

import os
import pickle
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from luigi.clock import SYSTEM
from luigi.contrib.ssh import NoAnswer, RemoteCalledProcessError, RemoteContext
from luigi.errors import KernelError
from luigi.testing.ports import free_port

pytestmark = pytest.mark.service("ssh")


@pytest.fixture
def there(ssh_service: Any) -> RemoteContext:
    return RemoteContext("127.0.0.1", **ssh_service.login)


def test_what_a_command_writes(there: RemoteContext) -> None:
    assert there.check_output(["printf", "'a b'"]) == b"a b"


def test_words_are_for_the_shell_there(there: RemoteContext) -> None:
    assert there.check_output(["echo", "one", "two", "|", "tr", "o", "0"]) == b"0ne tw0\n"


def test_a_command_that_fails(there: RemoteContext) -> None:
    with pytest.raises(RemoteCalledProcessError, match="on host 127.0.0.1 .* exit status 4: no luck") as caught:
        there.check_output(["echo part; echo no luck >&2; exit 4"])
    error = caught.value
    assert (error.returncode, error.host, error.output) == (4, "127.0.0.1", b"part\n")
    assert isinstance(error, subprocess.CalledProcessError)
    assert isinstance(error, KernelError)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_popen(there: RemoteContext) -> None:
    with there.Popen(["tr", "a-z", "A-Z"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.communicate(b"content") == (b"CONTENT", None)


def test_the_input_of_the_program_is_its_own(ssh_service: Any) -> None:
    code = "import sys; from luigi.contrib.ssh import RemoteContext as C; "
    code += f"C('127.0.0.1', **{ssh_service.login!r}).check_output(['cat']); print(sys.stdin.read())"
    done = subprocess.run([sys.executable, "-c", code], input="mine", capture_output=True, text=True, check=True)
    assert done.stdout == "mine\n"


def test_a_context_travels(there: RemoteContext) -> None:
    assert pickle.loads(pickle.dumps(there)).check_output(["echo"]) == b"\n"
    assert (
        repr(RemoteContext("host", username="me", key_file="/key")) == "RemoteContext('host', 'me', '/key', None, None)"
    )


# --- what can go wrong -----------------------------------------------------------------------------------------------


def test_a_machine_that_is_not_known(ssh_service: Any) -> None:
    with pytest.raises(RemoteCalledProcessError, match="no connection to 127.0.0.1 by ssh: .*ey verif") as caught:
        RemoteContext("127.0.0.1", **{**ssh_service.login, "no_host_key_check": False}).check_output(["true"])
    assert "ssh 127.0.0.1 true" in caught.value.hint


def test_a_user_who_is_not_let_in(ssh_service: Any, tmp_path: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "other"], check=True)
    with pytest.raises(RemoteCalledProcessError, match="Permission denied"):
        RemoteContext("127.0.0.1", **{**ssh_service.login, "key_file": str(tmp_path / "other")}).check_output(["true"])


def test_there_is_no_ssh(there: RemoteContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="there is no program ssh") as caught:
        there.check_output(["true"])
    assert "openssh-client" in caught.value.hint  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", [{"host": "-oProxyCommand=id"}, {"host": "host", "username": "-oProxyCommand=id"}])
def test_a_name_is_no_option(name: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="'-oProxyCommand=id' is the name of no host or user"):
        RemoteContext(**name)


def test_options(luigi_config: Callable[..., None]) -> None:
    luigi_config("ssh", connect_timeout=0, connection_attempts=0, alive_interval=0)
    begin = ["host", "-o", "ControlMaster=no"]
    assert RemoteContext("host").command_line(["-v", "ls"]) == ["ssh", *begin, "-o", "BatchMode=yes", "-v", "ls"]
    luigi_config("ssh", connect_timeout=7, connection_attempts=2, alive_interval=5)
    words = RemoteContext("host", port=2222, key_file="/key", tty=True).command_line([])
    assert words[6:] == [
        *("-p", "2222", "-o", "ConnectTimeout=7", "-o", "ConnectionAttempts=2", "-o", "ServerAliveInterval=5"),
        *("-i", "/key", "-t"),
    ]
    assert "ConnectTimeout=3" in RemoteContext("host", connect_timeout=3).command_line([])
    assert RemoteContext("host", username="me", sshpass=True).command_line([])[:6] == [
        *("sshpass", "-e", "ssh", "me@host", "-o", "ControlMaster=no")
    ]
    assert "BatchMode=yes" not in RemoteContext("host", sshpass=True).command_line([])


# --- tunnels ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def echoing() -> Any:
    """The port of a server that sends one thing back."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            line, _ = server.accept()
            with line:
                line.sendall(line.recv(100).upper())

        Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]


def test_a_tunnel(there: RemoteContext, echoing: int) -> None:
    port = free_port()
    address = "127.0.0.1", port
    with there.tunnel(port, echoing, "127.0.0.1"), socket.create_connection(address, timeout=10) as line:
        line.sendall(b"content")
        assert line.recv(100) == b"CONTENT"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address, timeout=10)


def test_a_tunnel_to_the_same_port_there(there: RemoteContext, echoing: int) -> None:
    with pytest.raises(RemoteCalledProcessError, match="no connection") as caught, there.tunnel(echoing):
        pass  # which is the same machine here: the port is taken
    assert f"127.0.0.1:{echoing}:localhost:{echoing}" in caught.value.cmd


def test_a_block_that_raises_ends_the_tunnel(there: RemoteContext, echoing: int) -> None:
    port = free_port()
    with pytest.raises(ZeroDivisionError), there.tunnel(port, echoing):
        raise ZeroDivisionError
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=10)


@pytest.fixture
def instead_of_ssh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Has a script run in place of the program."""

    def stand_in(script: str) -> None:
        (tmp_path / "ssh").write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / "ssh").chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    return stand_in


def test_a_tunnel_bears_many_complaints(
    there: RemoteContext, tmp_path: Path, instead_of_ssh: Callable[[str], None]
) -> None:
    """As of a ssh whose other end refuses one connection after the other."""
    done = tmp_path / "done"
    instead_of_ssh(f"printf ready; yes refused | head -c 300000 >&2; touch '{done}'; exec cat")
    with there.tunnel(free_port()):
        for _ in range(300):
            if done.exists():
                return
            SYSTEM.sleep(0.1)
    pytest.fail("it stands still")


def test_a_machine_that_greets_before_it_is_ready(there: RemoteContext, instead_of_ssh: Callable[[str], None]) -> None:
    instead_of_ssh("echo Welcome; printf ready; exec cat")
    with there.tunnel(free_port()):
        pass
    instead_of_ssh("echo This account is not for that.")
    with pytest.raises(NoAnswer, match=r"127\.0\.0\.1"), there.tunnel(free_port()):
        pass

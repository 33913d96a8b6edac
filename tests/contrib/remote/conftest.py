"""Real servers for files of other machines: OpenSSH's sshd, and pyftpdlib's for FTP in the open and by TLS.

Each serves a folder of this machine, which tests may look into.
"""

from __future__ import annotations

import getpass
import itertools
import logging
import os
import shlex
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any, NamedTuple

import pytest

from luigi.clock import SYSTEM
from luigi.contrib import ftp, ssh
from luigi.testing.ports import free_port

ROOTS = itertools.count(1)

# By the last line bash does not take itself for a login, for which it would read its owner's slow ~/.bashrc.
SSHD = """
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/user.pub
PidFile none
StrictModes no
UsePAM no
UseDNS no
PasswordAuthentication no
KbdInteractiveAuthentication no
MaxStartups 100
Subsystem sftp internal-sftp
SetEnv SHLVL=2
"""


class Sshd(NamedTuple):
    """A running sshd."""

    port: int
    folder: Path
    """Keys, and below `files` what tests write."""

    @property
    def key(self) -> str:
        return str(self.folder / "user")

    @property
    def known_hosts(self) -> str:
        return str(self.folder / "known_hosts")

    @property
    def login(self) -> dict[str, Any]:
        """Keywords of RemoteContext."""
        user = {"username": getpass.getuser(), "key_file": self.key}
        return {**user, "port": self.port, "no_host_key_check": True}

    def new_root(self) -> Path:
        """A folder that nothing is in."""
        root = self.folder / "files" / str(next(ROOTS))
        root.mkdir(parents=True)
        return root


@pytest.fixture(scope="session")
def ssh_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    """OpenSSH's server on a port of 127.0.0.1, for the user that runs the tests. All tests share it."""
    program = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None or shutil.which("ssh") is None:
        pytest.skip("there is no sshd: apt install openssh-server openssh-client")
    folder, port = tmp_path_factory.mktemp("sshd"), free_port()
    for name in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{port} {(folder / 'host.pub').read_text()}")
    (folder / "config").write_text(SSHD.format(port=port, folder=folder))
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([program, "-D", "-e", "-f", folder / "config"], stdout=log, stderr=log)
    try:
        wait_for(port, server, folder / "log")
        yield Sshd(port, folder)
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if server.poll() is not None:
                break
            SYSTEM.sleep(0.1)
    pytest.fail(f"sshd does not start: {log.read_text()}")


@pytest.fixture
def machine(ssh_service: Sshd) -> ssh.RemoteFileSystem:
    """The files of this machine, by ssh."""
    return ssh.RemoteFileSystem("127.0.0.1", **ssh_service.login)


@pytest.fixture(scope="session")
def ssh_by_one_connection(ssh_service: Sshd) -> Iterator[Path]:
    """A folder with a program ssh: the real one, told to go by a connection that is there already."""
    real, folder = shutil.which("ssh"), ssh_service.folder / "bin"
    with TemporaryDirectory(prefix="ssh-") as short:  # for the name of a socket
        way = ["-o", f"ControlPath={short}/%h-%p"]
        login = [
            "-p",
            str(ssh_service.port),
            "-i",
            ssh_service.key,
            "-o",
            f"UserKnownHostsFile={ssh_service.known_hosts}",
        ]
        first = subprocess.Popen([real, *way, *login, "-M", "-N", f"{getpass.getuser()}@127.0.0.1"])
        folder.mkdir()
        (folder / "ssh").write_text(f'#!/bin/sh\nexec {shlex.join([real, *way])} "$@"\n')
        (folder / "ssh").chmod(0o755)
        yield folder
        first.terminate()
        first.wait(timeout=30)


@pytest.fixture
def one_connection(ssh_by_one_connection: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Spares a test that runs many commands most of their time."""
    monkeypatch.setenv("PATH", f"{ssh_by_one_connection}:{os.environ['PATH']}")


@pytest.fixture
def root(ssh_service: Sshd) -> Path:
    """A folder that nothing is in, which sshd's client may write to."""
    return ssh_service.new_root()


# --- FTP -------------------------------------------------------------------------------------------------------------


class Ftpd(NamedTuple):
    """A running server for FTP."""

    port: int
    folder: Path
    """What its users see as `/`."""
    certificate: Path
    handler: Any
    """The class of what speaks to a client: tests may have it behave in other ways for a while."""

    def new_root(self) -> str:
        """A directory of the server below which there is nothing."""
        return f"/test-{next(ROOTS)}"


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate that says `localhost`, in one file."""
    folder = tmp_path_factory.mktemp("certificate")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", folder / "key", "-out", folder / "certificate"]
    subprocess.run(command, check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_text((folder / "key").read_text() + (folder / "certificate").read_text())
    return both


@contextmanager
def serving(folder: Path, certificate: Path, by_tls: bool) -> Iterator[Ftpd]:
    handlers = pytest.importorskip("pyftpdlib.handlers", reason="there is no pyftpdlib: pip install pyftpdlib")
    from pyftpdlib.authorizers import DummyAuthorizer
    from pyftpdlib.ioloop import IOLoop
    from pyftpdlib.servers import FTPServer

    logging.getLogger("pyftpdlib").setLevel(logging.ERROR)  # its threads outlive this test, and others look at logs
    users = DummyAuthorizer()
    users.add_user("user", "a-secret", str(folder), perm="elradfmwMT")
    handler = type(
        "Handler",
        (handlers.TLS_FTPHandler if by_tls else handlers.FTPHandler,),
        {"authorizer": users, "auth_failed_timeout": 0.01},
    )
    if by_tls:
        handler.certfile = str(certificate)
        handler.tls_control_required = handler.tls_data_required = True
    server = FTPServer(("127.0.0.1", 0), handler, ioloop=IOLoop())  # the usual one is shared by all of a process
    ending: list[bool] = []

    def serve() -> None:
        while not ending:
            server.serve_forever(timeout=0.05, blocking=False, handle_exit=False)

    thread = Thread(target=serve, daemon=True)
    thread.start()
    yield Ftpd(server.address[1], folder, certificate, handler)
    ending.append(True)
    thread.join(timeout=30)
    server.close_all()


@pytest.fixture(scope="session")
def ftp_service(tmp_path_factory: pytest.TempPathFactory, certificate: Path) -> Iterator[Ftpd]:
    """A server that speaks FTP in the open. All tests share it."""
    with serving(tmp_path_factory.mktemp("ftp"), certificate, by_tls=False) as server:
        yield server


@pytest.fixture(scope="session")
def ftps_service(tmp_path_factory: pytest.TempPathFactory, certificate: Path) -> Iterator[Ftpd]:
    """A server that speaks FTP by TLS and nothing else. All tests share it."""
    pytest.importorskip("OpenSSL", reason="there is no pyOpenSSL: pip install pyOpenSSL")
    with serving(tmp_path_factory.mktemp("ftps"), certificate, by_tls=True) as server:
        yield server


@pytest.fixture
def ftp_files(ftp_service: Ftpd) -> ftp.RemoteFileSystem:
    """The files of the server that speaks FTP."""
    return ftp.RemoteFileSystem("127.0.0.1", "user", "a-secret", ftp_service.port, timeout=10)


@pytest.fixture
def sftp_options(ssh_service: Sshd, luigi_config: Callable[..., None]) -> dict[str, Any]:
    """Keywords of ftp.RemoteTarget that lead to sshd, whose key is known."""
    luigi_config("sftp", known_hosts=ssh_service.known_hosts)
    options = {"private_key": ssh_service.key}
    return {"port": ssh_service.port, "sftp": True, "timeout": 20, "pysftp_conn_kwargs": options}

"""A server for files by SFTP, on a real sshd: whose key is trusted, and which of pysftp's options there are."""

from __future__ import annotations

import contextlib
import logging
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest

from luigi.contrib.ftp import (
    Refused,
    RemoteFileSystem,
    RemoteTarget,
    ServerUnavailable,
    UntrustedServer,
    WrongCredentials,
)
from luigi.errors import ConfigurationError, KernelError, MissingExtra
from luigi.target import FileAlreadyExists

pytestmark = pytest.mark.service("ssh")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder, in which there are no keys."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    return tmp_path


@pytest.fixture
def files(sftp_options: dict[str, Any]) -> RemoteFileSystem:
    return RemoteFileSystem("127.0.0.1", **sftp_options)


# --- whose key is trusted --------------------------------------------------------------------------------------------


def test_a_server_that_is_not_known(files: RemoteFileSystem, luigi_config: Any, tmp_path: Path) -> None:
    (tmp_path / "known").write_text("")
    luigi_config("sftp", known_hosts=str(tmp_path / "known"))
    with pytest.raises(UntrustedServer, match="127.0.0.1 may not be who it says it is: its key is not known") as caught:
        files.exists("/")
    assert "[sftp] known_hosts" in caught.value.hint


def test_a_server_with_another_key(
    files: RemoteFileSystem, ssh_service: Any, luigi_config: Any, tmp_path: Path
) -> None:
    public = (ssh_service.folder / "user.pub").read_text()
    (tmp_path / "known").write_text(f"[127.0.0.1]:{ssh_service.port} {public}")
    luigi_config("sftp", known_hosts=str(tmp_path / "known"))
    with pytest.raises(UntrustedServer, match="its key is not the one that is known"):
        files.exists("/")


def test_trusting_anybody(files: RemoteFileSystem, luigi_config: Any, tmp_path: Path) -> None:
    (tmp_path / "known").write_text("")
    luigi_config("sftp", known_hosts=str(tmp_path / "known"), check_host_key="false")
    assert files.exists("/")


def test_trust_as_pysftp_has_it(files: RemoteFileSystem, ssh_service: Any, luigi_config: Any) -> None:
    import paramiko

    luigi_config("sftp", known_hosts="/nowhere")
    key = files.pysftp_conn_kwargs
    files.pysftp_conn_kwargs = {**key, "cnopts": SimpleNamespace(hostkeys=None, compression=True)}
    assert files.exists("/")
    known = paramiko.HostKeys(ssh_service.known_hosts)
    files.pysftp_conn_kwargs = {**key, "cnopts": SimpleNamespace(hostkeys=known)}
    assert files.exists("/")
    files.pysftp_conn_kwargs = {**key, "cnopts": SimpleNamespace(hostkeys=paramiko.HostKeys())}
    with pytest.raises(UntrustedServer):
        files.exists("/")


# --- who asks --------------------------------------------------------------------------------------------------------


def test_a_key_that_opens_nothing(files: RemoteFileSystem, tmp_path: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "other"], check=True)
    files.pysftp_conn_kwargs = {"private_key": str(tmp_path / "other")}
    with pytest.raises(WrongCredentials, match="127.0.0.1 does not let .* in") as caught:
        files.exists("/")
    assert "[sftp]" in caught.value.hint


def test_the_configured_key(files: RemoteFileSystem, ssh_service: Any, luigi_config: Any, tmp_path: Path) -> None:
    files.pysftp_conn_kwargs = {}
    with pytest.raises(WrongCredentials, match="No authentication methods"):
        files.exists("/")
    locked = tmp_path / "locked"
    locked.write_bytes(Path(ssh_service.key).read_bytes())
    locked.chmod(0o600)
    subprocess.run(["ssh-keygen", "-q", "-p", "-P", "", "-N", "a-secret", "-f", locked], check=True)
    luigi_config("sftp", key_file=str(locked), key_pass="a-secret")
    assert files.exists("/")


@pytest.fixture
def password_server(ssh_service: Any) -> Iterator[int]:
    """Stands in for a sshd that takes passwords, which the real one does for root's users alone; it has no files."""
    import paramiko

    class Asking(paramiko.ServerInterface):
        def check_auth_password(self, username: str, password: str) -> int:
            right = (username, password) == ("user", "a-secret")
            return paramiko.AUTH_SUCCESSFUL if right else paramiko.AUTH_FAILED

        def check_channel_request(self, kind: str, chanid: int) -> int:
            return paramiko.OPEN_SUCCEEDED

    class Empty(paramiko.SFTPServerInterface):
        def stat(self, path: str) -> int:
            return paramiko.SFTP_NO_SUCH_FILE

    def serve() -> None:
        while True:
            try:
                line, _ = listening.accept()
            except OSError:
                return
            transport = paramiko.Transport(line)
            transport.add_server_key(paramiko.Ed25519Key(filename=str(ssh_service.folder / "host")))
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, Empty)
            transport.start_server(server=Asking())

    with socket.create_server(("127.0.0.1", 0)) as listening:
        Thread(target=serve, daemon=True).start()
        yield listening.getsockname()[1]


def test_passwords(password_server: int, luigi_config: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    luigi_config("sftp", check_host_key="false")
    assert not RemoteFileSystem("127.0.0.1", "user", "a-secret", password_server, sftp=True).exists("/file")
    with pytest.raises(WrongCredentials, match="127.0.0.1 does not let user in") as caught:
        RemoteFileSystem("127.0.0.1", "user", "not-the-secret", password_server, sftp=True).exists("/file")
    luigi_config("sftp", host="127.0.0.1", username="user", password="a-secret")
    assert not RemoteFileSystem("127.0.0.1", port=password_server, sftp=True).exists("/file")
    assert "secret" not in f"{caught.value!r} {caught.value.__cause__!r} {caplog.text}"


def test_files_of_the_configuration_that_are_missing(files: RemoteFileSystem, luigi_config: Any) -> None:
    files.pysftp_conn_kwargs = {"private_key": "/nowhere"}
    with pytest.raises(ConfigurationError, match="private_key: there is no file /nowhere"):
        files.exists("/")
    files.pysftp_conn_kwargs = {}
    luigi_config("sftp", key_file="~/nowhere")
    with pytest.raises(ConfigurationError, match=r"\[sftp\] key_file: there is no file ~/nowhere"):
        files.exists("/")
    luigi_config("sftp", key_file="", known_hosts="/nowhere")
    with pytest.raises(ConfigurationError, match=r"\[sftp\] known_hosts: there is no file /nowhere"):
        files.exists("/")


# --- pysftp's other options ------------------------------------------------------------------------------------------


def test_the_folder_to_begin_in(files: RemoteFileSystem, root: Path) -> None:
    files.pysftp_conn_kwargs = {**files.pysftp_conn_kwargs, "default_path": str(root)}
    (root / "file").touch()
    assert files.listdir() == ["file"]
    assert files.exists("file")


@pytest.fixture
def log_of_one_test() -> Iterator[None]:
    """paramiko writes all it does to a log from then on."""
    logger = logging.getLogger("paramiko")
    yield
    for handler in logger.handlers[:]:
        handler.close()
        logger.removeHandler(handler)
    logger.setLevel(logging.NOTSET)


@pytest.mark.usefixtures("log_of_one_test")
def test_ciphers_and_a_log(files: RemoteFileSystem, tmp_path: Path) -> None:
    more = {"ciphers": ("aes256-ctr",), "log": str(tmp_path / "log")}
    files.pysftp_conn_kwargs = {**files.pysftp_conn_kwargs, **more}
    assert files.exists("/")
    assert "aes256-ctr" in (tmp_path / "log").read_text()


def test_an_option_there_is_not(files: RemoteFileSystem) -> None:
    files.pysftp_conn_kwargs = {"private_kye": "/key"}
    with pytest.raises(KernelError, match="there is no option private_kye"):
        files.exists("/")


# --- what can go wrong -----------------------------------------------------------------------------------------------


def test_without_paramiko(files: RemoteFileSystem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "paramiko", None)
    with pytest.raises(MissingExtra, match="SFTP needs a package") as caught:
        files.exists("/")
    assert caught.value.hint == 'pip install "luigi-kernel[ftp]"'


class Cutting:
    """A way to a server that is cut so many times, each after some bytes in both directions."""

    def __init__(self, port: int, after: int, times: int) -> None:
        self._to, self.after, self.times = ("127.0.0.1", port), after, times
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                here, _ = self._listening.accept()
            except OSError:
                return
            there = socket.create_connection(self._to, timeout=30)
            left = [self.after if self.times > 0 else 1 << 40]
            self.times -= 1
            for ends in ((here, there), (there, here)):
                Thread(target=self._carry, args=(*ends, left), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket, left: list[int]) -> None:
        with contextlib.suppress(OSError):
            while left[0] > 0 and (content := source.recv(65536)):
                left[0] -= len(content)
                sink.sendall(content)
        for one in (source, sink):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)  # wakes the other thread

    def stop(self) -> None:
        self._listening.close()


@pytest.fixture
def cutting(ssh_service: Any, luigi_config: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Cutting]]:
    luigi_config("sftp", check_host_key="false")
    monkeypatch.setattr("luigi.contrib._ftp.file_system.BETWEEN", 0.01)
    made: list[Cutting] = []

    def cut(after: int, times: int) -> Cutting:
        made.append(Cutting(ssh_service.port, after, times))
        return made[-1]

    yield cut
    for one in made:
        one.stop()


@pytest.mark.parametrize("after", [0, 1000, 200_000])
def test_a_broken_connection_is_made_again(
    files: RemoteFileSystem, root: Path, tmp_path: Path, cutting: Any, after: int
) -> None:
    content = bytes(range(256)) * 4000
    (tmp_path / "file").write_bytes(content)
    way = cutting(after, times=2)
    files.port = way.port
    files.put(str(tmp_path / "file"), f"{root}/file")
    assert (root / "file").read_bytes() == content
    way.times = 2
    with files.open_read(f"{root}/file") as stream:
        assert stream.read() == content
    assert way.times < 0


def test_a_server_that_always_breaks_is_given_up(files: RemoteFileSystem, root: Path, cutting: Any) -> None:
    (root / "file").write_bytes(b"content" * 100_000)
    files.port = cutting(200_000, times=100).port
    with pytest.raises(ServerUnavailable):
        files.open_read(f"{root}/file")


def test_what_the_server_does_not_do(files: RemoteFileSystem, root: Path) -> None:
    (root / "file").touch()
    with pytest.raises(Refused, match=f"{root}/missing on 127.0.0.1: No such file"):
        files.remove(f"{root}/missing")
    (root / "folder").mkdir()
    (root / "folder" / "file").touch()
    with pytest.raises(Refused):
        files.remove(f"{root}/folder", recursive=False)
    with pytest.raises(FileNotFoundError, match=f"there is no file at {root}/missing"):
        files.open_read(f"{root}/missing")


def test_a_link_is_removed_and_not_what_it_leads_to(files: RemoteFileSystem, root: Path) -> None:
    (root / "elsewhere").mkdir()
    (root / "elsewhere" / "file").touch()
    (root / "folder").mkdir()
    (root / "folder" / "link").symlink_to("../elsewhere")
    files.remove(f"{root}/folder")
    assert (root / "elsewhere" / "file").exists()
    assert not (root / "folder").exists()


def test_a_name_is_never_taken_twice(files: RemoteFileSystem, root: Path) -> None:
    for name in ("a", "b"):
        (root / name).write_text(name)
    with pytest.raises(FileAlreadyExists, match=f"{root}/b exists already"):
        files.rename_dont_move(f"{root}/a", f"{root}/b")
    (root / "nowhere").symlink_to("missing")
    with pytest.raises(FileAlreadyExists):
        files.rename_dont_move(f"{root}/a", f"{root}/nowhere")


def test_writing_and_reading(sftp_options: dict[str, Any], root: Path, luigi_config: Callable[..., None]) -> None:
    target = RemoteTarget(f"{root}/new folder/süß", "127.0.0.1", **sftp_options)
    content = "süß\n" * 500_000
    with target.open("w") as stream:
        stream.write(content)
    with target.open() as stream:
        assert stream.read() == content
    assert [path.name for path in (root / "new folder").iterdir()] == ["süß"]

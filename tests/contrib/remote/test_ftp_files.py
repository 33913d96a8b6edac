"""A server for files by FTP, in the open and by TLS: what Luigi's client does, and what servers differ in."""

from __future__ import annotations

import logging
import os
import pickle
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from ftplib import error_perm, error_temp
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.contrib.ftp import (
    AtomicFtpFile,
    Refused,
    RemoteFileSystem,
    RemoteTarget,
    ServerUnavailable,
    UntrustedServer,
    WrongCredentials,
)
from luigi.errors import ConfigurationError, KernelError
from luigi.target import FileAlreadyExists, InvalidMode, MissingParentDirectory, NotADirectory
from luigi.testing import run_task

pytestmark = pytest.mark.service("ftp")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder, which has no ~/.netrc."""
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def files(ftp_files: RemoteFileSystem) -> RemoteFileSystem:
    return ftp_files


@pytest.fixture
def root(ftp_service: Any) -> str:
    return ftp_service.new_root()


@pytest.fixture
def folder(ftp_service: Any, root: str) -> Path:
    """Where the same lies on this machine."""
    found = ftp_service.folder / root[1:]
    found.mkdir()
    return found


@pytest.fixture
def behave(ftp_service: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`behave(ftp_SIZE=…)`: have the server answer in another way, for one test."""

    def change(**methods: Any) -> None:
        for name, method in methods.items():
            monkeypatch.setattr(ftp_service.handler, name, method, raising=False)

    return change


def saying(answer: str) -> Any:
    return lambda handler, *_: handler.respond(answer)


def target(files: RemoteFileSystem, path: str, **keywords: Any) -> RemoteTarget:
    return RemoteTarget(path, files.host, None, files.username, files.password, files.port, timeout=10, **keywords)


# --- what is there ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a b", "süß", "it's", "*", "[a]", "%20#?", ".hidden", "a;b"])
def test_a_name_is_taken_as_it_is(files: RemoteFileSystem, root: str, folder: Path, name: str) -> None:
    with target(files, f"{root}/{name}").open("w") as stream:
        stream.write("content")
    assert [path.name for path in folder.iterdir()] == files.listdir(root) == [name]
    files.move(f"{root}/{name}", f"{root}/new {name}")
    assert files.exists(f"{root}/new {name}")
    files.remove(root)
    assert not files.exists(root)


def test_a_name_with_the_end_of_a_line_is_refused(files: RemoteFileSystem) -> None:
    with pytest.raises(ValueError, match="newline"):
        files.exists("/file\r\nDELE /other")


def test_exists_if_changed_since(files: RemoteFileSystem, root: str, folder: Path) -> None:
    (folder / "file").touch()
    path, now, hour = f"{root}/file", datetime.now(UTC), timedelta(hours=1)
    for zone in (UTC, timezone(timedelta(hours=9))):
        assert files.exists(path, mtime=(now - hour).astimezone(zone))
        assert not files.exists(path, mtime=(now + hour).astimezone(zone))
    assert files.exists(path, mtime=(now - hour).replace(tzinfo=None))
    assert not files.exists(path, mtime=(now + hour).replace(tzinfo=None))
    assert not files.exists(f"{root}/missing", mtime=now)
    assert target(files, path, mtime=now - hour).exists()
    assert not target(files, path, mtime=now + hour).exists()


def test_listing_a_file_and_nothing(files: RemoteFileSystem, root: str, folder: Path) -> None:
    (folder / "file").touch()
    assert files.listdir(f"{root}/file") == ["file"]
    assert files.listdir(f"{root}/missing/folder") == []
    assert root[1:] in files.listdir()


def test_many_are_asked_for_by_a_listing(files: RemoteFileSystem, root: str, folder: Path, behave: Any) -> None:
    for name in ("7", ".hidden", "süß"):
        (folder / name).touch()
    sized: list[str] = []
    behave(ftp_SIZE=lambda handler, path: (sized.append(path), handler.respond("550 no"))[1])
    paths = [f"{root}/{name}" for name in (*range(500), "süß", "missing/a")]
    assert files.exists_many(paths) == {f"{root}/7", f"{root}/süß"}
    assert len(sized) < 10


@pytest.mark.parametrize("lacking", [[], ["ftp_MLSD"]])
def test_after_a_listing_files_are_still_found(
    files: RemoteFileSystem, root: str, folder: Path, behave: Any, lacking: list[str]
) -> None:
    behave(**dict.fromkeys(lacking, saying("500 what?")))
    (folder / "many").mkdir()
    paths = [*(f"{root}/many/{number}" for number in range(20)), f"{root}/few"]
    for path in paths:
        (folder / path.removeprefix(f"{root}/")).touch()
    assert files.exists_many(paths) == set(paths)


@pytest.mark.parametrize("lacking", [["ftp_MLSD"], ["ftp_SIZE"], ["ftp_MLSD", "ftp_SIZE"]])
def test_servers_that_know_less(
    files: RemoteFileSystem, root: str, folder: Path, behave: Any, lacking: list[str]
) -> None:
    behave(**dict.fromkeys(lacking, saying("500 what?")))
    (folder / "full").mkdir()
    (folder / "full" / "file").touch()
    (folder / "empty").mkdir()
    assert sorted(files.listdir(root)) == ["empty", "full"]
    assert files.listdir(f"{root}/empty") == []
    assert files.exists(f"{root}/full/file")
    assert not files.exists(f"{root}/full/missing")
    assert not files.exists(f"{root}/missing/file")
    files.remove(root)
    assert not folder.exists()


@pytest.mark.parametrize("lacking", [[], ["ftp_MLSD"]])
def test_when_something_was_written(
    files: RemoteFileSystem, root: str, folder: Path, behave: Any, lacking: list[str]
) -> None:
    behave(**dict.fromkeys(lacking, saying("500 what?")))
    (folder / "deeper").mkdir()
    (folder / "empty").mkdir()
    for at, name in ((1_000_000_000, "a"), (1_000_000_007, "deeper/b"), (1_000_000_003, "c")):
        (folder / name).touch()
        os.utime(folder / name, (at, at))
    (folder / "link").symlink_to("a")
    (folder / "nowhere").symlink_to("missing")
    assert files.modified_at(f"{root}/a") == 1_000_000_000
    assert files.modified_at(root) == files.modified_at(f"{root}/") == 1_000_000_007
    assert files.modified_at(f"{root}/empty") is None
    assert files.modified_at(f"{root}/missing") is None


def test_a_server_that_does_not_tell_when_something_was_written(
    files: RemoteFileSystem, root: str, folder: Path, behave: Any
) -> None:
    behave(ftp_MLSD=saying("500 what?"), ftp_MDTM=saying("502 no"))
    (folder / "file").touch()
    assert files.modified_at(f"{root}/file") is None
    assert files.modified_at(root) is None
    with pytest.raises(Refused, match="does not tell when"):
        files.exists(f"{root}/file", mtime=datetime.now(UTC))


def test_a_server_that_lists_nothing_of_what_is_empty(
    files: RemoteFileSystem, root: str, folder: Path, behave: Any
) -> None:
    behave(ftp_MLSD=saying("502 no"), ftp_NLST=saying("550 No files found"))
    assert files.listdir(root) == []


# --- changing it -----------------------------------------------------------------------------------------------------


def test_mkdir(files: RemoteFileSystem, root: str, folder: Path) -> None:
    (folder / "file").touch()
    with pytest.raises(NotADirectory):
        files.mkdir(f"{root}/file")
    with pytest.raises(MissingParentDirectory, match="absent"):
        files.mkdir(f"{root}/absent/folder", parents=False)
    with pytest.raises(FileAlreadyExists):
        files.mkdir(root, raise_if_exists=True)
    files.mkdir(f"{root}/folder", parents=False)
    assert files.isdir(f"{root}/folder/")


def test_removing(files: RemoteFileSystem, root: str, folder: Path) -> None:
    (folder / "empty").mkdir()
    (folder / "full").mkdir()
    (folder / "full" / "file").touch()
    (folder / "elsewhere").mkdir()
    (folder / "elsewhere" / "file").touch()
    (folder / "full" / "link").symlink_to("../elsewhere")
    files.remove(f"{root}/empty", recursive=False)
    with pytest.raises(Refused, match="not empty"):
        files.remove(f"{root}/full", recursive=False)
    files.remove(f"{root}/full")
    assert [path.name for path in folder.iterdir()] == ["elsewhere"]
    assert (folder / "elsewhere" / "file").exists()
    with pytest.raises(error_perm, match=f"{root}/missing on 127.0.0.1: 550"):
        files.remove(f"{root}/missing")


def test_a_server_that_renames_to_new_names_only(
    files: RemoteFileSystem, root: str, folder: Path, behave: Any, ftp_service: Any
) -> None:
    real = ftp_service.handler.ftp_RNTO

    def rename(handler: Any, path: str) -> Any:
        return handler.respond("550 File exists.") if Path(path).exists() else real(handler, path)

    behave(ftp_RNTO=rename)
    for content in ("first", "second"):
        with target(files, f"{root}/file").open("w") as stream:
            stream.write(content)
    assert (folder / "file").read_text() == "second"
    assert len(list(folder.iterdir())) == 1


# --- bringing and fetching -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("atomic", [True, False])
def test_bringing_and_fetching(files: RemoteFileSystem, root: str, folder: Path, tmp_path: Path, atomic: bool) -> None:
    content = bytes(range(256)) * 20_000
    (tmp_path / "file").write_bytes(content)
    target(files, f"{root}/new/file").put(str(tmp_path / "file"), atomic=atomic)
    assert (folder / "new" / "file").read_bytes() == content
    target(files, f"{root}/new/file").get(str(tmp_path / "folder" / "again"))
    assert (tmp_path / "folder" / "again").read_bytes() == content
    assert len(list((folder / "new").iterdir())) == 1


def test_fetching_what_is_missing(files: RemoteFileSystem, root: str, tmp_path: Path) -> None:
    for path in (f"{root}/missing", "/"):
        with pytest.raises(FileNotFoundError, match=f"there is no file at {path} on 127.0.0.1") as caught:
            files.get(path, str(tmp_path / "file"))
        assert isinstance(caught.value, error_perm)
        with pytest.raises(FileNotFoundError):
            target(files, path).open()
    assert list(tmp_path.iterdir()) == []


def test_what_is_missing_here_is_not_brought(files: RemoteFileSystem, root: str, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=str(tmp_path)):
        files.put(str(tmp_path / "missing"), f"{root}/file")


def test_a_file_is_sent_when_it_is_closed(files: RemoteFileSystem, root: str, folder: Path) -> None:
    stream = AtomicFtpFile(files, f"{root}/file")
    stream.write(b"content")
    stream.flush()
    assert (stream.path, stream.fs) == (f"{root}/file", files)
    assert list(folder.iterdir()) == []
    stream.close()
    assert (folder / "file").read_bytes() == b"content"
    assert not Path(stream.tmp_path).exists()


@pytest.mark.parametrize("mode", ["a", "rt", "", "r+"])
def test_modes(files: RemoteFileSystem, mode: str) -> None:
    with pytest.raises(InvalidMode):
        target(files, "/file").open(mode)


# --- what can go wrong -----------------------------------------------------------------------------------------------


def test_a_wrong_password(files: RemoteFileSystem, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    files.password = "not-the-secret"
    with pytest.raises(WrongCredentials, match="127.0.0.1 does not let user in: 530") as caught:
        files.exists("/")
    assert "[ftp]" in caught.value.hint
    assert isinstance(caught.value, KernelError)
    told = f"{caught.value!r} {caught.value.__cause__!r} {caplog.text} {files._server()!r}"
    assert "secret" not in told


def test_nobody_in_particular(files: RemoteFileSystem) -> None:
    with pytest.raises(WrongCredentials, match="does not let somebody without a name in"):
        RemoteFileSystem(files.host, port=files.port).exists("/")


def test_no_permission(files: RemoteFileSystem, root: str, folder: Path, behave: Any) -> None:
    behave(ftp_STOR=saying("550 Not enough privileges."))
    with pytest.raises(Refused, match=f"{root}/file on 127.0.0.1: 550 Not enough privileges"):
        target(files, f"{root}/file").open("w").close()


def test_what_was_sent_and_gets_no_name_is_removed(
    files: RemoteFileSystem, root: str, folder: Path, behave: Any
) -> None:
    behave(ftp_RNTO=saying("553 Not this name."))
    with pytest.raises(Refused, match="553"):
        target(files, f"{root}/file").open("w").close()
    assert list(folder.iterdir()) == []


class Failing:
    """A server's method that breaks the connection so many times first."""

    def __init__(self, real: Any, times: int) -> None:
        self.real, self.left = real, times

    def __get__(self, handler: Any, kind: type) -> Any:
        def method(*args: Any) -> Any:
            self.left -= 1
            return handler.close() if self.left >= 0 else self.real(handler, *args)

        return method


@pytest.fixture
def breaking(ftp_service: Any, behave: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Failing]]:
    monkeypatch.setattr("luigi.contrib._ftp.file_system.BETWEEN", 0.01)

    def change(name: str, times: int) -> Failing:
        failing = Failing(getattr(ftp_service.handler, name), times)
        behave(**{name: failing})
        return failing

    return change  # type: ignore[return-value]


@pytest.mark.parametrize("command", ["ftp_USER", "ftp_STOR", "ftp_RNFR"])
def test_a_broken_connection_is_made_again(
    files: RemoteFileSystem, root: str, folder: Path, breaking: Any, command: str
) -> None:
    failing = breaking(command, times=2)
    with target(files, f"{root}/file").open("w") as stream:
        stream.write("content" * 1000)
    assert (folder / "file").read_text() == "content" * 1000
    assert failing.left == -1


def test_reading_goes_on_after_a_break(files: RemoteFileSystem, root: str, folder: Path, breaking: Any) -> None:
    (folder / "file").write_text("content")
    breaking("ftp_RETR", times=1)
    with target(files, f"{root}/file").open() as stream:
        assert stream.read() == "content"


def test_a_server_that_always_breaks_is_given_up(files: RemoteFileSystem, breaking: Any) -> None:
    failing = breaking("ftp_CWD", times=100)
    with pytest.raises(ServerUnavailable, match="127.0.0.1"):
        files.exists("/")
    assert failing.left == 100 - 3


def test_what_did_not_arrive_whole(
    files: RemoteFileSystem, root: str, folder: Path, behave: Any, luigi_config: Any
) -> None:
    luigi_config("ftp", attempts=1)
    (folder / "file").write_text("content")
    behave(ftp_SIZE=saying("213 1000"))
    with pytest.raises(ServerUnavailable, match="of 7 bytes for .* 1000 arrived"):
        target(files, f"{root}/new").put(str(folder / "file"))
    with pytest.raises(ServerUnavailable, match=f"of 1000 bytes of {root}/file 7 arrived"):
        files.open_read(f"{root}/file")
    assert not (folder / "new").exists()


def test_what_cannot_be_done_twice_is_not(files: RemoteFileSystem, root: str, breaking: Any) -> None:
    failing = breaking("ftp_RNFR", times=1)
    with pytest.raises(error_temp):
        files.move(f"{root}/a", f"{root}/b")
    assert failing.left == 0


def test_a_server_that_is_full(files: RemoteFileSystem, breaking: Any, behave: Any) -> None:
    behave(ftp_USER=saying("421 Too many users."))
    with pytest.raises(ServerUnavailable, match="421 Too many users"):
        files.exists("/")


def test_a_server_that_says_nothing(breaking: Any, luigi_config: Callable[..., None]) -> None:
    import socket

    luigi_config("ftp", attempts=1)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(ConnectionError, match="does not answer"):
        RemoteFileSystem("127.0.0.1", port=silent.getsockname()[1], timeout=0.2).exists("/")


# --- accounts --------------------------------------------------------------------------------------------------------


def test_the_account_of_the_configured_server(ftp_service: Any, luigi_config: Callable[..., None]) -> None:
    luigi_config("ftp", host="127.0.0.1", username="user", password="a-secret")
    assert RemoteFileSystem("127.0.0.1", port=ftp_service.port).exists("/")
    assert RemoteFileSystem("127.0.0.1", username="user", port=ftp_service.port).exists("/")


def test_no_other_server_is_told_a_password(ftp_service: Any, luigi_config: Callable[..., None]) -> None:
    luigi_config("ftp", host="another.example.org", username="user", password="a-secret")
    for username in (None, "user"):
        with pytest.raises(WrongCredentials):
            RemoteFileSystem("127.0.0.1", username, port=ftp_service.port).exists("/")


def test_accounts_in_netrc(ftp_service: Any, home: Path) -> None:
    (home / ".netrc").write_text("machine 127.0.0.1 login user password a-secret\n")
    (home / ".netrc").chmod(0o600)
    assert RemoteFileSystem("127.0.0.1", port=ftp_service.port).exists("/")
    with pytest.raises(WrongCredentials):
        RemoteFileSystem("127.0.0.1", "somebody-else", port=ftp_service.port).exists("/")


def test_a_netrc_that_cannot_be_read(ftp_service: Any, home: Path) -> None:
    (home / ".netrc").write_text("machine 127.0.0.1 login user a-secret\n")
    (home / ".netrc").chmod(0o600)
    with pytest.raises(ConfigurationError, match="netrc cannot be used") as caught:
        RemoteFileSystem("127.0.0.1", port=ftp_service.port).exists("/")
    assert "a-secret" not in f"{caught.value}{caught.value.hint}"


# --- TLS -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def by_tls(ftps_service: Any) -> RemoteFileSystem:
    return RemoteFileSystem("localhost", "user", "a-secret", ftps_service.port, tls=True, timeout=10)


@pytest.mark.service("ftps")
def test_a_server_that_cannot_prove_who_it_is(by_tls: RemoteFileSystem) -> None:
    with pytest.raises(UntrustedServer, match="localhost may not be who it says it is: self.signed") as caught:
        by_tls.exists("/")
    assert "[ftp] verify" in caught.value.hint


@pytest.mark.service("ftps")
def test_trusting_a_certificate_or_everybody(by_tls: RemoteFileSystem, luigi_config: Any, certificate: Path) -> None:
    for verify in (str(certificate), "false"):
        luigi_config("ftp", verify=verify)
        assert by_tls.exists("/")
    luigi_config("ftp", verify="/nowhere.pem")
    with pytest.raises(ConfigurationError, match=r"\[ftp\] verify: there is no file /nowhere.pem"):
        by_tls.exists("/")


@pytest.mark.service("ftps")
def test_in_the_open_where_only_tls_will_do(by_tls: RemoteFileSystem) -> None:
    by_tls.tls = False
    with pytest.raises(Refused, match="550 SSL/TLS required"):
        by_tls.exists("/")


def test_tls_where_there_is_none(files: RemoteFileSystem) -> None:
    files.tls = True
    with pytest.raises(Refused, match="AUTH"):
        files.exists("/")


# --- pipelines -------------------------------------------------------------------------------------------------------


class FtpSum(luigi.Task):
    """Adds the numbers of a file of a server."""

    folder = luigi.Parameter()
    port = luigi.IntParameter(significant=False)

    def of(self, name: str) -> RemoteTarget:
        return RemoteTarget(f"{self.folder}/{name}", "127.0.0.1", port=self.port, username="user", password="a-secret")

    def output(self) -> RemoteTarget:
        return self.of("sum")

    def run(self) -> None:
        with self.of("numbers").open() as lines, self.output().open("w") as total:
            total.write(str(sum(map(int, lines))))


def test_a_pipeline(ftp_service: Any, root: str, folder: Path) -> None:
    (folder / "numbers").write_text("1\n2\n3\n")
    assert run_task(FtpSum(root, port=ftp_service.port)).complete()
    assert (folder / "sum").read_text() == "6"


def test_a_target_travels(files: RemoteFileSystem, root: str, folder: Path) -> None:
    (folder / "file").touch()
    assert pickle.loads(pickle.dumps(target(files, f"{root}/file"))).exists()

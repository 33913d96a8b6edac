"""Servers for files by FTP, FTP by TLS and SFTP, by the suites that every file system and target passes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from luigi.contrib.ftp import RemoteFileSystem, RemoteTarget
from luigi.target import FileSystem, Target
from luigi.testing.contracts import FileSystemContract, FileSystemTargetContract, TargetContract
from luigi.testing.ports import free_port


class OnServer:
    """A server whose files lie in a folder of this machine."""

    place: Path
    """Where the server's `/` is."""
    host: str
    options: dict[str, Any]

    def make_target(self, path: str, **keywords: Any) -> RemoteTarget:
        return RemoteTarget(path, self.host, **keywords, **self.options)

    def names(self, root: str) -> list[str]:
        """By looking: a listing of these servers tells of one directory only."""
        below = (self.place / root.lstrip("/")).rglob("*")
        return sorted(f"/{path.relative_to(self.place)}" for path in below if path.is_file())

    def unreachable(self) -> Target:
        port = free_port()
        return RemoteTarget("/somewhere", "127.0.0.1", **{**self.options, "port": port})


class Listing:
    """Tests of a listing, which is Luigi's: files and directories, of one directory, by their own names."""

    @pytest.fixture
    def fs(self) -> FileSystem:
        return self.make_target("/").fs

    def test_listdir_names_the_files_below_at_any_depth(self, fs: RemoteFileSystem, root: str) -> None:
        for path in ("folder/a", "folder/deeper/b", "folder-2/c"):
            self.make_target(f"{root}/{path}").open("w").close()
        assert sorted(fs.listdir(f"{root}/folder")) == sorted(fs.listdir(f"{root}/folder/")) == ["a", "deeper"]
        assert fs.listdir(f"{root}/folder/a") == ["a"]

    def test_directories_are_renamed_whole(self, fs: RemoteFileSystem, root: str) -> None:
        for path in ("old/a", "old/deeper/b"):
            self.make_target(f"{root}/{path}").open("w").close()
        fs.rename_dont_move(f"{root}/old", f"{root}/new")
        assert self.names(root) == [f"{root}/new/a", f"{root}/new/deeper/b"]


class ByFtp(OnServer):
    @pytest.fixture(autouse=True)
    def found(self, ftp_service: Any, luigi_config: Callable[..., None]) -> None:
        luigi_config("ftp", attempts=1)
        self.server, self.place, self.host = ftp_service, ftp_service.folder, "127.0.0.1"
        self.options = {"username": "user", "password": "a-secret", "port": ftp_service.port, "timeout": 20}

    @pytest.fixture
    def root(self) -> str:
        return self.server.new_root()


class ByFtps(ByFtp):
    @pytest.fixture(autouse=True)
    def found(self, ftps_service: Any, luigi_config: Callable[..., None]) -> None:
        luigi_config("ftp", attempts=1, verify=str(ftps_service.certificate))
        self.server, self.place, self.host = ftps_service, ftps_service.folder, "localhost"
        self.options = {
            "username": "user",
            "password": "a-secret",
            "port": ftps_service.port,
            "timeout": 20,
            "tls": True,
        }


class BySftp(OnServer):
    @pytest.fixture(autouse=True)
    def found(self, sftp_options: dict[str, Any], luigi_config: Callable[..., None]) -> None:
        luigi_config("sftp", attempts=1)
        self.place, self.host, self.options = Path("/"), "127.0.0.1", sftp_options

    @pytest.fixture
    def root(self, root: Path) -> str:
        return str(root)


@pytest.mark.service("ftp")
class TestFtpFileSystem(Listing, ByFtp, FileSystemContract):
    tells_times = True


@pytest.mark.service("ftp")
class TestFtpTargetFiles(ByFtp, FileSystemTargetContract):
    pass


@pytest.mark.service("ftps")
class TestFtpsTargetFiles(ByFtps, FileSystemTargetContract):
    pass


@pytest.mark.service("ssh")
class TestSftpFileSystem(Listing, BySftp, FileSystemContract):
    tells_times = True


@pytest.mark.service("ssh")
class TestSftpTargetFiles(BySftp, FileSystemTargetContract):
    pass


class ByName(OnServer):
    def make_target(self, path: str, **keywords: Any) -> RemoteTarget:
        return super().make_target(f"{self.folder}/{path}", **keywords)

    @pytest.fixture(autouse=True)
    def in_folder(self, root: str) -> None:
        self.folder = root

    def put(self, target: RemoteTarget) -> None:
        target.open("w").close()


@pytest.mark.service("ftp")
class TestFtpTarget(ByName, ByFtp, TargetContract):
    pass


@pytest.mark.service("ssh")
class TestSftpTarget(ByName, BySftp, TargetContract):
    pass

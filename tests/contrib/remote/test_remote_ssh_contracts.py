"""Another machine's files by ssh, by the suites that every file system and target passes, on a real sshd."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from luigi.contrib.ssh import RemoteFileSystem, RemoteTarget
from luigi.target import FileSystem, Target
from luigi.testing.contracts import FileSystemContract, FileSystemTargetContract, TargetContract
from luigi.testing.ports import free_port

pytestmark = [pytest.mark.service("ssh"), pytest.mark.usefixtures("one_connection")]


class BySsh:
    @pytest.fixture(autouse=True)
    def found(self, ssh_service: Any) -> None:
        self.login = ssh_service.login

    @pytest.fixture
    def root(self, root: Path) -> str:
        return str(root)

    def make_target(self, path: str, **keywords: Any) -> RemoteTarget:
        return RemoteTarget(path, "127.0.0.1", **keywords, **self.login)

    def write(self, path: str, content: bytes) -> None:
        """The other machine is this one: a shorter way than through a shell."""
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_bytes(content)

    def read(self, path: str) -> bytes:
        return Path(path).read_bytes()


class TestRemoteFileSystem(BySsh, FileSystemContract):
    tells_times = True

    @pytest.fixture
    def fs(self, machine: RemoteFileSystem) -> FileSystem:
        return machine


class TestRemoteTargetFiles(BySsh, FileSystemTargetContract):
    pass


class TestRemoteTarget(TargetContract):
    @pytest.fixture(autouse=True)
    def place(self, ssh_service: Any, root: Path) -> None:
        self.login, self.root = ssh_service.login, root

    def make_target(self, name: str) -> Target:
        return RemoteTarget(f"{self.root}/{name}", "127.0.0.1", **self.login)

    def put(self, target: RemoteTarget) -> None:
        target.open("w").close()

    def unreachable(self) -> Target:
        port = free_port()
        return RemoteTarget("/somewhere", "127.0.0.1", **{**self.login, "port": port})

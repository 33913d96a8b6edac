"""Dropbox as a file system and as targets, by the suites that every implementation passes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from luigi.contrib.dropbox import DropboxClient, DropboxTarget
from luigi.target import FileSystem, Target
from luigi.testing.contracts import FileSystemContract, FileSystemTargetContract, TargetContract


class OnDropbox:
    @pytest.fixture(autouse=True)
    def place(self, dropbox_com: Any) -> None:
        self.dropbox_com = dropbox_com

    @pytest.fixture
    def root(self) -> str:
        return "/Some/folder"

    def make_target(self, path: str, **keywords: Any) -> DropboxTarget:
        return DropboxTarget(path, "the-token", **keywords)

    def write(self, path: str, content: bytes) -> None:
        """As the suites do, but a temporary path is one of this machine."""
        if path.startswith("/Some/"):
            super().write(path, content)  # type: ignore[misc]
        else:
            os.makedirs(Path(path).parent, exist_ok=True)
            Path(path).write_bytes(content)

    def read(self, path: str) -> bytes:
        return super().read(path) if path.startswith("/Some/") else Path(path).read_bytes()  # type: ignore[misc]


class TestDropboxFileSystem(OnDropbox, FileSystemContract):
    tells_times = True

    @pytest.fixture
    def fs(self) -> FileSystem:
        return DropboxClient("the-token")


class TestDropboxTargetFiles(OnDropbox, FileSystemTargetContract):
    pass


class TestDropboxTarget(OnDropbox, TargetContract):
    def make_target(self, name: str) -> Target:  # type: ignore[override]
        return DropboxTarget(f"/Some/{name}", "the-token")

    def put(self, target: DropboxTarget) -> None:
        target.open("w").close()

    @pytest.fixture(autouse=True)
    def impatient(self, luigi_config: Any) -> None:
        luigi_config("dropbox", retries=0)

    def unreachable(self) -> Target:
        self.dropbox_com.stop()
        return self.make_target("one")

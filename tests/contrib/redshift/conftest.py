"""Redshift for tests: a stand-in on a real PostgreSQL, which reads and writes a real store of objects."""

from __future__ import annotations

import importlib.util
import itertools
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg
import pytest

from luigi.contrib._sql import connecting
from luigi.contrib._sql.postgres_drivers import Psycopg
from luigi.testing import FakeClock
from luigi.testing.ports import free_port

S3 = {"aws_access_key_id": "anybody", "aws_secret_access_key": "any-secret", "region_name": "us-east-1"}
FOLDERS = itertools.count(1)


@pytest.fixture(scope="session")
def stand_in() -> ModuleType:
    """The module that has the stand-in."""
    spec = importlib.util.spec_from_file_location("stand_in", Path(__file__).with_name("redshift_stand_in.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def database(postgres_service: Any, stand_in: ModuleType) -> dict[str, Any]:
    """A database for all tests of a module, as tasks name it."""
    name = postgres_service.new_database().rpartition("/")[2]
    place = {"host": "127.0.0.1", "port": postgres_service.port, "database": name, "user": "postgres"}
    with psycopg.connect(host="127.0.0.1", port=postgres_service.port, user="postgres", dbname=name) as connection:
        connection.execute(stand_in.CATALOGUE)
    return {**place, "password": "secret-password"}


@pytest.fixture
def s3(s3_service: str) -> Any:
    """A client of boto3."""
    import boto3

    return boto3.client("s3", endpoint_url=s3_service, **S3)


@pytest.fixture
def folder() -> str:
    """A folder of the bucket that nothing is in."""
    return f"redshift-{next(FOLDERS)}"


@pytest.fixture
def redshift(stand_in: ModuleType, s3: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The stand-in's cursor, which the driver uses from now on."""
    cursor = stand_in.RedshiftCursor
    monkeypatch.setattr(cursor, "s3", s3, raising=False)
    monkeypatch.setattr(cursor, "statements", [], raising=False)
    monkeypatch.setattr(Psycopg, "_more", lambda self: {"cursor_factory": cursor})
    monkeypatch.delenv("LUIGI_PGSQL_DRIVER", raising=False)
    return cursor


@pytest.fixture
def keys(stand_in: ModuleType) -> dict[str, str]:
    """Credentials that the stand-in takes, as members of a task."""
    return dict(pair.split("=") for pair in stand_in.KEYS.split(";"))


@pytest.fixture
def closed_port() -> int:
    """A port of 127.0.0.1 that nobody listens at."""
    return free_port()


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """The time between attempts to connect."""
    clock = FakeClock()
    monkeypatch.setattr(connecting, "SYSTEM", clock)
    return clock

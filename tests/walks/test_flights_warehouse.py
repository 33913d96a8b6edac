"""examples/flights_warehouse as its reader would run it: from S3 into PostgreSQL and back, on real servers."""

from __future__ import annotations

import csv
import gzip
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from luigi.contrib.s3 import S3Client

pytestmark = [pytest.mark.service("s3"), pytest.mark.service("postgres")]

EXAMPLES = Path(__file__).parents[2] / "examples"
EXAMPLE = EXAMPLES / "flights_warehouse"
JULY = EXAMPLES / "flights/data/flights-2013-07.csv.gz"


class Warehouse:
    """A reader in front of the two services."""

    def __init__(self, s3: str, postgres: Any) -> None:
        self.place = {"host": "127.0.0.1", "port": postgres.port, "user": "postgres"}
        self.variables = {"S3_ENDPOINT": s3, "WAREHOUSE_HOST": f"127.0.0.1:{postgres.port}"}
        self.bucket = S3Client("anybody", "any-secret", endpoint_url=s3, region_name="us-east-1")

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("LUIGI_", "AWS_"))}
        variables = kept | self.variables | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"}
        return subprocess.run(
            command, cwd=EXAMPLE, env=variables, text=True, capture_output=True, timeout=60, check=False
        )

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(**self.place, dbname="flights") as connection:
            return connection.execute(query).fetchall()


@pytest.fixture
def warehouse(s3_service: str, postgres_service: Any) -> Iterator[Warehouse]:
    """With raw months in the bucket, and an empty database."""
    found = Warehouse(s3_service, postgres_service)
    with psycopg.connect(**found.place, dbname="postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE flights")
        filled = found.run("python", "fill_bucket.py")
        assert filled.returncode == 0, filled.stderr
        yield found
        found.bucket.remove("s3://flights/raw")
        for month in ("06", "07"):
            found.bucket.remove(f"s3://flights/ranking-2013-{month}.csv")
        connection.execute("DROP DATABASE flights WITH (FORCE)")


def flights_of_july() -> list[dict[str, str]]:
    with gzip.open(JULY, "rt") as file:
        return list(csv.DictReader(file))


def ranking(warehouse: Warehouse) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(warehouse.bucket.get_as_string("s3://flights/ranking-2013-07.csv"))))


def test_from_the_bucket_and_back(warehouse: Warehouse) -> None:
    done = warehouse.run("kernel", "run", "july")
    assert done.returncode == 0, done.stderr
    raw = flights_of_july()
    assert warehouse.ask("SELECT count(*), count(departure_delay) FROM flights") == [
        (len(raw), sum(row["dep_delay"] not in ("", "NA") for row in raw))
    ]
    rows = ranking(warehouse)
    assert {row["carrier"] for row in rows} == {row["carrier"] for row in raw}
    assert sum(int(row["flights"]) for row in rows) == len(raw)
    assert [float(row["late"]) for row in rows] == sorted((float(row["late"]) for row in rows), reverse=True)

    again = warehouse.run("kernel", "run", "july")
    assert again.returncode == 0, again.stderr
    assert warehouse.ask("SELECT count(*) FROM flights") == [(len(raw),)]
    assert len(warehouse.ask("SELECT * FROM table_updates")) == 2

    both = warehouse.run("kernel", "run", "both")
    assert both.returncode == 0, both.stderr
    assert warehouse.ask("SELECT DISTINCT month::text FROM carriers ORDER BY 1") == [("2013-06-01",), ("2013-07-01",)]


def test_a_load_that_fails_leaves_nothing(warehouse: Warehouse) -> None:
    broken = gzip.decompress(JULY.read_bytes()).decode().splitlines(keepends=True)
    broken[1000] = broken[1000].replace("2013,7,", "2013,7,no day,", 1)
    whole = JULY.read_bytes()
    warehouse.bucket.put_string(gzip.compress("".join(broken).encode()), f"s3://flights/raw/{JULY.name}")
    failed = warehouse.run("kernel", "run", "july")
    assert failed.returncode != 0
    assert "no day" in failed.stdout + failed.stderr
    assert warehouse.ask("SELECT 1 FROM pg_tables WHERE tablename = 'flights'") == []

    warehouse.bucket.put_string(whole, f"s3://flights/raw/{JULY.name}")
    assert warehouse.run("kernel", "run", "july").returncode == 0
    assert warehouse.ask("SELECT count(*) FROM flights") == [(len(flights_of_july()),)]


def test_a_month_that_is_not_there(warehouse: Warehouse) -> None:
    missing = warehouse.run("kernel", "run", "warehouse:Ranking", "--month", "2014-01")
    assert missing.returncode != 0
    assert "RawMonth" in missing.stdout + missing.stderr
    assert warehouse.ask("SELECT 1 FROM pg_tables WHERE tablename = 'flights'") == []

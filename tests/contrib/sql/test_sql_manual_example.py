"""The manual's chapter 8.1: ArtistToplistToDatabase as it stands there, on a real PostgreSQL."""

from __future__ import annotations

import datetime
from heapq import nlargest
from pathlib import Path
from typing import Any

import psycopg
import pytest

import luigi
import luigi.contrib.postgres
from luigi.contrib.postgres import PostgresTarget

pytestmark = pytest.mark.service("postgres")


class ArtistStreams(luigi.ExternalTask):
    date_interval = luigi.DateIntervalParameter()

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(f"data/artist_streams_{self.date_interval}.tsv")


class Top10Artists(luigi.Task):
    date_interval = luigi.DateIntervalParameter()
    use_hadoop = luigi.BoolParameter()

    def requires(self) -> ArtistStreams:
        return ArtistStreams(self.date_interval)

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(f"data/top_artists_{self.date_interval}.tsv")

    def run(self) -> None:
        with self.input().open("r") as in_file:
            top_10 = nlargest(10, ((int(streams), artist) for artist, streams in map(str.split, in_file)))
        with self.output().open("w") as out_file:
            for streams, artist in top_10:
                columns = [self.date_interval.date_a, self.date_interval.date_b, artist, streams]
                print(*columns, sep="\t", file=out_file)


class ArtistToplistToDatabase(luigi.contrib.postgres.CopyToTable):
    date_interval = luigi.DateIntervalParameter()
    use_hadoop = luigi.BoolParameter()

    host = "localhost"
    database = "toplists"
    user = "luigi"
    password = "abc123"  # ;)
    table = "top10"

    columns = [("date_from", "DATE"),
               ("date_to", "DATE"),
               ("artist", "TEXT"),
               ("streams", "INT")]  # fmt: skip

    def requires(self):  # type: ignore[no-untyped-def]
        return Top10Artists(self.date_interval, self.use_hadoop)


def test_it_runs_as_written(postgres_service: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(PostgresTarget, "DEFAULT_DB_PORT", postgres_service.port)
    (tmp_path / "data").mkdir()
    (tmp_path / "data/artist_streams_2012-06.tsv").write_text("".join(f"artist-{n}\t{n * n}\n" for n in range(30)))
    place = {"host": "127.0.0.1", "port": postgres_service.port, "user": "postgres"}
    with psycopg.connect(**place, dbname="postgres", autocommit=True) as connection:
        connection.execute("CREATE ROLE luigi LOGIN PASSWORD 'abc123'")
        connection.execute("CREATE DATABASE toplists OWNER luigi")
    task = ArtistToplistToDatabase(date_interval=luigi.date_interval.Month(2012, 6))
    for _ in range(2):
        assert luigi.build([task], local_scheduler=True)
    with psycopg.connect(**place, dbname="toplists") as connection:
        found = connection.execute("SELECT * FROM top10").fetchall()
    days = datetime.date(2012, 6, 1), datetime.date(2012, 7, 1)
    assert found == [(*days, f"artist-{n}", n * n) for n in range(29, 19, -1)]

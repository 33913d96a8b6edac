"""Flights from a bucket in S3 into a PostgreSQL database, and from there a ranking, back into the bucket.

    RawMonth(month) ---> LoadFlights(month) ---> RankCarriers(month) ---> Ranking(month)
     in the bucket         in the database         in the database         in the bucket

An arrow reads "is needed by". What is done is noted in the database, in the transaction that does it.
"""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterator, Sequence
from contextlib import closing

import luigi
from luigi.contrib.postgres import CopyToTable, PostgresQuery
from luigi.contrib.s3 import S3Target
from luigi.format import UTF8, Gzip
from luigi.parameter import ParameterVisibility


class warehouse(luigi.Config):
    """Where data comes from and goes to: the section `[warehouse]` of luigi.cfg. The keys of S3 are in `[s3]`."""

    bucket: str = luigi.Parameter(default="s3://flights")
    host: str = luigi.Parameter(default="127.0.0.1")
    database: str = luigi.Parameter(default="flights")
    user: str = luigi.Parameter(default="postgres")
    password: str = luigi.Parameter(default="", visibility=ParameterVisibility.PRIVATE)


class InWarehouse:
    """Says of a task where its database is."""

    host = property(lambda self: warehouse().host)
    database = property(lambda self: warehouse().database)
    user = property(lambda self: warehouse().user)
    password = property(lambda self: warehouse().password)


class RawMonth(luigi.ExternalTask):
    """A month of raw flights, as published."""

    month: datetime.date = luigi.MonthParameter()

    def output(self) -> S3Target:
        return S3Target(f"{warehouse().bucket}/raw/flights-{self.month:%Y-%m}.csv.gz", format=UTF8 >> Gzip)


class LoadFlights(InWarehouse, CopyToTable):
    """A month of flights as rows of the table `flights`, which the first month makes."""

    month: datetime.date = luigi.MonthParameter()

    table = "flights"
    columns = (
        ("day", "DATE"),
        ("carrier", "TEXT"),
        ("origin", "TEXT"),
        ("destination", "TEXT"),
        ("departure_delay", "INT"),
        ("arrival_delay", "INT"),
    )
    null_values = ("", "NA")  # how the raw data says that a flight never left, or never arrived

    def requires(self) -> RawMonth:
        return RawMonth(self.month)

    def rows(self) -> Iterator[Sequence[object]]:
        with self.input().open() as raw:
            for row in csv.DictReader(raw):
                day = self.month.replace(day=int(row["day"]))
                yield day, row["carrier"], row["origin"], row["dest"], row["dep_delay"], row["arr_delay"]


class RankCarriers(InWarehouse, PostgresQuery):
    """How late each carrier was in a month, as rows of the table `carriers`."""

    month: datetime.date = luigi.MonthParameter()

    table = "carriers"

    def requires(self) -> LoadFlights:
        return LoadFlights(self.month)

    @property
    def query(self) -> str:
        return f"""
            CREATE TABLE IF NOT EXISTS carriers (month DATE, carrier TEXT, flights INT, cancelled INT, late NUMERIC);
            INSERT INTO carriers
            SELECT '{self.month}', carrier, count(*), count(*) - count(departure_delay), round(avg(arrival_delay), 1)
            FROM flights WHERE day >= '{self.month}' AND day < DATE '{self.month}' + INTERVAL '1 month'
            GROUP BY carrier
        """


class Ranking(luigi.Task):
    """A month's carriers, the latest first, as CSV in the bucket."""

    month: datetime.date = luigi.MonthParameter()

    def requires(self) -> RankCarriers:
        return RankCarriers(self.month)

    def output(self) -> S3Target:
        return S3Target(f"{warehouse().bucket}/ranking-{self.month:%Y-%m}.csv", ContentType="text/csv")

    def run(self) -> None:
        query = "SELECT carrier, flights, cancelled, late FROM carriers WHERE month = %s ORDER BY late DESC, carrier"
        with closing(self.input().connect()) as database, self.output().open("w") as file:
            cursor = database.cursor()
            cursor.execute(query, (self.month,))
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["carrier", "flights", "cancelled", "late"])
            writer.writerows(cursor)


if __name__ == "__main__":
    luigi.run()

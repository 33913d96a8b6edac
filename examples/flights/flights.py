"""The flights that left New York in 2013: rankings, delays, a database and a report, from one file a day.

    FlightData(month) -> DayFlights(day) -+-> MonthlyDelays(month) ---+-> Report(month) ---------+
                                          +-> TopDestinations(month) -+                          |
                                          +-> TopDestinationsOf(interval) -----------------------+-> AllReports(month)
                                          +-> LoadIntoSqlite(month) --> CarrierProfiles(month) --+
                                                                        (one task a carrier)

An arrow reads "is needed by". The first two are in `days.py`.
"""

from __future__ import annotations

import csv
import datetime
from collections import Counter, defaultdict
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from statistics import fmean

import luigi
import report
from days import DayFlights, Names, flights, output_file, read_days, read_names
from luigi.date_interval import Custom, DateInterval, Month
from records import Flight
from sqlite_target import SqliteTarget


def month_of(date: datetime.date) -> Month:
    return Month(date.year, date.month)


def write_csv(target: luigi.LocalTarget, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with target.open("w") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def read_csv(target: luigi.LocalTarget) -> list[dict[str, str]]:
    with target.open() as file:
        return list(csv.DictReader(file))


class MonthlyDelays(luigi.Task):
    """How many flights each carrier had, how many were cancelled, and how late the others were, in minutes."""

    month: datetime.date = luigi.MonthParameter()

    def requires(self) -> dict[str, object]:
        return {"days": [DayFlights(day) for day in month_of(self.month)], "names": Names("airlines")}

    def output(self) -> luigi.LocalTarget:
        return output_file(f"delays/{self.month:%Y-%m}.csv")

    def run(self) -> None:
        by_carrier: dict[str, list[Flight]] = defaultdict(list)
        for flight in read_days(self.input()["days"]):
            by_carrier[flight.carrier].append(flight)
        names = read_names(self.input()["names"])
        header = ["carrier", "flights", "cancelled", "late_leaving", "late_arriving"]
        busiest_first = sorted(by_carrier.items(), key=lambda carrier: -len(carrier[1]))
        write_csv(self.output(), header, ([names[code], *delays(flown)] for code, flown in busiest_first))


def delays(scheduled: Sequence[Flight]) -> tuple[int, int, str, str]:
    """The number of flights and of cancelled ones, and the mean delays of the others."""
    leaving = [flight.departure_delay for flight in scheduled if flight.departure_delay is not None]
    arriving = [flight.arrival_delay for flight in scheduled if flight.arrival_delay is not None]
    return len(scheduled), len(scheduled) - len(leaving), mean(leaving), mean(arriving)


def mean(minutes: Sequence[int]) -> str:
    return f"{fmean(minutes):.1f}" if minutes else ""


class Ranking(luigi.Task):
    """The ten destinations with the most flights in `dates()`. Not run itself: a subclass says which dates."""

    def dates(self) -> Iterable[datetime.date]:
        raise NotImplementedError

    def requires(self) -> dict[str, object]:
        return {"days": [DayFlights(day) for day in self.dates()], "names": Names("airports")}

    def run(self) -> None:
        counts = Counter(flight.destination for flight in read_days(self.input()["days"]))
        names = read_names(self.input()["names"])
        rows = ((code, names.get(code, code), count) for code, count in counts.most_common(10))
        write_csv(self.output(), ["code", "name", "flights"], rows)


class TopDestinations(Ranking):
    """The ten most frequent destinations of a month."""

    month: datetime.date = luigi.MonthParameter()

    def dates(self) -> Iterable[datetime.date]:
        return month_of(self.month)

    def output(self) -> luigi.LocalTarget:
        return output_file(f"destinations/{self.month:%Y-%m}.csv")


class TopDestinationsOf(Ranking):
    """The ten most frequent destinations of a week, a year, or any days: 2013-W27, 2013, 2013-07-01-2013-07-08."""

    interval: DateInterval = luigi.DateIntervalParameter()

    def dates(self) -> Iterable[datetime.date]:
        return self.interval

    def output(self) -> luigi.LocalTarget:
        return output_file(f"destinations/{self.interval}.csv")


class LoadIntoSqlite(luigi.Task):
    """A month's flights in the table `flights` of a SQLite database, all or none."""

    month: datetime.date = luigi.MonthParameter()

    def requires(self) -> list[DayFlights]:
        return [DayFlights(day) for day in month_of(self.month)]

    def output(self) -> SqliteTarget:
        return SqliteTarget(f"{flights().output_dir}/flights.sqlite", self.task_id)

    def run(self) -> None:
        with self.output().update() as database:
            database.execute(
                "CREATE TABLE IF NOT EXISTS flights"
                " (day TEXT, carrier TEXT, origin TEXT, destination TEXT, departure_delay INT, arrival_delay INT)"
            )
            database.executemany("INSERT INTO flights VALUES (?, ?, ?, ?, ?, ?)", self.rows())

    def rows(self) -> Iterator[tuple[object, ...]]:
        for task, target in zip(self.requires(), self.input(), strict=True):
            for flight in read_days([target]):
                yield str(task.day), *flight


class CarrierProfile(luigi.Task):
    """Where one carrier flew in a month, as the database tells."""

    carrier: str
    month: datetime.date = luigi.MonthParameter()

    def requires(self) -> LoadIntoSqlite:
        return LoadIntoSqlite(self.month)

    def output(self) -> luigi.LocalTarget:
        return output_file(f"carriers/{self.month:%Y-%m}-{self.carrier}.csv")

    def run(self) -> None:
        query = """
            SELECT destination, count(*), round(avg(arrival_delay), 1) FROM flights
            WHERE carrier = ? AND day LIKE ? GROUP BY destination ORDER BY count(*) DESC, destination
        """
        with closing(self.input().connect()) as database:
            rows = database.execute(query, [self.carrier, f"{self.month:%Y-%m}-%"]).fetchall()
        write_csv(self.output(), ["destination", "flights", "late_arriving"], rows)


class CarrierProfiles(luigi.Task):
    """A profile of each carrier that flew in the month. Which did is known only once the data is loaded."""

    month: datetime.date = luigi.MonthParameter()

    def requires(self) -> LoadIntoSqlite:
        return LoadIntoSqlite(self.month)

    def output(self) -> luigi.LocalTarget:
        return output_file(f"carriers/{self.month:%Y-%m}.csv")

    def run(self) -> Generator[list[CarrierProfile], list[luigi.LocalTarget], None]:
        query = "SELECT DISTINCT carrier FROM flights WHERE day LIKE ? ORDER BY carrier"
        with closing(self.input().connect()) as database:
            carriers = [carrier for (carrier,) in database.execute(query, [f"{self.month:%Y-%m}-%"])]
        profiles = yield [CarrierProfile(carrier, self.month) for carrier in carriers]
        rows = [(carrier, target.path) for carrier, target in zip(carriers, profiles, strict=True)]
        write_csv(self.output(), ["carrier", "file"], rows)


class Report(luigi.Task):
    """A month on one web page."""

    month: datetime.date = luigi.MonthParameter()

    def requires(self) -> dict[str, luigi.Task]:
        return {"delays": MonthlyDelays(self.month), "destinations": TopDestinations(self.month)}

    def output(self) -> luigi.LocalTarget:
        return output_file(f"report-{self.month:%Y-%m}.html")

    def run(self) -> None:
        rows = {name: read_csv(target) for name, target in self.input().items()}
        with self.output().open("w") as file:
            file.write(report.page(self.month, rows["destinations"], rows["delays"]))


class AllReports(luigi.WrapperTask):
    """Everything about a month, and the destinations of its first week."""

    month: datetime.date = luigi.MonthParameter()

    def requires(self) -> Iterator[luigi.Task]:
        yield Report(self.month)
        yield CarrierProfiles(self.month)
        yield TopDestinationsOf(Custom(self.month, self.month + datetime.timedelta(days=7)))


if __name__ == "__main__":
    luigi.run()

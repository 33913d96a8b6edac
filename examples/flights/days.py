"""From the raw months to one clean file a day."""

from __future__ import annotations

import csv
import datetime
import logging
from collections.abc import Iterable, Iterator
from pathlib import Path

import luigi
import records
from luigi.format import UTF8, Format, Gzip

logger = logging.getLogger("luigi-interface")


class flights(luigi.Config):
    """Where data comes from and goes to: the section `[flights]` of luigi.cfg."""

    data_dir: str = luigi.Parameter(default=str(Path(__file__).with_name("data")))
    output_dir: str = luigi.Parameter(default="output")


def output_file(name: str, format: Format | None = None) -> luigi.LocalTarget:
    """The target of that name below the output folder."""
    return luigi.LocalTarget(f"{flights().output_dir}/{name}", format=format)


class FlightData(luigi.ExternalTask):
    """A month of raw flights, as published."""

    month: datetime.date = luigi.MonthParameter()

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(f"{flights().data_dir}/flights-{self.month:%Y-%m}.csv.gz", format=UTF8 >> Gzip)


@FlightData.event_handler(luigi.Event.DEPENDENCY_MISSING)
def say_where_data_belongs(task: FlightData) -> None:
    """Nothing here can make an external task complete, so tell the user what will."""
    month, path = f"{task.month:%Y-%m}", task.output().path
    logger.warning("there is no data for %s: put %s there, or set [flights] data_dir", month, path)


class Names(luigi.ExternalTask):
    """A CSV that gives the codes in its first column the names in its second."""

    of: str = luigi.ChoiceParameter(choices=["airlines", "airports"])

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(f"{flights().data_dir}/{self.of}.csv")


class DayFlights(luigi.Task):
    """The flights of one day, cleaned: only the columns that are used, missing values empty."""

    day: datetime.date

    def requires(self) -> FlightData:
        return FlightData(month=self.day.replace(day=1))

    def output(self) -> luigi.LocalTarget:
        return output_file(f"days/{self.day}.csv.gz", format=UTF8 >> Gzip)

    def run(self) -> None:
        with self.input().open() as raw, self.output().open("w") as clean:
            records.write(records.of_day(raw, self.day), clean)


def read_names(target: luigi.LocalTarget) -> dict[str, str]:
    """Code → name."""
    with target.open() as file:
        return {row[0]: row[1] for row in csv.reader(file)}


def read_days(targets: Iterable[luigi.LocalTarget]) -> Iterator[records.Flight]:
    """The flights of all those days."""
    for target in targets:
        with target.open() as file:
            yield from records.read(file)

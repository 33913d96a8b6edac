"""A board that is made anew each minute, by a trigger of the server: see triggers.cfg."""

from __future__ import annotations

import datetime

import luigi
from days import output_file
from flights import TopDestinationsOf, read_csv, write_csv
from luigi.date_interval import Date


class Board(luigi.Task):
    """The busiest destinations of a day, with the minute from which the board is."""

    minute: datetime.datetime = luigi.DateMinuteParameter()
    day: datetime.date = luigi.DateParameter(default=datetime.date(2013, 7, 4))

    def requires(self) -> TopDestinationsOf:
        return TopDestinationsOf(Date.from_date(self.day))

    def output(self) -> luigi.LocalTarget:
        return output_file(f"boards/{self.minute:%Y-%m-%dT%H%M}.csv")

    def run(self) -> None:
        rows = ((f"{self.minute:%H:%M}", row["name"], row["flights"]) for row in read_csv(self.input()))
        write_csv(self.output(), ["as_of", "destination", "flights"], rows)

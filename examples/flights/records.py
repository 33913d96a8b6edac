"""One flight: how it is read from the raw data, and how the pipeline's own files keep it."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import IO, NamedTuple


class Flight(NamedTuple):
    """A scheduled flight. Delays are minutes, negative when early."""

    carrier: str
    origin: str
    destination: str
    departure_delay: int | None  # None: it never left
    arrival_delay: int | None  # None: it never arrived there, being cancelled or diverted

    @property
    def cancelled(self) -> bool:
        """Whether it never left."""
        return self.departure_delay is None


def of_day(raw: IO[str], day: datetime.date) -> Iterator[Flight]:
    """The flights of one day in a month's raw CSV. A missing value there is `NA` or nothing at all."""
    rows = csv.reader(raw)
    header = next(rows)
    day_of_month, wanted = header.index("day"), str(day.day)
    columns = itemgetter(*map(header.index, ("carrier", "origin", "dest", "dep_delay", "arr_delay")))
    for row in rows:
        if row[day_of_month] == wanted:
            carrier, origin, destination, departure_delay, arrival_delay = columns(row)
            yield Flight(carrier, origin, destination, _minutes(departure_delay), _minutes(arrival_delay))


def write(flights: Iterable[Flight], file: IO[str]) -> None:
    """Write flights as CSV with a header."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(Flight._fields)
    writer.writerows(flights)


def read(file: IO[str]) -> Iterator[Flight]:
    """The flights that `write` wrote."""
    rows = csv.reader(file)
    next(rows)
    for carrier, origin, destination, departure_delay, arrival_delay in rows:
        yield Flight(carrier, origin, destination, _minutes(departure_delay), _minutes(arrival_delay))


def _minutes(text: str) -> int | None:
    return None if text in ("", "NA") else int(text)

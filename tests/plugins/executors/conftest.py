"""A year of flights, for executors of other machines: run here and there, the same has to come out."""

from __future__ import annotations

import csv
import datetime
import gzip
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

FLIGHTS = Path(__file__).parents[3] / "examples" / "flights"
KERNEL = Path(sys.executable).with_name("kernel")
MONTHS = [f"2013-{month:02}" for month in range(1, 13)]
PROGRAM = """
import luigi
from flights import AllReports

class YearOfReports(luigi.WrapperTask):
    months = luigi.ListParameter()
    def requires(self):
        return [AllReports(month=luigi.MonthParameter().parse(month)) for month in self.months]
"""


class Year:
    """All reports of twelve months, made in folders of their own from the same data."""

    def __init__(self, folder: Path, data: Path) -> None:
        self._folder, self._data = folder, data

    def run_here(self) -> dict[str, Any]:
        """What is made with the executor that there always is."""
        run = self.begin("here", "--workers", "2")
        said, _ = run.communicate(timeout=280)
        assert run.returncode == 0, said[-3000:]
        made = self.made("here")
        assert len(made) > 365 + 3 * 12
        return made

    def begin(self, name: str, *flags: str) -> subprocess.Popen[str]:
        """Start a run; a failed attempt is tried again after a second."""
        folder = self._folder / name
        folder.mkdir()
        settings = f"[flights]\ndata_dir = {self._data}\noutput_dir = {folder}/output\n[scheduler]\nretry_delay = 1\n"
        (folder / "luigi.cfg").write_text(settings)
        (folder / "year_of_flights.py").write_text(PROGRAM)
        command = [KERNEL, "run", "year_of_flights:YearOfReports", "--months", str(MONTHS).replace("'", '"')]
        environment = {**os.environ, "PYTHONPATH": f"{folder}:{FLIGHTS}", "NO_COLOR": "1"}
        return subprocess.Popen(
            [*command, "--worker-keep-alive", "--worker-wait-interval", "0.2", "--worker-wait-jitter", "0", *flags],
            cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def days(self, name: str) -> int:
        """How many days are done."""
        return len(list((self._folder / name / "output" / "days").glob("*.csv.gz")))

    def made(self, name: str) -> dict[str, Any]:
        """What a run has made: the texts of its files, the rows of its database."""
        output = self._folder / name / "output"
        found: dict[str, Any] = {}
        for file in sorted(output.rglob("*")):
            if file.name.endswith(".csv.gz"):
                found[str(file.relative_to(output))] = gzip.decompress(file.read_bytes())
            elif file.suffix in (".csv", ".html", ".txt", ".md"):
                found[str(file.relative_to(output))] = file.read_text().replace(str(output), "OUTPUT")
            elif file.suffix in (".sqlite", ".db"):
                found |= rows_of(file)
        return found


def rows_of(file: Path) -> dict[str, list[str]]:
    with closing(sqlite3.connect(file)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            f"{file.name}:{table}": sorted(map(repr, database.execute(f"SELECT * FROM {table}"))) for table in tables
        }


def make_data(folder: Path) -> None:
    """A few flights for each day of the year, from those of the month that comes with the example."""
    folder.mkdir()
    for name in ("airlines.csv", "airports.csv"):
        (folder / name).write_bytes((FLIGHTS / "data" / name).read_bytes())
    with gzip.open(FLIGHTS / "data" / "flights-2013-07.csv.gz", "rt") as file:
        published = list(csv.DictReader(file))
    for number in range(1, 13):
        month = [row | {"month": str(number)} for row in published[number::10] if is_day(number, int(row["day"]))]
        with gzip.open(folder / f"flights-2013-{number:02}.csv.gz", "wt") as file:
            writer = csv.DictWriter(file, list(published[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(month)


def is_day(month: int, day: int) -> bool:
    try:
        datetime.date(2013, month, day)
    except ValueError:
        return False
    return True


@pytest.fixture
def year(tmp_path: Path) -> Year:
    """The year. LUIGI_FLIGHTS_DATA may name the folder with the real twelve months, which take longer."""
    data = os.environ.get("LUIGI_FLIGHTS_DATA", "")
    if not data:
        make_data(tmp_path / "data")
    return Year(tmp_path, Path(data).absolute() if data else tmp_path / "data")

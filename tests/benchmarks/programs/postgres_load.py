"""Luigi API: loads rows into PostgreSQL by CopyToTable; `python postgres_load.py ROWS ROUNDS [bare]`.

With `bare`, psycopg's own COPY loads the same rows, in turns. The median of the rounds counts. Blocks are `load` and
`bare-load`.
"""

from __future__ import annotations

import datetime
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import luigi
from databases import postgres
from luigi.contrib.postgres import CopyToTable
from meter import cpu, show

count, rounds = int(sys.argv[1]), int(sys.argv[2])
COLUMNS = [("id", "INT"), ("name", "TEXT"), ("amount", "FLOAT"), ("day", "DATE"), ("note", "TEXT")]
FIRST = datetime.date(2012, 1, 1)
DAYS = [FIRST + datetime.timedelta(days=day) for day in range(365)]


def given_rows() -> Iterator[tuple[Any, ...]]:
    """As a program computes them: every tenth has no note, every hundredth one with a tab in it."""
    for number in range(count):
        note = None if number % 10 == 0 else "a\tb" if number % 100 == 1 else "a note of some words"
        yield number, f"näme {number}", number * 0.25, DAYS[number % 365], note


class Load(CopyToTable):
    number = luigi.IntParameter()
    port = luigi.IntParameter(significant=False)
    host, database, user, password = "127.0.0.1", "postgres", "postgres", ""
    columns = COLUMNS

    @property
    def table(self) -> str:
        return f"loaded_{self.number}"

    def rows(self) -> Iterator[tuple[Any, ...]]:
        return given_rows()


def load(port: int, number: int) -> None:
    task = Load(number=number, port=port)
    task.run()
    assert task.complete()


def bare(port: int, number: int) -> None:
    import psycopg

    with psycopg.connect(host="127.0.0.1", port=port, user="postgres", dbname="postgres") as connection:
        described = ", ".join(f"{name} {kind}" for name, kind in COLUMNS)
        connection.execute(f"CREATE TABLE bare_{number} ({described})")
        with connection.cursor() as cursor, cursor.copy(f"COPY bare_{number} FROM STDIN") as copy:
            for row in given_rows():
                copy.write_row(row)


def timed(act: Callable[[], None]) -> tuple[float, float]:
    """Seconds of CPU and of the clock."""
    before = cpu(), time.perf_counter()
    act()
    return cpu() - before[0], time.perf_counter() - before[1]


def main(port: int) -> None:
    acts = {"load": load, **({"bare-load": bare} if "bare" in sys.argv else {})}
    found = [{block: timed(lambda act=act, n=n: act(port, n)) for block, act in acts.items()} for n in range(rounds)]
    for block in acts:
        cpus, walls = zip(*(one[block] for one in found), strict=True)
        show(block, cpu=statistics.median(cpus), wall=statistics.median(walls))


with postgres() as port:
    main(port)

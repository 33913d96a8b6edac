"""What loads cost beside the bare driver: `python sql_loads.py sqlite|mariadb ROWS ROUNDS`.

SQLite by SQLAlchemy's CopyToTable beside sqlite3, MariaDB by mysqldb's beside Connector/Python. Both load the same
rows, in turns, as many at a time; the median of the rounds counts. Blocks are `load` and `bare-load`.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from typing import Any

import luigi
from databases import mariadb
from luigi.contrib import mysqldb, sqla
from meter import cpu, show

kind, count, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])


def given_rows() -> Iterator[tuple[Any, ...]]:
    """As a program computes them: every tenth has no note."""
    for number in range(count):
        yield number, f"näme {number}", number * 0.25, None if number % 10 == 0 else "a note of some words"


def in_chunks(size: int) -> Iterator[list[tuple[Any, ...]]]:
    rows = given_rows()
    while some := list(islice(rows, size)):
        yield some


class SqliteLoad(sqla.CopyToTable):
    number = luigi.IntParameter()
    connection_string = "sqlite:///loads.db"

    @property
    def table(self) -> str:
        return f"loaded_{self.number}"

    @property
    def columns(self) -> list[Any]:
        from sqlalchemy import Float, Integer, String

        kinds = {"id": Integer(), "name": String(64), "amount": Float(), "note": String(64)}
        return [([name, kind], {}) for name, kind in kinds.items()]

    def rows(self) -> Iterator[tuple[Any, ...]]:
        return given_rows()


class MariaDbLoad(mysqldb.CopyToTable):
    number = luigi.IntParameter()
    port = luigi.IntParameter(significant=False)
    host, database, user, password = "127.0.0.1", "loads", "root", ""
    columns = [("id", "INT"), ("name", "VARCHAR(64)"), ("amount", "DOUBLE"), ("note", "VARCHAR(64)")]

    @property
    def table(self) -> str:
        return f"loaded_{self.number}"

    def rows(self) -> Iterator[tuple[Any, ...]]:
        return given_rows()


def bare_sqlite(number: int) -> None:
    import sqlite3

    with closing(sqlite3.connect("loads.db")) as connection, connection:
        connection.execute(f"CREATE TABLE bare_{number} (id INTEGER, name TEXT, amount FLOAT, note TEXT)")
        for some in in_chunks(5000):
            connection.executemany(f"INSERT INTO bare_{number} (id, name, amount, note) VALUES (?, ?, ?, ?)", some)


def bare_mariadb(port: int, number: int) -> None:
    import mysql.connector

    with closing(mysql.connector.connect(host="127.0.0.1", port=port, user="root", database="loads")) as connection:
        cursor = connection.cursor()
        cursor.execute(f"CREATE TABLE bare_{number} (id INT, name VARCHAR(64), amount DOUBLE, note VARCHAR(64))")
        for some in in_chunks(10_000):
            cursor.executemany(f"INSERT INTO bare_{number} (id, name, amount, note) VALUES (%s, %s, %s, %s)", some)
        connection.commit()


def run(task: luigi.Task) -> None:
    task.run()
    assert task.complete()


def timed(act: Callable[[], None]) -> tuple[float, float]:
    """Seconds of CPU and of the clock."""
    before = cpu(), time.perf_counter()
    act()
    return cpu() - before[0], time.perf_counter() - before[1]


def compare(load: Callable[[int], None], bare: Callable[[int], None]) -> None:
    acts = {"load": load, "bare-load": bare}
    found = [{block: timed(lambda act=act, n=n: act(n)) for block, act in acts.items()} for n in range(rounds)]
    for block in acts:
        cpus, walls = zip(*(one[block] for one in found), strict=True)
        show(block, cpu=statistics.median(cpus), wall=statistics.median(walls))


if kind == "sqlite":
    compare(lambda number: run(SqliteLoad(number=number)), bare_sqlite)
else:
    with mariadb() as port:
        compare(lambda number: run(MariaDbLoad(number=number, port=port)), lambda number: bare_mariadb(port, number))

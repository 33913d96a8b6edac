"""What can go wrong with a database, in our words. What the driver said is the cause."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from luigi.errors import KernelError


class SqlError(KernelError):
    """A database does not do as asked. `__cause__` is the driver's error, if it raised one."""


class DatabaseAway(SqlError, ConnectionError):
    """No connection can be made: the server does not answer, or lets this user not in."""

    def __init__(self, place: str, said: object) -> None:
        super().__init__(f"{place}: no connection can be made: {one_line(said)}")
        self.hint = "see whether the server runs there, and whether host, port, database, user and password are right"


class WrongPort(SqlError, ValueError):
    """What stands behind the colon of a host is no port."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host!r} has no port behind its colon", hint="such as localhost:5432, or the host alone")


class TableNotDescribed(SqlError, NotImplementedError):
    """A table is to be made of which nobody said what it is like."""

    def __init__(self, table: str) -> None:
        super().__init__(f"create_table() not implemented for {table!r} and columns types not specified")
        self.hint = "give columns as (name, type), override create_table(), or make the table before"


class NothingToReflect(SqlError):
    """The columns are to be those of a table that is not there."""

    def __init__(self, table: str) -> None:
        super().__init__(f"there is no table {table} whose columns could be used")
        self.hint = "make it before, see schema, or give columns and leave reflect out"


class NothingToLoad(SqlError):
    """A task that loads a table does not say which, or into which columns."""

    def __init__(self, task: object) -> None:
        super().__init__(f"{task}: table and columns need to be specified")
        self.hint = "table = 'orders'; columns = [('id', 'INT'), ('day', 'DATE')]"


class WrongColumns(SqlError, TypeError):
    """What stands in `columns` is no column."""

    def __init__(self, column: object, expected: str) -> None:
        super().__init__(f"columns has {column!r}, which is not {expected}")


class WrongRow(SqlError, ValueError):
    """A row has more or fewer values than there are columns."""

    def __init__(self, table: str, row: object, expected: int) -> None:
        super().__init__(f"{table}: a row does not have {expected} values, as there are columns: {_shortened(row)}")
        self.hint = "see rows(), and column_separator where they come from a file"


class NotReadable(SqlError, NotImplementedError):
    """A target in a database was opened: it is a note that rows were loaded, not the rows."""

    def __init__(self, target: object) -> None:
        super().__init__(f"Cannot open() {type(target).__name__}")
        self.hint = "read the table with the database's own client: connect() or engine"


class MarkerTaken(SqlError):
    """The marker table, as Luigi has made it, has room for one table for each update_id, and has another."""

    def __init__(self, update_id: str, table: str, marker_table: str) -> None:
        super().__init__(f"update_id {update_id!r} is noted in {marker_table} for another table than {table}")
        self.hint = f"give it another update_id, or make (update_id, target_table) the primary key of {marker_table}"


_HINTS: Final[Mapping[str, str]] = {
    "42501": "grant this user what it may not do yet",
    "42000": "see whether the names and types are right, and whether this user may do that",
    "3F000": "make the schema first: CREATE SCHEMA",
    "42P01": "make the table first, or give columns as (name, type)",
    "42703": "see columns: their names must be those of the table",
    "42704": "see columns: their types must be those of the database",
    "57014": "see statement_timeout of this user and database",
    "08S01": "is a statement longer than the server's max_allowed_packet? send fewer rows by bulk_size, or chunk_size",
}
_HINTS_BY_CLASS: Final[Mapping[str, str]] = {
    "22": "see rows(): the database takes no such value there",
    "23": "see rows(): they break a rule of the table",
}


_LOST: Final = frozenset({2006, 2013, 2055})
"""MySQL's numbers for a connection that has ended, which have no SQLSTATE: the server is not there to give one."""


def state_of(error: object) -> str:
    """The SQLSTATE that a driver's error has, or nothing."""
    if getattr(error, "errno", None) in _LOST:
        return "08S01"
    return str(getattr(error, "sqlstate", None) or getattr(error, "pgcode", None) or _facts(error).get("C", ""))


def words_of(error: object) -> object:
    """What a driver's error says. One of SQLAlchemy has that within, one of pg8000 has much beside it."""
    said = getattr(error, "orig", None) or error
    return _facts(said).get("M", said)


def _facts(error: object) -> Mapping[str, Any]:
    """What the server sent of an error, where its driver is pg8000."""
    first = next(iter(getattr(error, "args", ())), None)
    return first if isinstance(first, dict) else {}


def refused(place: object, table: str | None, state: str, said: object) -> SqlError:
    """What a statement about a table that failed becomes. `state` is its SQLSTATE, or empty."""
    hint = _HINTS.get(state) or _HINTS_BY_CLASS.get(state[:2], "")
    return SqlError(f"{place}, table {table}: {one_line(said)}", hint=hint)


def one_line(said: object) -> str:
    """A message of several lines in one."""
    return " ".join(str(said).split()) or type(said).__name__


def _shortened(row: object) -> str:
    shown = repr(row)
    return shown if len(shown) <= 200 else f"{shown[:200]}…"

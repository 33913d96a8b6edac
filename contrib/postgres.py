"""PostgreSQL: tasks that load a table by COPY, or carry out a statement, and the target that notes it.

`pip install "luigi-kernel[postgres]"` brings psycopg 3; psycopg2 and pg8000 are used where LUIGI_PGSQL_DRIVER says so.
Options are in the section `[postgres]`.
"""

from __future__ import annotations

from typing import Any

from luigi.contrib._sql import postgres_drivers
from luigi.contrib._sql.postgres_dialect import DUPLICATE_TABLE, UNDEFINED_TABLE
from luigi.contrib._sql.postgres_target import PostgresTarget
from luigi.contrib._sql.postgres_tasks import CopyToTable, PostgresQuery
from luigi.contrib._sql.postgres_text import MultiReplacer, default_escape
from luigi.errors import MissingExtra
from luigi.extras import Absent

__all__ = [
    "DB_ERROR_CODES",
    "ERROR_DUPLICATE_TABLE",
    "ERROR_UNDEFINED_TABLE",
    "CopyToTable",
    "MultiReplacer",
    "PostgresQuery",
    "PostgresTarget",
    "db_error_code",
    "default_escape",
    "update_error_codes",
]

ERROR_DUPLICATE_TABLE = "duplicate_table"
ERROR_UNDEFINED_TABLE = "undefined_table"

DB_ERROR_CODES: dict[str, str] = {}
"""Names of SQLSTATEs."""


def update_error_codes() -> None:
    """Fill DB_ERROR_CODES. The codes are the server's, and so the same with every driver."""
    DB_ERROR_CODES.update({DUPLICATE_TABLE: ERROR_DUPLICATE_TABLE, UNDEFINED_TABLE: ERROR_UNDEFINED_TABLE})


update_error_codes()


def db_error_code(exception: BaseException) -> str | None:
    """The name of what a driver's error says, if it is in DB_ERROR_CODES."""
    return DB_ERROR_CODES.get(postgres_drivers.driver().sqlstate(exception))


def __getattr__(name: str) -> Any:
    """`DB_DRIVER`, the driver's name, and `dbapi`, its module, which is imported by who asks for it."""
    if name == "DB_DRIVER":
        return postgres_drivers.driver_name()
    if name == "dbapi":
        try:
            return postgres_drivers.driver().module
        except MissingExtra as error:
            return Absent(error)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

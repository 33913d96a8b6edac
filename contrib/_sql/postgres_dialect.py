"""How PostgreSQL says what is there and what went wrong, whichever driver is used: by SQLSTATE, the server's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from luigi.contrib._sql.connecting import is_for_a_while
from luigi.contrib._sql.errors import SqlError, refused, words_of
from luigi.contrib._sql.names import POSTGRES, beside_values
from luigi.contrib._sql.postgres_drivers import driver

UNDEFINED_TABLE: Final = "42P01"
DUPLICATE_TABLE: Final = "42P07"

_STARTING: Final = "57P03"
_FULL: Final = "53300"


class PostgresDialect:
    """What a load has to know."""

    @property
    def errors(self) -> type[BaseException]:
        """What the driver raises."""
        return driver().module.Error  # type: ignore[no-any-return]

    def is_duplicate(self, error: BaseException) -> bool:
        """Whether a table is there already: also what one of two gets who make it at once, from the catalogue."""
        return driver().sqlstate(error) in (DUPLICATE_TABLE, "42710", "23505")

    def is_undefined(self, error: BaseException) -> bool:
        """Whether a table is missing."""
        return driver().sqlstate(error) == UNDEFINED_TABLE

    def has_table(self, connection: Any, table: str) -> bool:
        """Whether there is that table; to ask in this way needs no right to it, and fails no transaction."""
        cursor = connection.cursor()
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", (POSTGRES.table(table),))
        return bool(cursor.fetchone()[0])

    def noting(self, table: str, columns: Sequence[str]) -> str:
        """The statement that notes work once, and does nothing where that stands there; it has places for values."""
        return f"{insertion(table, columns)} ON CONFLICT DO NOTHING"

    def in_our_words(self, place: object, table: str, error: BaseException) -> SqlError:
        """What the user is to see."""
        return refused(place, table, driver().sqlstate(error), words_of(error))


def insertion(table: str, columns: Sequence[str]) -> str:
    """The statement that adds one row. It has places for values."""
    places = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {beside_values(POSTGRES.table(table))} ({', '.join(columns)}) VALUES ({places})"


def is_answer(error: BaseException) -> bool:
    """Whether the server has refused a connection, for a reason that time does not mend."""
    said = str(error)
    state = driver().sqlstate(error)
    if state:
        return state not in (_STARTING, _FULL)
    return "FATAL:" in said and not is_for_a_while(said)  # libpq gives no code of a connection that was never made

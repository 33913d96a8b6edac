"""What Redshift says otherwise than PostgreSQL, or does not have: its version is of 2005, and it enforces no keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from luigi.contrib._sql.errors import SqlError
from luigi.contrib._sql.names import POSTGRES
from luigi.contrib._sql.postgres_dialect import PostgresDialect, insertion
from luigi.contrib._sql.postgres_drivers import driver

_HINTS: Final[Mapping[str, str]] = {
    "serializable isolation violation": "another transaction has changed the same tables: run it again",
    "access denied": "let these credentials, or this role, read or write there",
    "invalidaccesskeyid": "see aws_access_key_id: S3 does not know it",
    "signaturedoesnotmatch": "see aws_secret_access_key: it is not that of the key",
    "expiredtoken": "lend credentials anew, or use a role",
    "not authorized to assume": "attach the role of aws_arn_role_name to the cluster",
    "specified bucket does not exist": "make the bucket first",
    "specified s3 prefix": "see s3_load_path: nothing in S3 begins so",
    "must be addressed using the specified endpoint": "say where the bucket is: REGION 'eu-central-1' in the options",
    "already exist. please use allowoverwrite": "add ALLOWOVERWRITE to unload_options, or unload to another place",
}

_RELATION: Final = """
    SELECT 1 FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
"""
_ENDED_BY_ADMINISTRATOR: Final = "57P01"


class RedshiftDialect(PostgresDialect):
    """What a load has to know.

    It asks the catalogue: that is locked by nobody, where a table that is read in a transaction, and written in two at
    a time, would be a violation of isolation. Names there are in lower case, unless a cluster tells them apart.
    """

    def has_table(self, connection: Any, table: str) -> bool:
        """Whether there is that table."""
        where, values = _is_table(table)
        return _finds(connection.cursor(), f"{_RELATION} WHERE c.relkind IN ('r', 'v') AND {where}", values)

    def has_column(self, cursor: Any, table: str, column: str) -> bool:
        """Whether the table has such a column."""
        where, values = _is_table(table)
        query = (
            f"{_RELATION} JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid WHERE a.attname IN (%s, %s) AND {where}"
        )
        return _finds(cursor, query, [*_spellings(column), *values])

    def has_schema(self, cursor: Any, schema: str) -> bool:
        """Whether there is that schema."""
        return _finds(cursor, "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname IN (%s, %s)", _spellings(schema))

    def noting(self, table: str, columns: Sequence[str]) -> str:
        """The statement that notes work, also where that stands there. It has places for values."""
        return insertion(table, columns)

    def in_our_words(self, place: object, table: str, error: BaseException) -> SqlError:
        """What the user is to see."""
        said = super().in_our_words(place, table, error)
        text = str(error).casefold()
        said.hint = next((hint for part, hint in _HINTS.items() if part in text), said.hint)
        return said

    def is_lost(self, error: BaseException) -> bool:
        """Whether the connection has ended, so that the server gave no answer, or that as its last."""
        state = driver().sqlstate(error)
        return state in ("", _ENDED_BY_ADMINISTRATOR) or state.startswith("08")


DIALECT: Final = RedshiftDialect()


def schema_of(table: str) -> str | None:
    """The schema that a table's name has, as it was written."""
    parts = POSTGRES.parts(table)
    return parts[-2] if len(parts) > 1 else None


def _is_table(table: str) -> tuple[str, list[str]]:
    names, schema = _spellings(POSTGRES.parts(table)[-1]), schema_of(table)
    if schema is None:
        return "c.relname IN (%s, %s) AND pg_catalog.pg_table_is_visible(c.oid)", names
    return "c.relname IN (%s, %s) AND n.nspname IN (%s, %s)", [*names, *_spellings(schema)]


def _spellings(part: str) -> list[str]:
    name = POSTGRES.meaning(part)
    return [name, name.lower()]


def _finds(cursor: Any, query: str, values: Sequence[str]) -> bool:
    cursor.execute(f"{query} LIMIT 1", tuple(values))
    return cursor.fetchone() is not None

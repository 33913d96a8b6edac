"""Engines of SQLAlchemy: one for each database and process, with time-outs, and what goes wrong put in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from luigi.contrib._sql import mysql_dialect, settings
from luigi.contrib._sql.connecting import connected, is_for_a_while
from luigi.contrib._sql.errors import SqlError, refused, state_of, words_of
from luigi.extras import need

TIMEOUTS: Final = {
    "psycopg": "connect_timeout",
    "psycopg2": "connect_timeout",
    "pg8000": "timeout",
    "mysqlconnector": "connection_timeout",
    "pymysql": "connect_timeout",
    "mysqldb": "connect_timeout",
    "pymssql": "login_timeout",
}
"""What drivers call the time that a connection may take. Of others the usual time is not known."""

EXAMPLES: Final = "such as postgresql+psycopg://user:password@host/database, or sqlite:///file.db"


def sqlalchemy() -> Any:
    """The library. Raises MissingExtra."""
    return need("sqlalchemy", "sql", "luigi.contrib.sqla")


def engine_for(connection_string: str, echo: bool, connect_args: Mapping[str, Any]) -> Any:
    """A new engine; nothing is connected to yet. Raises SqlError for what is no address of a database."""
    library = sqlalchemy()
    try:
        url = library.make_url(connection_string)
        told = {**_timeout(url), **connect_args}
        return library.create_engine(url, connect_args=told, echo=echo, pool_pre_ping=True)
    except library.exc.NoSuchModuleError as error:
        raise SqlError(f"SQLAlchemy knows no such database: {error}", hint=EXAMPLES) from None
    except (library.exc.ArgumentError, ValueError):  # which may show it, with the password; the other, of a port
        raise SqlError("connection_string is no address of a database", hint=EXAMPLES) from None
    except ModuleNotFoundError as error:
        hint = "install it, or name another behind a plus: postgresql+psycopg://…, mysql+mysqlconnector://…"
        raise SqlError(f"{shown(url)}: its driver is not installed: {error}", hint=hint) from error


def connection_of(engine: Any) -> Any:
    """A connection, in which a transaction begins with the first statement. Raises DatabaseAway."""
    errors = sqlalchemy().exc.DBAPIError
    return connected(shown(engine.url), engine.connect, errors, _is_answer, settings.connect_attempts("sqlalchemy"))


def make(engine: Any, table: Any) -> None:
    """Make a table, in a transaction of its own, unless it is there. Raises SQLAlchemy's errors."""
    inspect = sqlalchemy().inspect
    with connection_of(engine) as connection:
        if inspect(connection).has_table(table.name, table.schema):
            return
    try:
        table.create(engine)
    except sqlalchemy().exc.DBAPIError:
        if not inspect(engine).has_table(table.name, table.schema):  # else another task has made it meanwhile
            raise


@contextmanager
def explained(engine: Any, table: str | None) -> Iterator[None]:
    """What the database and SQLAlchemy raise becomes SqlError. What they say of values is left out: it may be long."""
    try:
        yield
    except sqlalchemy().exc.SQLAlchemyError as error:
        state = state_of(getattr(error, "orig", None) or error)
        raise refused(shown(engine.url), table, state, words_of(error)) from error


def shown(url: Any) -> str:
    """An address without the password, and without options, among which there may be another."""
    return str(url.set(query={}).render_as_string(hide_password=True))


def _timeout(url: Any) -> dict[str, Any]:
    name = TIMEOUTS.get(url.get_driver_name())
    return {} if name is None or name in url.query else {name: round(settings.connect_timeout("sqlalchemy"))}


def _is_answer(error: Any) -> bool:
    """Whether a database has refused a connection, as far as drivers let one know."""
    said = str(error.orig)
    from_mysql = isinstance(getattr(error.orig, "errno", None), int) and mysql_dialect.is_answer(error.orig)
    from_sqlite = type(error.orig).__module__.startswith("sqlite3")
    return from_sqlite or from_mysql or ("FATAL:" in said and not is_for_a_while(said))

"""The way to the database: its address, the driver for it, and errors that say which of them pass by themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from luigi.errors import ConfigurationError, KernelError
from luigi.extras import need

if TYPE_CHECKING:
    from sqlalchemy import URL, Engine

_DRIVERS: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "postgresql": ("postgres", {"psycopg": "postgresql+psycopg", "psycopg2": "postgresql+psycopg2"}),
    "mysql": ("mysql", {"mysql.connector": "mysql+mysqlconnector", "MySQLdb": "mysql", "pymysql": "mysql+pymysql"}),
    "mariadb": ("mysql", {"mysql.connector": "mysql+mysqlconnector", "MySQLdb": "mysql", "pymysql": "mysql+pymysql"}),
}
"""Address that names no driver → our extra for it, and what it becomes with the first of these modules there is."""

_PATIENCE: Final[Mapping[str, Mapping[str, int]]] = {
    "pysqlite": {"timeout": 30},
    "psycopg": {"connect_timeout": 10},
    "psycopg2": {"connect_timeout": 10},
    "mysqlconnector": {"connection_timeout": 10},
    "pymysql": {"connect_timeout": 10},
    "mysqldb": {"connect_timeout": 10},
}
"""Seconds until a driver gives up connecting, or waiting for another writer."""


class HistoryError(KernelError):
    """The history's database cannot be used, or not for this."""


class HistoryAway(HistoryError, OSError):
    """The history's database cannot be reached, or not now."""


def engine_for(db_connection: str) -> Engine:
    """What connects to the database, when it is asked to.

    Raises ConfigurationError for an address that is none, MissingExtra without SQLAlchemy or the driver.
    """
    sa: Any = need("sqlalchemy", "sql", "the task history")
    url = _url(sa, db_connection)
    options: dict[str, Any] = {}
    arguments: dict[str, Any] = dict(_PATIENCE.get(url.get_driver_name(), {}))
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        options["poolclass"] = sa.StaticPool  # one database for all threads, not one for each
        arguments["check_same_thread"] = False
    try:
        engine: Engine = sa.create_engine(
            url, hide_parameters=True, pool_pre_ping=True, connect_args=arguments, **options
        )
    except ImportError as error:
        raise HistoryError(
            f"[task_history] db_connection: {url.drivername} needs a driver that is not installed: {error}",
            hint="install it, or name one that is: postgresql+psycopg://…, mysql+mysqlconnector://…",
        ) from error
    return engine


def _url(sa: Any, db_connection: str) -> URL:
    try:
        url: URL = sa.make_url(db_connection)
        url.get_dialect()
    except (sa.exc.ArgumentError, ValueError):  # ValueError: a port that is no number
        raise ConfigurationError(
            "[task_history] db_connection is not an address that SQLAlchemy knows",
            hint="such as sqlite:////var/lib/luigi.db or postgresql://user:password@host/database",
        ) from None  # the error shows the address, with the password
    return url.set(drivername=_with_driver(url.drivername)) if url.drivername in _DRIVERS else url


def _with_driver(backend: str) -> str:
    """Which driver is SQLAlchemy's first choice depends on its version; what counts is which is installed."""
    extra, drivers = _DRIVERS[backend]
    for module, address in drivers.items():
        if _is_installed(module):
            return address
    need(next(iter(drivers)), extra, f"the task history in {backend}")
    return backend


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # not even the package around it
        return False


def place(engine: Engine) -> str:
    """Where it is, for people: without user, password and options, any of which may be secret."""
    url = engine.url
    host = f"{url.host}:{url.port}" if url.port else url.host or ""
    return f"{url.get_backend_name()}://{host}/{url.database or ''}"


@contextmanager
def explained(engine: Engine) -> Iterator[None]:
    """Errors of the database become ours: HistoryAway for what time may mend, HistoryError for the rest."""
    from sqlalchemy import exc

    try:
        yield
    except exc.DBAPIError as error:
        passes = (exc.OperationalError, exc.InterfaceError, exc.InternalError, exc.ProgrammingError)
        kind = HistoryAway if isinstance(error, passes) else HistoryError
        sentence = f"the task history in {place(engine)} cannot be used: {_said(error)}"
        raise kind(
            sentence, hint="see [task_history] db_connection, and whether this user may read and write there"
        ) from error
    except exc.TimeoutError as error:
        raise HistoryAway(f"the task history in {place(engine)} gives no connection: {error}") from error


def _said(error: Any) -> str:
    """What the driver said, on one line."""
    return " ".join(str(error.orig).split())

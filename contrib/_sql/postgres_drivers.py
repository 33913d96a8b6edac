"""The three drivers that `luigi.contrib.postgres` can use: what differs between them.

`LUIGI_PGSQL_DRIVER`, or `[postgres] driver`, names one; else it is the first of these that is installed.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable
from datetime import timedelta
from enum import Enum
from functools import cached_property
from importlib.util import find_spec
from types import ModuleType
from typing import Any, BinaryIO, Final, Protocol
from uuid import UUID

from luigi.contrib._sql import settings
from luigi.errors import ConfigurationError, did_you_mean
from luigi.extras import need

BLOCK: Final = 256 * 1024
"""Bytes of a load that are sent at a time."""

_PATIENCE: Final = {"keepalives": 1, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
"""A minute without a sign of the server's machine ends a connection, where libpq makes it."""


_WRITTEN_OTHERWISE: Final = (object, bool, list, tuple, dict, UUID, timedelta, Enum)
"""Types that psycopg writes in a way of its own, or not at all, where all drivers are to load the same."""


class Driver(Protocol):
    """A DB-API module, and what is not the same in all of them."""

    @property
    def module(self) -> ModuleType:
        """The module itself. Raises MissingExtra."""
        ...

    def connect(self, host: str, port: int, database: str, user: str, password: str, timeout: float) -> Any:
        """A connection that speaks UTF-8. Raises the driver's errors."""
        ...

    def copy(self, cursor: Any, statement: str, file: BinaryIO) -> None:
        """Carry out a COPY … FROM STDIN with what is in the file."""
        ...

    def sqlstate(self, error: BaseException) -> str:
        """The code that the server gave an error, or nothing."""
        ...


class _Libpq:
    """What the two that use PostgreSQL's own library have in common."""

    name: str

    @property
    def module(self) -> ModuleType:
        return need(self.name, "postgres", "luigi.contrib.postgres")

    def connect(self, host: str, port: int, database: str, user: str, password: str, timeout: float) -> Any:
        return self.module.connect(
            host=host,
            port=port,
            dbname=database,
            user=user,
            password=password,
            client_encoding="utf8",
            connect_timeout=max(2, round(timeout)),  # libpq takes one second for two
            **_PATIENCE,
            **self._more(),
        )

    def _more(self) -> dict[str, Any]:
        return {}


class Psycopg(_Libpq):
    """Psycopg 3."""

    name = "psycopg"

    def _more(self) -> dict[str, Any]:
        # As in psycopg2, whatever statement can have values, and one execute() several statements.
        return {"cursor_factory": self.module.ClientCursor}

    def copy(self, cursor: Any, statement: str, file: BinaryIO) -> None:
        with cursor.copy(statement) as copy:
            while block := file.read(BLOCK):
                copy.write(block)

    def copy_rows(self, cursor: Any, statement: str, rows: Iterable[Any]) -> None:
        """Carry out a COPY … FROM STDIN with rows as they come: the driver writes them, which it does fast."""
        for kind in _WRITTEN_OTHERWISE:
            cursor.adapters.register_dumper(kind, self._text_dumper)
        with cursor.copy(statement) as copy:
            write = copy.write_row
            for row in rows:
                write(row if row.__class__ is tuple or row.__class__ is list else list(row))

    @cached_property
    def _text_dumper(self) -> type:
        """Writes a value as `str` does."""

        class TextDumper(need("psycopg.adapt", "postgres").Dumper):  # type: ignore[misc]
            def dump(self, obj: Any) -> bytes:
                return str(obj).encode()

        return TextDumper

    def sqlstate(self, error: BaseException) -> str:
        return getattr(error, "sqlstate", None) or ""


class Psycopg2(_Libpq):
    """Psycopg 2."""

    name = "psycopg2"

    def copy(self, cursor: Any, statement: str, file: BinaryIO) -> None:
        cursor.copy_expert(statement, file, BLOCK)

    def sqlstate(self, error: BaseException) -> str:
        return getattr(error, "pgcode", None) or ""


class Pg8000:
    """pg8000, which is written in Python alone."""

    name = "pg8000"

    @property
    def module(self) -> ModuleType:
        return need("pg8000.dbapi", "postgres", "luigi.contrib.postgres")

    def connect(self, host: str, port: int, database: str, user: str, password: str, timeout: float) -> Any:
        line = socket.create_connection((host, port), timeout)
        try:
            connection = self.module.connect(user, host, database, port, password or None, sock=line)
        except BaseException:
            line.close()
            raise
        line.settimeout(None)  # or it would be the time-out of every answer
        return connection

    def copy(self, cursor: Any, statement: str, file: BinaryIO) -> None:
        cursor.execute(statement, stream=file)

    def sqlstate(self, error: BaseException) -> str:
        facts = error.args[0] if error.args else None
        return facts.get("C", "") if isinstance(facts, dict) else ""


_DRIVERS: Final[dict[str, Driver]] = {"psycopg": Psycopg(), "psycopg2": Psycopg2(), "pg8000": Pg8000()}


def driver_name() -> str:
    """Which one is used: psycopg where none is installed, so that the error names what to install."""
    chosen = os.environ.get("LUIGI_PGSQL_DRIVER") or settings.text("postgres", "driver")
    return chosen or next(filter(_is_installed, _DRIVERS), "psycopg")


def _is_installed(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:  # some finders raise it
        return False


def driver() -> Driver:
    """The one that is used. Raises ConfigurationError for one that there is not."""
    name = driver_name()
    if name not in _DRIVERS:
        hint = did_you_mean(name, _DRIVERS) or f"there are {', '.join(_DRIVERS)}"
        raise ConfigurationError(f"LUIGI_PGSQL_DRIVER or [postgres] driver: there is no driver {name}", hint=hint)
    return _DRIVERS[name]

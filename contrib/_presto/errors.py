"""What can go wrong with a query, in our words. What PyHive or requests said is the cause."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from luigi.contrib._sql.errors import DatabaseAway, SqlError, one_line
from luigi.errors import ConfigurationError
from luigi.extras import need

EXTRA = "presto"
WHO = "luigi.contrib.presto"

_NO_TABLE: Final = frozenset({"TABLE_NOT_FOUND", "SCHEMA_NOT_FOUND"})
_NO_TABLE_SAID: Final = re.compile(r"(Table|Schema)\b.* does not exist")
"""How Presto says it, which calls that a wrong statement."""

_HINTS: Final[Mapping[str, str]] = {
    "ADMINISTRATIVELY_KILLED": "ask those who run the server why they have ended it",
    "CATALOG_NOT_FOUND": "see catalog, of the task or of [presto]",
    "EXCEEDED_TIME_LIMIT": "see query_max_run_time, which session_props may raise",
    "PERMISSION_DENIED": "grant this user what it may not do yet",
    "QUERY_QUEUE_FULL": "run it again when the server has less to do",
    "SCHEMA_NOT_FOUND": "see database, and catalog",
    "SYNTAX_ERROR": "the server takes one statement at a time, without a semicolon behind it",
    "TABLE_NOT_FOUND": "see table and database, or make the table first",
}


class QueryFailed(SqlError):
    """The server has refused a query, or given it up. `name` is what it calls the reason, such as TABLE_NOT_FOUND."""

    def __init__(self, place: object, facts: Mapping[str, Any]) -> None:
        self.name = str(facts.get("errorName") or "")
        self.message = one_line(facts.get("message") or facts)
        said = f"{self.name}: {self.message}" if self.name else self.message
        super().__init__(f"{place}: {said}", hint=_HINTS.get(self.name, ""))

    @property
    def misses_table(self) -> bool:
        """Whether a table, or the schema it would be in, is not there."""
        return self.name in _NO_TABLE or (self.name in ("", "SYNTAX_ERROR") and self._says_so())

    def _says_so(self) -> bool:
        return _NO_TABLE_SAID.search(self.message) is not None


class NothingToCarryOut(SqlError):
    """A task does not say what to do."""

    def __init__(self, task: object) -> None:
        super().__init__(f"{task}: query needs to be specified", hint="query = 'INSERT INTO … SELECT …'")


class WrongMode(SqlError, ValueError):
    """A query can be watched, or its rows fetched."""

    def __init__(self, mode: object) -> None:
        super().__init__(f"{mode!r} is not a valid mode", hint="use 'watch', or 'fetch'")


@contextmanager
def explained(place: object) -> Iterator[None]:
    """Turn errors of PyHive and requests into QueryFailed and DatabaseAway."""
    pyhive, requests = need("pyhive.exc", EXTRA, WHO), need("requests", EXTRA, WHO)
    try:
        yield
    except requests.exceptions.SSLError as error:
        away = DatabaseAway(str(place), error)
        away.hint = "name a file of certificates to trust in [presto] verify, or say protocol = http"
        raise away from error
    except (pyhive.OperationalError, requests.RequestException) as error:
        raise DatabaseAway(str(place), error) from error
    except pyhive.DatabaseError as error:
        facts = error.args[0] if error.args else {}
        raise QueryFailed(place, facts if isinstance(facts, dict) else {"message": facts}) from error


@contextmanager
def configured(place: object) -> Iterator[None]:
    """What PyHive thinks wrong of the options of a connection, as an error of the configuration."""
    try:
        yield
    except ValueError as error:
        raise ConfigurationError(f"{place}: {one_line(error)}", hint="see [presto], and options of the task") from error
    except ModuleNotFoundError as error:  # for Kerberos
        raise ConfigurationError(f"{place}: {error}", hint=f"pip install {error.name}") from error

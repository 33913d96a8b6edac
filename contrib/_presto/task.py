"""PrestoTask: carries out a query in Presto or Trino, and shows how far it is; whoever ends the task ends the query."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from itertools import groupby
from typing import Any

from luigi.contrib import rdbms
from luigi.contrib._jobs.ending import ending
from luigi.contrib._presto.client import PrestoClient
from luigi.contrib._presto.connection import connection_for
from luigi.contrib._presto.errors import NothingToCarryOut
from luigi.contrib._presto.settings import presto, verified
from luigi.contrib._presto.target import PrestoTarget
from luigi.contrib._sql.connecting import Place
from luigi.task_register import Register


class WithPrestoClient(Register):
    """Gives task classes a `_client`, for whose connection attributes of the task are options of PyHive's."""

    def __new__(mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any) -> Register:
        has_one = any(hasattr(base, "_client") for base in bases)
        given = {} if has_one else {"_client": property(_client_of)}
        return super().__new__(mcs, name, bases, {**given, **namespace}, **options)


def _client_of(task: Any) -> PrestoClient:
    """A new one, for the server that the task names."""
    place = Place(presto().dialect, task.host, task.port, f"{task.catalog}/{task.schema}", task.username)
    return PrestoClient(connection_for(task), task.poll_interval, place)


class PrestoTask(rdbms.Query, metaclass=WithPrestoClient):
    """Carries out `query`, and is complete once `table`, or the `partition` of it, has rows.

    Where the server is, and who asks, is said in `[presto]` unless the task says it. What else PyHive's connections
    take may be attributes of the task, too, such as `principal_username` and `KerberosRemoteServiceName`.
    """

    query: str | None = None  # type: ignore[assignment]
    """One statement, without a semicolon."""

    _client: Any

    @property
    def host(self) -> str:
        """The server."""
        return str(presto().host)

    @property
    def port(self) -> int:
        """Its port."""
        return int(presto().port)

    @property
    def user(self) -> str:
        """Who asks."""
        return str(presto().user)

    @property
    def username(self) -> str:
        """The same, as PyHive calls it."""
        return self.user

    @property
    def password(self) -> str | None:  # type: ignore[override]
        """With which password, if any."""
        found: str | None = presto().password
        return found

    @property
    def catalog(self) -> str:
        """Where the database is looked for."""
        return str(presto().catalog)

    @property
    def schema(self) -> str:
        """Where tables without a database in front are looked for."""
        return self.database

    @property
    def protocol(self) -> str:
        """`https`, or `http`."""
        return str(presto().protocol)

    @property
    def poll_interval(self) -> float:
        """Seconds between two looks at the query."""
        return float(presto().poll_interval)

    @property
    def source(self) -> str:
        """By what name operators of the server see who asks."""
        return "pyhive"

    @property
    def partition(self) -> Mapping[str, Any] | None:
        """The part of the table that the query fills: names of columns, and their values."""
        return None

    @property
    def session_props(self) -> Mapping[str, str] | None:
        """Properties of the session, such as `{"query_max_run_time": "2h"}`."""
        return None

    @property
    def requests_session(self) -> Any:
        """A `requests.Session` to ask by, instead of one that asks again when the server is away."""
        return None

    @property
    def requests_kwargs(self) -> Mapping[str, Any]:
        """More arguments of requests, such as `{"auth": …}`."""
        return {"verify": verified(presto().verify)}

    def output(self) -> PrestoTarget:
        """The table, or its partition."""
        return PrestoTarget(self._client, self.catalog, self.database, self.table, self.partition)

    def run(self) -> None:
        """Carry out the query. Raises NothingToCarryOut, QueryFailed and DatabaseAway."""
        if not self.query:
            raise NothingToCarryOut(self)
        client = self._client
        with closing(client.execute(self.query)) as steps, ending(steps.close):
            seen = ((client.info_uri, client.percentage_progress) for _ in steps)
            for (page, done), _ in groupby(seen):  # what has not changed is not said again
                if page:
                    self.set_tracking_url(page)
                self.set_progress_percentage(done)

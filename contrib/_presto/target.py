"""PrestoTarget: a table, or a part of it, that is there once it has rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from luigi.contrib._presto.client import PrestoClient
from luigi.contrib._presto.errors import QueryFailed
from luigi.contrib._sql.names import Quoting, beside_values
from luigi.target import Target

NAMES: Final = Quoting('"')
"""Quotes do no harm here: names are in any letters, quoted or not."""


class PrestoTarget(Target):
    """There once the table has a row, of those whose columns have the values of `partition` if that is given.

    Methods raise QueryFailed and DatabaseAway.
    """

    def __init__(
        self,
        client: PrestoClient,
        catalog: str,
        database: str,
        table: str,
        partition: Mapping[str, Any] | None = None,
    ) -> None:
        self.catalog = catalog
        self.database = database
        self.table = table
        self.partition = partition
        self._client = client

    def __str__(self) -> str:
        return self.table

    def count(self) -> int:
        """How many rows there are. Raises QueryFailed where there is no table."""
        return int(self._asked("SELECT count(*) FROM {}")[0][0])

    def exists(self) -> bool:
        """Whether there are rows."""
        try:
            return bool(self._asked("SELECT 1 FROM {} LIMIT 1"))
        except QueryFailed as error:
            if not error.misses_table:
                raise
            return False

    def _asked(self, query: str) -> list[Any]:
        table = ".".join(map(NAMES.column, (self.catalog, self.database, self.table)))
        if not self.partition:
            return list(self._client.execute(query.format(table), mode="fetch"))
        tests = " AND ".join(_test(name, value) for name, value in self.partition.items())
        values = tuple(value for value in self.partition.values() if value is not None)
        part = f"{beside_values(table)} WHERE {tests}"
        return list(self._client.execute(query.format(part), values, mode="fetch"))


def _test(name: str, value: Any) -> str:
    column = beside_values(NAMES.column(name))
    return f"{column} IS NULL" if value is None else f"{column} = %s"

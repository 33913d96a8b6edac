"""BigQueryTarget: a table or a view, there or not."""

from __future__ import annotations

from typing import Any

from luigi.contrib._bigquery.client import BigQueryClient
from luigi.contrib._bigquery.errors import NoTable
from luigi.contrib._bigquery.tables import BQTable
from luigi.target import Target
from luigi.task import flatten


class BigQueryTarget(Target):
    """A table or a view, there or not. `client` says who asks, unless the section `[bigquery]` says all."""

    client = BigQueryClient()  # which has no connection of its own

    def __init__(
        self,
        project_id: str,
        dataset_id: str,
        table_id: str,
        client: BigQueryClient | None = None,
        location: str | None = None,
    ) -> None:
        self.table = BQTable(project_id, dataset_id, table_id, location)
        if client is not None:
            self.client = client

    @classmethod
    def from_bqtable(cls, table: BQTable, client: BigQueryClient | None = None) -> BigQueryTarget:
        """The target that is that table."""
        return cls(*table[:3], client=client, location=table.location)

    def exists(self) -> bool:
        """Whether it is there. Raises as `BigQueryClient.table_exists`."""
        return self.client.table_exists(self.table)

    def __str__(self) -> str:
        return str(self.table)


def the_table(task: Any, found: Any, what: str) -> BigQueryTarget:
    """What a task puts out, or takes in, which has to be one table. Raises NoTable."""
    targets = flatten(found)
    if len(targets) != 1 or not isinstance(targets[0], BigQueryTarget):
        raise NoTable(task, found, what)
    return targets[0]

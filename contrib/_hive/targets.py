"""Tables of Hive, and partitions of them, as targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import luigi
from luigi.contrib._hive.clients import get_default_client
from luigi.contrib._hive.errors import HiveCommandError, NoSuchTable
from luigi.contrib._hive.names import Partition, in_path

if TYPE_CHECKING:
    from luigi.contrib._hive.client import HiveClient


class HivePartitionTarget(luigi.Target):
    """A partition of a table.

    `partition` is a dict of values by column; one of some of the columns is there once any partition has those. Of a
    table that is not there no partition exists, which is an error when `fail_missing_table`. `client` is by default the
    one that `[hive] release` names.
    """

    def __init__(
        self,
        table: str,
        partition: Partition | None,
        database: str = "default",
        fail_missing_table: bool = True,
        client: HiveClient | None = None,
    ) -> None:
        self.database = database
        self.table = table
        self.partition = partition
        self.client = client or get_default_client()
        self.fail_missing_table = fail_missing_table

    def exists(self) -> bool:
        """Whether it is there. Raises what the client does; HiveCommandError also where there is no table."""
        try:
            return self.client.table_exists(self.table, self.database, self.partition)
        except HiveCommandError:
            if self.fail_missing_table or self.client.table_exists(self.table, self.database):
                raise
            return False

    @property
    def path(self) -> str:
        """The URL of the folder with its rows. Raises NoSuchTable where Hive does not say it."""
        location = self.client.table_location(self.table, self.database, self.partition)
        if not location:
            raise NoSuchTable(f"Hive does not say where {self} is")
        return location

    def __str__(self) -> str:
        which = f" ({in_path(self.partition)})" if self.partition else ""
        return f"{self.database}.{self.table}{which}"


class HiveTableTarget(HivePartitionTarget):
    """A table."""

    def __init__(self, table: str, database: str = "default", client: HiveClient | None = None) -> None:
        super().__init__(table, None, database, fail_missing_table=False, client=client)


class ExternalHiveTask(luigi.ExternalTask):
    """A table, or a partition of one, that something else makes."""

    database: str = luigi.Parameter(default="default")
    table: str = luigi.Parameter()  # type: ignore[misc]  # the order is Luigi's
    partition: Partition = luigi.DictParameter(
        default={}, description='Python dictionary specifying the target partition e.g. {"date": "2013-01-25"}'
    )

    def output(self) -> HivePartitionTarget:
        """The partition; without one, the table."""
        return HivePartitionTarget(self.table, self.partition, self.database)

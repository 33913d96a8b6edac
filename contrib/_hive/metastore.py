"""A client that asks Hive's metastore."""

from __future__ import annotations

from typing import Any

from luigi.contrib._hive.client import HiveClient
from luigi.contrib._hive.errors import NoSuchTable, UnfitPartition
from luigi.contrib._hive.names import Partition, in_path, value_of
from luigi.contrib._hive.thrift import answer


class MetastoreClient(HiveClient):
    """Asks the metastore, three times when it is away. Raises MetastoreAway, MetastoreFailed."""

    def table_location(self, table: str, database: str = "default", partition: Partition | None = None) -> str | None:
        """The URL of the folder with the rows. Raises NoSuchTable, and UnfitPartition."""

        def location(metastore: Any) -> str | None:
            described = metastore.get_table(database, table)
            if partition:
                described = metastore.get_partition(database, table, _values(described, partition, whole=True))
            place: str | None = described.sd.location
            return place

        found: str | None = answer(location)
        return found

    def table_exists(self, table: str, database: str = "default", partition: Partition | None = None) -> bool:
        """Whether there is a table; given a partition, whether it has that, or else NoSuchTable where there is none."""
        if partition:
            return bool(answer(lambda metastore: self._has_partition(metastore, database, table, partition)))
        try:
            answer(lambda metastore: metastore.get_table(database, table))
        except NoSuchTable:
            return False
        return True

    def table_schema(self, table: str, database: str = "default") -> list[tuple[str, ...]]:
        """The columns. Raises NoSuchTable."""
        fields = answer(lambda metastore: metastore.get_schema(database, table))
        return [tuple(filter(None, (field.name, field.type, field.comment))) for field in fields]

    def partition_spec(self, partition: Partition) -> str:
        """By name of the column: `day=2013-01-25/hour=7`."""
        return in_path(dict(sorted(partition.items())))

    def _has_partition(self, metastore: Any, database: str, table: str, partition: Partition) -> bool:
        values = _values(metastore.get_table(database, table), partition)
        names = metastore.get_partition_names_ps(database, table, values, -1)
        wanted = set(self.partition_spec(partition).split("/"))
        return any(wanted <= set(name.split("/")) for name in names)  # it takes values for patterns: some may differ


def _values(described: Any, partition: Partition, *, whole: bool = False) -> list[str]:
    """The values in the table's order, "" for those that may be any."""
    columns = [key.name for key in described.partitionKeys]
    given = {key.lower(): value_of(value) for key, value in partition.items()}
    if given.keys() - set(columns) or (whole and len(given) < len(columns)):
        raise UnfitPartition(f"table {described.tableName} is partitioned by {columns}, not by {sorted(given)}")
    return [given.get(column, "") for column in columns]

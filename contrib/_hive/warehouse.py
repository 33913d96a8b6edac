"""A client that looks for the folders that Hive keeps tables in."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any, NoReturn

from luigi.contrib._hive import settings
from luigi.contrib._hive.client import HiveClient
from luigi.contrib._hive.names import Partition, in_path, path_name

if TYPE_CHECKING:
    import re


class WarehouseHiveClient(HiveClient):
    """Looks into the warehouse: for tables whose folders lie where Hive puts them by itself.

    The keys of a partition have to be in the table's order. `hdfs_client` is any `luigi.target.FileSystem`.
    """

    def __init__(self, hdfs_client: Any = None, warehouse_location: str | None = None) -> None:
        from luigi.contrib.hdfs import get_autoconfig_client

        self.hdfs_client = hdfs_client or get_autoconfig_client()
        self.warehouse_location = warehouse_location or settings.get_hive_warehouse_location()

    def table_schema(self, table: str, database: str = "default") -> NoReturn:
        """Folders do not say what columns there are: NotImplementedError."""
        raise NotImplementedError("folders do not say what columns a table has: ask another client of Hive")

    def table_location(self, table: str, database: str = "default", partition: Partition | None = None) -> str:
        """The path of the folder where the rows have to be."""
        root = self.warehouse_location.rstrip("/")
        within = "" if database.lower() == "default" else f"{path_name(database.lower())}.db/"
        return f"{root}/{within}{path_name(table.lower())}/{self.partition_spec(partition or {})}"

    def table_exists(self, table: str, database: str = "default", partition: Partition | None = None) -> bool:
        """Whether the folder is there, and holds more than files that are ignored."""
        path = self.table_location(table, database, partition)
        if not self.hdfs_client.exists(path):
            return False
        ignored = settings.ignored_files()
        return ignored is None or any(not _is_ignored(ignored, name) for name in self.hdfs_client.listdir(path))

    def partition_spec(self, partition: Partition) -> str:
        """As paths have it: `day=2013-01-25/hour=7`."""
        return in_path(partition)


def _is_ignored(ignored: re.Pattern[str], path: str) -> bool:
    return bool(ignored.match(path) or ignored.match(posixpath.basename(path.rstrip("/"))))

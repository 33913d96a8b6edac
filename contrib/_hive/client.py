"""What every client of Hive can tell about a table."""

from __future__ import annotations

import abc

from luigi.contrib._hive.names import Partition


class HiveClient(metaclass=abc.ABCMeta):
    """Looks up tables. A `partition` is a dict of values by column."""

    @abc.abstractmethod
    def table_location(self, table: str, database: str = "default", partition: Partition | None = None) -> str | None:
        """The URL of the folder with the rows of a table, or of one partition; None where it is not said."""

    @abc.abstractmethod
    def table_schema(self, table: str, database: str = "default") -> list[tuple[str, ...]] | None:
        """The columns of a table: name, type, and where there is one a comment."""

    @abc.abstractmethod
    def table_exists(self, table: str, database: str = "default", partition: Partition | None = None) -> bool:
        """Whether there is a table; given a partition, whether it has that, or one with those values at least."""

    @abc.abstractmethod
    def partition_spec(self, partition: Partition) -> str:
        """A partition as this client writes it down."""

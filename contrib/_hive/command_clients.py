"""Clients that ask the `hive` command."""

from __future__ import annotations

import re
from typing import Final

from luigi.contrib._hive import command, printed, settings
from luigi.contrib._hive.client import HiveClient
from luigi.contrib._hive.names import Partition, identifier, in_statement, literal
from luigi.contrib._jobs.program import Ran

ABSENT: Final = re.compile(r"table (or view )?(not found|.*does not exist|.*cannot be found)", re.IGNORECASE)
"""How releases of Hive say that there is no such table."""


class HiveCommandClient(HiveClient):
    """Asks the `hive` command. Raises HiveCommandError when that refuses, and TimeoutError."""

    def table_location(self, table: str, database: str = "default", partition: Partition | None = None) -> str | None:
        """The URL of the folder with the rows."""
        which = f" partition ({self.partition_spec(partition)})" if partition else ""
        return printed.location(self._told(database, f"describe formatted {identifier(table)}{which}"))

    def table_exists(self, table: str, database: str = "default", partition: Partition | None = None) -> bool:
        """Whether there is a table, or that partition of it."""
        if partition:
            spec = self.partition_spec(partition)
            told = self._told(database, f"show partitions {identifier(table)} partition ({spec})")
            return any("=" in row for row in printed.rows(told))  # there may be a row with titles
        told = self._told(database, f"show tables like {literal(table)}")
        return table.lower() in (row.lower() for row in printed.rows(told))

    def table_schema(self, table: str, database: str = "default") -> list[tuple[str, ...]] | None:
        """The columns. Raises HiveCommandError when there is no such table."""
        return printed.columns(self._told(database, f"describe {identifier(table)}"))

    def partition_spec(self, partition: Partition) -> str:
        """As statements have it: `` `day`='2013-01-25',`hour`='7' ``."""
        return in_statement(partition)

    def _told(self, database: str, statement: str) -> str:
        return command.checked(self._asked(database, statement))

    def _asked(self, database: str, statement: str) -> Ran:
        return command.ask(["-e", f"use {identifier(database)}; {statement}"], settings.timeout())


class ApacheHiveCommandClient(HiveCommandClient):
    """Does without an error where there is no table to describe."""

    def table_schema(self, table: str, database: str = "default") -> list[tuple[str, ...]] | None:
        """The columns; None when there is no such table."""
        ran = self._asked(database, f"describe {identifier(table)}")
        if ABSENT.search(ran.stderr if ran.code else ran.stdout):
            return None
        return printed.columns(command.checked(ran)) or None

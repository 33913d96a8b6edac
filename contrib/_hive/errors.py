"""What can go wrong with Hive."""

from __future__ import annotations

from typing import Final

from luigi.contrib._jobs.printed_error import PrintedError
from luigi.errors import KernelError

SHOWN_LINES: Final = 20
"""Lines of the standard error that an error's sentence ends with."""


class HiveCommandError(PrintedError):
    """Hive refused something. `out` and `err` are what its command has printed."""

    def __str__(self) -> str:
        last = (self.err or "").rstrip().splitlines()[-SHOWN_LINES:]
        return "\n".join([self.message, *last])


class NoSuchTable(HiveCommandError):
    """A table, or a partition of one, that there has to be."""


class UnfitPartition(HiveCommandError):
    """A partition by columns that the table is not partitioned by."""


class UnfitName(KernelError, ValueError):
    """A name that no table, database or column of Hive has."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name!r} is no name that Hive can have")
        self.hint = "names are letters, digits and underscores; the database is an argument of its own"


class NoScript(KernelError, RuntimeError):
    """A script that is to be run is not there."""

    def __init__(self, script: str) -> None:
        super().__init__(f"Hive script: {script} does not exist.")


class MetastoreAway(KernelError, ConnectionError):
    """Nobody answers at the metastore's place."""

    def __init__(self, place: str, why: object) -> None:
        super().__init__(f"the Hive metastore at {place} cannot be reached: {why}")
        self.hint = "see metastore_host and metastore_port of [hive]"


class MetastoreFailed(KernelError):
    """The metastore has answered that it cannot answer."""

    def __init__(self, place: str, why: object) -> None:
        super().__init__(f"the Hive metastore at {place} has failed: {why}")

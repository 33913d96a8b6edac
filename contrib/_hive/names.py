"""Names and values as Hive reads them: in statements, where nothing ends before its end, and in paths."""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any, Final

from luigi.contrib._hive.errors import UnfitName
from luigi.contrib._jobs.java import unicode_escape

Partition = Mapping[str, Any]
"""Values by the columns that a table is partitioned by."""

NULL: Final = "__HIVE_DEFAULT_PARTITION__"
"""What Hive calls the partition of rows that have no value."""
PLAIN: Final = frozenset(string.ascii_letters + string.digits + " -_.:/,+=@()")
"""Characters that mean nothing to Hive's command, its variables and its literals."""
UNFIT: Final = frozenset("'\"\\;$")
"""Characters at which Hive's command cuts statements, wherever it meets them, or puts in variables."""
NOT_IN_PATHS: Final = frozenset("\"#%'*/:=?\\{[]^\x7f") | {chr(code) for code in range(1, 0x20)}


def identifier(name: str) -> str:
    """A name in a statement; of a table it may have the database's before it. Raises UnfitName."""
    if not name or not name.isprintable() or UNFIT & set(name):
        raise UnfitName(name)
    return ".".join("`" + part.replace("`", "``") + "`" for part in name.split("."))


def literal(value: object) -> str:
    """A text in a statement."""
    return "'" + "".join(char if char in PLAIN else unicode_escape(char) for char in str(value)) + "'"


def value_of(value: object) -> str:
    """A value of a partition as the metastore has it: as text."""
    return NULL if value is None or value == "" else str(value)


def in_statement(partition: Partition) -> str:
    """A partition as statements have it: by name of the column."""
    pairs = sorted(partition.items())
    return ",".join(f"{identifier(key)}={literal(value_of(value))}" for key, value in pairs)


def in_path(partition: Partition) -> str:
    """A partition as paths have it: in the order it is given."""
    return "/".join(f"{path_name(key.lower())}={path_name(value_of(value))}" for key, value in partition.items())


def path_name(text: str) -> str:
    return "".join(f"%{ord(char):02X}" if char in NOT_IN_PATHS else char for char in text)

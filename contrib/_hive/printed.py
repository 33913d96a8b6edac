"""What the `hive` command prints about tables, read back."""

from __future__ import annotations

import re
from typing import Final

LOCATION: Final = re.compile(r"^Location:\s+(\S.*)")


def rows(text: str) -> list[str]:
    """Its lines, without the frame that a `hive` that is beeline puts around them."""
    return [line.strip(" |\t\r") for line in text.splitlines() if not line.startswith("+-")]


def location(described: str) -> str | None:
    """Where `describe formatted` says that the rows are."""
    for line in rows(described):
        if found := LOCATION.match(line):
            return found[1].rstrip(" |\t")
    return None


def columns(described: str) -> list[tuple[str, ...]]:
    """Name, type, and comment if there is one, of the columns that `describe` says."""
    found: list[tuple[str, ...]] = []
    for line in rows(described):
        fields = tuple(field.strip() for field in re.split(r"[\t|]", line) if field.strip())
        is_column = bool(fields) and not fields[0].startswith("#") and fields[0] != "col_name"
        if found and not is_column:
            break  # those it is partitioned by follow, which are among the columns already
        if is_column:
            found.append(fields)
    return found

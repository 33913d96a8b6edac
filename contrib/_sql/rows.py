"""Rows on their way into a table: each as long as there are columns, so that none is cut or filled up in silence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from luigi.contrib._sql.errors import WrongRow

Row = Sequence[Any]


def of_lines(lines: Iterable[str], separator: str) -> Iterator[Row]:
    """The rows of a file: a line each, its values between separators."""
    for line in lines:
        yield line.rstrip("\n").split(separator)


def in_chunks(table: str, rows: Iterable[Any], width: int, size: int) -> Iterator[list[Row]]:
    """So many rows at a time. Raises WrongRow for one that does not have `width` values."""
    ahead = iter(rows)
    while some := list(islice(ahead, size)):
        if not set(map(type, some)) <= {tuple, list}:
            some = list(map(tuple, some))
        if {width} != set(map(len, some)):
            raise WrongRow(table, next(row for row in some if len(row) != width), width)
        yield some


def without(nulls: Sequence[Any], rows: list[Row]) -> list[Row]:
    """With None for values that mean there is none."""
    if tuple(nulls) == (None,):
        return rows
    return [[None if value in nulls else value for value in row] for row in rows]

"""Rows as PostgreSQL's COPY reads them: a line each, with what would end a value or a line escaped."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any, BinaryIO, Final

NULL: Final = r"\N"
TAB: Final = "\t"

LINES_AT_ONCE: Final = 1000

_NEVER: Final = set("\\.abcdefghijklmnopqrstuvwxyz0123456789\r\n")
"""What COPY takes for no separator."""

_SPECIAL: Final = re.compile(r"[\\\n\r\v\b\f\t]")
_ESCAPES: Final = {
    "\\": r"\\",
    "\n": r"\n",
    "\r": r"\r",
    "\v": r"\v",
    "\b": r"\b",
    "\f": r"\f",
    "\t": r"\t",
}


_PLAIN: Final = frozenset({str, int, float, bool, date, datetime, Decimal})
"""Types whose values are written as `str` has them."""


class MultiReplacer:
    """Replaces several texts at once: `MultiReplacer([("a", "b"), ("b", "c")])("ab")` is `bc`.

    Where one begins as another does, the one given first is looked for.
    """

    def __init__(self, replace_pairs: Iterable[tuple[str, str]]) -> None:
        self._new = dict(replace_pairs)
        self._old = re.compile("|".join(map(re.escape, self._new)))

    def __call__(self, line: str) -> str:
        """The line with everything replaced."""
        return self._old.sub(lambda found: self._new[found[0]], line)


default_escape = MultiReplacer(_ESCAPES.items())
"""What may stand in no value as it is."""


def separator_for(wanted: str) -> str:
    """What divides values in the file: as wanted where COPY takes it, which takes one byte and not any."""
    return wanted if len(wanted) == 1 and wanted.isascii() and wanted not in _NEVER else TAB


def escaped(value: Any) -> str:
    """One value. Bytes are written as `bytea` reads them."""
    text = rf"\x{bytes(value).hex()}" if isinstance(value, bytes | bytearray | memoryview) else str(value)
    return default_escape(text) if _SPECIAL.search(text) else text


class Lines:
    """Writes rows. `map_column` is asked for each value; without it values are written as here is usual."""

    def __init__(
        self, separator: str, null_values: Sequence[Any], map_column: Callable[[Any], str] | None = None
    ) -> None:
        self._separator, self._nulls = separator, null_values
        self._map_column = map_column or self._mapped
        self._simple = map_column is None

    def write(self, rows: Iterable[Any], file: BinaryIO) -> int:
        """Write all of them, and say how many there were."""
        count, lines = 0, map(self._line, rows)
        while some := list(islice(lines, LINES_AT_ONCE)):
            file.write(("\n".join(some) + "\n").encode())
            count += len(some)
        return count

    def _line(self, row: Any) -> str:
        values = row if isinstance(row, list | tuple) else list(row)
        if self._simple and set(map(type, values)) <= _PLAIN:
            line = self._separator.join(map(str, values))
            if not self._needs_care(line, values):
                return line
        return self._separator.join([self._divided(self._map_column(value)) for value in values])

    def _needs_care(self, line: str, values: Sequence[Any]) -> bool:
        """Whether a line is not right with its values as they are."""
        if line.count(self._separator) != len(values) - 1 or "\\" in line or "\n" in line or "\r" in line:
            return True
        return any(null in values for null in self._nulls)

    def _mapped(self, value: Any) -> str:
        return NULL if value in self._nulls else escaped(value)

    def _divided(self, text: str) -> str:
        """The text with the separator escaped: a tab is already."""
        return text if self._separator == TAB else text.replace(self._separator, "\\" + self._separator)


def rows_of(lines: Iterable[str], separator: str) -> Iterator[list[str | None]]:
    """The rows of a file: values stand between separators, and `\\N` for none, as Hive and COPY itself write it."""
    for line in lines:
        values: list[str | None] = line.rstrip("\n").split(separator)  # type: ignore[assignment]
        yield [None if value == NULL else value for value in values] if NULL in line else values

"""No answer is longer than it may be: what is long is shortened, saying so, and a page ends where it is full."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from luigi.server.v1.answers import text_of

LONGEST: Final = 256 * 1024
"""Bytes of an answer at most."""

OF_A_ROW: Final = 8 * 1024
"""Bytes of one row in a list, beyond which it is shortened."""

ROOM: Final = LONGEST - 2 * OF_A_ROW
"""Bytes for rows: the rest is for what stands around them."""

STEPS: Final = ((100_000, 2_000), (10_000, 500), (4_000, 100), (1_000, 50), (200, 10), (20, 2))
"""Characters that texts, and entries that lists, are shortened to: as far as it takes. What is longer by far than the
whole may be is shortened before anybody measures it."""

LONGEST_NAME: Final = 200
"""An entry with a longer name is left out of what is shortened."""


class Page(NamedTuple):
    """Part of a list."""

    rows: Sequence[dict[str, Any]]
    more: bool
    """Whether there is more."""


def fitted(row: Mapping[str, Any], longest: int = OF_A_ROW, key: str = "") -> dict[str, Any]:
    """A row of at most about `longest` bytes. `cut` names what was shortened for that: the whole is asked for alone.

    `key` is the field by which it is asked for: that stays as it is.
    """
    found: dict[str, Any] = {}
    for text, many in STEPS:
        if text < longest:
            shears = _Shears(text, many)
            found = shears.row(row, key)
            if shears.weight <= longest and size(found) <= longest:
                break
    return found


def page(rows: Iterable[Mapping[str, Any]], limit: int, key: str = "", room: int = ROOM) -> Page:
    """The first rows, as many as fit: `limit` at most, but one at least, if there is any. `key` is as in `fitted`."""
    taken: list[dict[str, Any]] = []
    for row in rows:
        short = fitted(row, key=key)
        room -= size(short) + 1
        if len(taken) == limit or (taken and room < 0):
            return Page(taken, True)
        taken.append(short)
    return Page(taken, False)


def size(value: Any) -> int:
    """Bytes of a value as JSON, which is ASCII."""
    return len(text_of(value))


class _Shears:
    """Shortens texts to `text` characters, lists and mappings to `many` entries."""

    def __init__(self, text: int, many: int) -> None:
        self._text, self._many = text, many
        self._used = False
        self.weight = 0
        """Characters that are left: it takes as many bytes at least, and to count them costs less than to encode."""

    def row(self, row: Mapping[str, Any], key: str) -> dict[str, Any]:
        """The row, shortened but for `key`."""
        found, cut = dict(row), []
        for name, value in row.items():
            if type(value) in _LONG and name != key:
                self._used = False
                found[name] = self._shortened(value)
                if self._used:
                    cut.append(name)
        return {**found, "cut": [*found.get("cut", ()), *cut]} if cut else found

    def _shortened(self, value: Any) -> Any:
        if isinstance(value, str):
            self.weight += min(len(value), self._text)
            if len(value) <= self._text:
                return value
            self._used = True
            return value[: self._text] + "…"
        if isinstance(value, Mapping):
            return {name: self._shortened(value[name]) for name in self._few(value, [*value])}
        if isinstance(value, (list, tuple)):
            return [self._shortened(one) for one in self._few(value, value)]
        return value

    def _few(self, value: Any, entries: Sequence[Any]) -> Sequence[Any]:
        kept = entries[: self._many]
        if isinstance(value, Mapping):
            kept = [name for name in kept if len(str(name)) <= LONGEST_NAME]
        self._used |= len(kept) < len(entries)
        return kept


_LONG: Final = frozenset({str, dict, list, tuple})

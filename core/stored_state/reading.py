"""What a store holds at one moment, read a little at a time and looked at on the way."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import TypeVar

from luigi.errors import StoreError
from luigi.interfaces import Kept
from luigi.stored_state.errors import damaged
from luigi.stored_state.texts import Row, unpacked

Found = TypeVar("Found")


class Reading(ABC):
    """Has a connection of its own, and a transaction that does not see what is written meanwhile.

    `snapshot` counts, and has `parts` parts; `upto` is the last entry that it takes the place of.
    """

    def __init__(self, place: str, snapshot: int, parts: int, upto: int) -> None:
        self._place, self._snapshot, self._count, self._upto = place, snapshot, parts, upto

    def __del__(self) -> None:
        self.close()  # also where nobody has read to the end

    def kept(self) -> Kept:
        """All of it. Raises StoreError while it is read, for what is damaged."""
        return Kept(self._to_the_end(self._parts()), self._upto, self._to_the_end(self._entries()))

    def _to_the_end(self, read: Iterator[Found]) -> Iterator[Found]:
        try:
            yield from read
        except StoreError:
            self.close()
            raise

    def _parts(self) -> Iterator[str]:
        count = 0
        for count, text in unpacked(self.parts(self._snapshot), 1, self._place):  # noqa: B007  # asked for below
            yield text
        if count != self._count:
            raise damaged(self._place, f"of {self._count} parts of the snapshot {count} are there")

    def _entries(self) -> Iterator[tuple[int, str]]:
        yield from unpacked(self.entries(self._upto), self._upto + 1, self._place)
        self.close()

    @abstractmethod
    def parts(self, snapshot: int) -> Iterator[Row]:
        """The parts of a snapshot, in order."""

    @abstractmethod
    def entries(self, after: int) -> Iterator[Row]:
        """The entries after a number, in order."""

    @abstractmethod
    def close(self) -> None:
        """End the transaction and the connection, if that is still to be done."""

"""State stores for tests: one that lives as long as the test, and one that is away now and then."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from luigi.errors import NotLeading, StoreAway
from luigi.interfaces import Kept, StateStore


@dataclass
class MemoryPlace:
    """What a disk would be: it outlives the stores that are opened on it."""

    parts: list[str] = field(default_factory=list)
    upto: int = 0
    entries: dict[int, str] = field(default_factory=dict)
    writer: object = None
    lock: Any = field(default_factory=threading.Lock)


class MemoryStateStore:
    """Keeps the scheduler's state in a `MemoryPlace`, as if every store on it were in a process of its own."""

    durable = True

    def __init__(self, place: MemoryPlace | None = None) -> None:
        self.place = place or MemoryPlace()

    def claim(self) -> bool:
        """Become the one that writes, unless another store of this place is."""
        with self.place.lock:
            if self.place.writer is None:
                self.place.writer = self
            return self.place.writer is self

    def load(self) -> Kept:
        """What is there now."""
        with self.place.lock:
            place = self.place
            return Kept(list(place.parts), place.upto, sorted(place.entries.items()))

    def append(self, entries: Sequence[tuple[int, str]]) -> None:
        """Keep entries."""
        if not self.claim():
            raise NotLeading("another store writes there")
        with self.place.lock:
            new = {number: text for number, text in entries if number > self.place.upto}
            if any(self.place.entries.get(number, text) != text for number, text in new.items()):
                raise NotLeading("another store has written that number")
            self.place.entries.update(new)

    def save(self, parts: Iterable[str], upto: int) -> None:
        """Keep a snapshot."""
        kept = list(parts)
        with self.place.lock:
            place = self.place
            place.parts, place.upto = kept, upto
            place.entries = {number: text for number, text in place.entries.items() if number > upto}

    def close(self) -> None:
        """Let another one write."""
        with self.place.lock:
            if self.place.writer is self:
                self.place.writer = None


class UnreliableStore:
    """Passes all on to `store`, but that every n-th append raises StoreAway; in turn before and after it was done."""

    def __init__(self, store: StateStore, every: int = 3) -> None:
        self._store = store
        self._every = every
        self.appends = 0
        """How many there were, also in vain."""
        self.durable = store.durable

    def append(self, entries: Sequence[tuple[int, str]]) -> None:
        """Keep entries, and now and then not, or without saying so: nobody can know which."""
        self.appends += 1
        turn, rest = divmod(self.appends, self._every)
        if rest == 0 and turn % 2:
            raise StoreAway("away for a while, on purpose")
        self._store.append(entries)
        if rest == 0:
            raise StoreAway("away just after it was kept, on purpose")

    def claim(self) -> bool:
        """As the store does."""
        return self._store.claim()

    def load(self) -> Kept:
        """As the store does."""
        return self._store.load()

    def save(self, parts: Iterable[str], upto: int) -> None:
        """As the store does."""
        self._store.save(parts, upto)

    def close(self) -> None:
        """As the store does."""
        self._store.close()

"""A set that keeps the order in which things came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableSet
from typing import TypeVar

Item = TypeVar("Item")


class OrderedSet(MutableSet[Item]):
    """Equal to another of its kind with the same items in the same order, and to any set with the same items."""

    def __init__(self, iterable: Iterable[Item] | None = None) -> None:
        self._items: dict[Item, None] = dict.fromkeys(iterable or ())

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items)

    def __reversed__(self) -> Iterator[Item]:
        return reversed(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def add(self, key: Item) -> None:
        """Put an item at the end, unless it is there."""
        self._items.setdefault(key)

    def discard(self, key: Item) -> None:
        """Take an item out, if it is there."""
        self._items.pop(key, None)

    def peek(self, last: bool = True) -> Item:
        """The last item, or the first. Raises KeyError when there is none."""
        if not self._items:
            raise KeyError("the set is empty")
        return next(reversed(self._items) if last else iter(self._items))

    def pop(self, last: bool = True) -> Item:
        """Take out the last item, or the first. Raises KeyError when there is none."""
        key = self.peek(last)
        self.discard(key)
        return key

    def __eq__(self, other: object) -> bool:
        if isinstance(other, OrderedSet):
            return list(self) == list(other)
        return isinstance(other, Iterable) and set(self) == set(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({list(self) or ''})"

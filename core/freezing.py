"""Values that can be hashed: a mapping that cannot change, and deep conversion to and from it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

K = TypeVar("K")
V = TypeVar("V", covariant=True)

# Most of what is frozen, told apart by its type alone: asking whether it is a Mapping costs ten times as much.
_LEAVES = frozenset({str, int, float, bool, type(None)})


class FrozenOrderedDict(Mapping[K, V]):
    """A mapping that keeps its order, cannot change, and has a hash when its values have one.

    Like any mapping it equals another with the same items in any order, and so has the same hash.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take what `dict` takes."""
        self._items: OrderedDict[K, V] = OrderedDict(*args, **kwargs)
        self._hash: int | None = None

    def __getitem__(self, key: K) -> V:
        return self._items[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def __repr__(self) -> str:
        # The form of a plain dict: it ends in logs and file names.
        return repr(dict(self._items))

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self._items.items()))
        return self._hash

    def __reduce__(self) -> tuple[type[FrozenOrderedDict[K, V]], tuple[list[tuple[K, V]]]]:
        # Without the hash: those of texts differ from one process to the next.
        return type(self), (list(self._items.items()),)

    def get_wrapped(self) -> OrderedDict[K, V]:
        """The dict inside. Changing it breaks the promise."""
        return self._items


def recursively_freeze(value: Any) -> Any:
    """`value` with every mapping in it a FrozenOrderedDict and every list a tuple, all the way down."""
    if type(value) in _LEAVES:
        return value
    if isinstance(value, (list, tuple)):
        return tuple([recursively_freeze(inner) for inner in value])
    if isinstance(value, Mapping):
        return FrozenOrderedDict((key, recursively_freeze(inner)) for key, inner in value.items())
    return value


def recursively_unfreeze(value: Any) -> Any:
    """`value` with every mapping in it a dict and every tuple a list: the form that JSON has."""
    if isinstance(value, Mapping):
        return {key: recursively_unfreeze(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [recursively_unfreeze(inner) for inner in value]
    return value

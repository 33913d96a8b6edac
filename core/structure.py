"""Nested structures of tasks or targets: what `requires()` and `output()` may give."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def flatten(struct: Any) -> list[Any]:
    """The leaves of a nesting of dicts, lists, tuples and generators, in order; None has none.

    A text is a leaf, and so is anything that cannot be iterated.
    """
    children: Iterable[Any]
    if type(struct) is list:
        children = struct
    elif struct is None:
        return []
    elif isinstance(struct, dict):
        children = struct.values()
    elif isinstance(struct, str):
        return [struct]
    else:
        try:
            children = iter(struct)
        except TypeError:
            return [struct]
    leaves = []
    for child in children:
        # A leaf of the usual kind, tried first: the recursion costs more than all the rest.
        if hasattr(child, "__iter__") or child is None:
            leaves.extend(flatten(child))
        else:
            leaves.append(child)
    return leaves

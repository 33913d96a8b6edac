"""Paths into documents of MongoDB, such as `totals.2026.sum`: parts with dots between them, numbers in lists."""

from __future__ import annotations

from itertools import takewhile
from typing import Any

MISSING = object()
"""There is nothing at a path."""


def find(document: Any, path: str) -> Any:
    """What is at `path`, or MISSING. Of a list, a part that is no number takes what its documents have there."""
    first, _, rest = path.partition(".")
    inner = _step(document, first)
    return inner if inner is MISSING or not rest else find(inner, rest)


def _step(value: Any, part: str) -> Any:
    if isinstance(value, list):
        if part.isdigit():
            return value[int(part)] if int(part) < len(value) else MISSING
        return [found for one in value if (found := _step(one, part)) is not MISSING] or MISSING
    return value.get(part, MISSING) if isinstance(value, dict) else MISSING


def fetched(path: str) -> str:
    """The part of `path` that the server can be asked for: it does not choose from lists by number."""
    return ".".join(takewhile(lambda part: not part.isdigit(), path.split(".")))

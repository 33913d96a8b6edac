"""What a target is called where people read it: its path, its URL, or what kind of thing it is."""

from __future__ import annotations

import os
from typing import Any

from luigi.masking import without_passwords
from luigi.target import FileSystem

_PLAIN = (str, int, float)


def target_name(target: Any) -> str:
    """A text for a target, on one line and without the passwords of URLs."""
    path = getattr(target, "path", None) or getattr(target, "opened_from", None)
    text = os.fspath(path) if isinstance(path, str | os.PathLike) else _described(target)
    return without_passwords(" ".join(text.split()))


def identity(target: Any) -> str:
    """A text that is the same for the same thing, as far as can be seen. It may hold secrets: not to be shown.

    What has a file system is where its path is. Of any other the kind, the name and all plain attributes count; one
    without any of these is the same as no other.
    """
    named = f"{type(target).__name__} {target_name(target)}".rstrip("/")
    if isinstance(getattr(target, "fs", None), FileSystem):
        return named
    facts = {name: value for name, value in getattr(target, "__dict__", {}).items() if isinstance(value, _PLAIN)}
    return f"{named} {sorted(facts.items())}" if facts else f"{named} {id(target)}"


def _described(target: Any) -> str:
    """A target's own text, where its class has one; its kind otherwise, with its table and update if it has such."""
    cls: Any = type(target)
    if (cls.__str__, cls.__repr__) != (object.__str__, object.__repr__):
        return str(target)
    facts = [f"{name}={getattr(target, name)}" for name in ("table", "update_id") if hasattr(target, name)]
    return f"{cls.__name__}({', '.join(facts)})"

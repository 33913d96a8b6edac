"""Which of many local paths exist, with one listing of a folder in place of a question for each name in it.

On a disk of this machine a question costs as little as a line of a listing; on one across the network it is a round
trip. The answers are those of `os.access`, whatever the folder is like: where a listing cannot tell, it is asked.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Set
from itertools import islice

MANY = 16
"""Paths in one folder from which on listing it is worth while."""

ENTRIES_A_PATH = 8
"""How many entries are read for each path asked for, until a folder is found too big to list."""

_NO_ENTRIES = frozenset({"", ".", ".."})


def existing(paths: Iterable[str]) -> set[str]:
    """Those of `paths` at which there is a file or directory."""
    if os.name != "posix":  # elsewhere a file has names that no listing shows: `x.` for `x`, `NUL` in every folder
        return _asked(paths)
    folders: dict[str, list[str]] = {}
    for path in paths:
        folders.setdefault(path[: path.rfind("/") + 1], []).append(path)
    found: set[str] = set()
    for beginning, inside in folders.items():
        found.update(_asked(inside) if len(inside) < MANY else _in_folder(beginning, inside))
    return found


def _asked(paths: Iterable[str]) -> set[str]:
    return {path for path in paths if os.access(path, os.F_OK)}


def _in_folder(beginning: str, paths: list[str]) -> set[str]:
    """Those of `paths`, all `beginning` plus a name, that exist."""
    folder = beginning or "."
    if not os.access(folder, os.F_OK):  # then nothing below it is there either
        return set()
    if not os.access(folder, os.X_OK):  # its names may be read, perhaps, but not followed
        return _asked(paths)
    sought = {path[len(beginning) :]: path for path in paths}
    try:
        certain, unsure = _listed(folder, sought.keys())
    except OSError:
        return _asked(paths)
    return {sought[name] for name in certain} | _asked(sought[name] for name in unsure)


def _listed(folder: str, sought: Set[str]) -> tuple[Set[str], Set[str]]:
    """Names among those sought that are there for certain, and those that only asking tells of."""
    most = ENTRIES_A_PATH * len(sought)
    with os.scandir(folder) as listing:
        entries = {entry.name: entry for entry in islice(listing, most + 1)}
    if len(entries) > most or _ignores_case(folder, entries):
        return set(), sought
    there = sought & entries.keys()
    links = {name for name in there if entries[name].is_symlink()}
    odd = {name for name in sought if not name.isascii() or name in _NO_ENTRIES or "\0" in name}
    return there - links, links | (odd - there)


def _ignores_case(folder: str, names: Iterable[str]) -> bool:
    """Whether one of the names is found in other letters too: then that one is not listed says nothing."""
    name = next((name for name in names if name.swapcase() != name), "")
    return bool(name) and os.access(os.path.join(folder, name.swapcase()), os.F_OK)

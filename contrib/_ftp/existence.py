"""Which of many paths exist: learned from listings of the folders that they have in common."""

from __future__ import annotations

from collections.abc import Iterable

from luigi.contrib._ftp.session import Session

MANY = 8
"""Paths in one folder from which on listing it is worth while."""


def existing(session: Session, paths: Iterable[str]) -> set[str]:
    """Those of `paths` at which there is something: for each the answer of `exists`."""
    folders: dict[str, list[str]] = {}
    for path in dict.fromkeys(paths):
        folders.setdefault(path[: path.rfind("/") + 1], []).append(path)
    found: set[str] = set()
    for beginning, inside in folders.items():
        found.update(_asked(session, inside) if len(inside) < MANY else _in_folder(session, beginning, inside))
    return found


def _asked(session: Session, paths: Iterable[str]) -> set[str]:
    return {path for path in paths if session.kind(path)}


def _in_folder(session: Session, beginning: str, paths: list[str]) -> set[str]:
    """Those of `paths`, all `beginning` plus a name, that exist."""
    if beginning and session.kind(beginning) != "directory":
        return set()
    listed = set(session.names(beginning))
    if _ignores_case(session, beginning, listed):
        return _asked(session, paths)
    certain = {path for path in paths if path[len(beginning) :] in listed}
    return certain | _asked(
        session, (path for path in paths if path not in certain and _is_odd(path[len(beginning) :]))
    )


def _is_odd(name: str) -> bool:
    """Whether a listing may not show it: as hidden, as the folder itself, or as spelt in another way."""
    return not name or name.startswith(".") or not name.isascii()


def _ignores_case(session: Session, beginning: str, names: Iterable[str]) -> bool:
    """Whether one of the names is found in other letters too: then that one is not listed says nothing."""
    name = next((name for name in names if name.swapcase() != name), "")
    return bool(name) and name.swapcase() not in names and bool(session.kind(beginning + name.swapcase()))

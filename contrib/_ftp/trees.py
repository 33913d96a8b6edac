"""Directories with what is above and below them, step by step: servers know only single ones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from luigi.contrib._ftp.session import Session
from luigi.target import NotADirectory, folder_of


def make_folders(session: Session, path: str) -> None:
    """Make a directory, and those above it, unless it is there. Raises NotADirectory."""
    kind = session.kind(path) if path else "directory"
    if kind == "directory":
        return
    if kind:
        raise NotADirectory(f"{path} is a file, so it cannot be made a directory")
    make_folders(session, folder_of(path))
    try:
        session.make_folder(path)
    except Exception:
        if session.kind(path) != "directory":  # another writer may have made it meanwhile
            raise


def newest(session: Session, path: str) -> datetime | None:
    """When a file was changed; of a directory, the newest file in it at any depth. None where nobody knows."""
    kind = session.kind(path)
    if kind == "file":
        return session.changed(path)
    return max(_times(session, path), default=None) if kind else None


def _times(session: Session, folder: str) -> Iterator[datetime]:
    for name, kind, changed in session.listed(folder):
        if kind == "directory":
            yield from _times(session, f"{folder.rstrip('/')}/{name}")
        elif changed is not None:
            yield changed


def remove_tree(session: Session, path: str, recursive: bool) -> None:
    """Remove a file, a link, or an empty directory; one with all it holds when `recursive`."""
    if session.unlink(path):
        return
    for name in session.names(path) if recursive else ():
        remove_tree(session, f"{path.rstrip('/')}/{name}", recursive)
    session.remove_folder(path)

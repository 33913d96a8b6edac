"""Directories with what is above and below them, made and removed step by step: servers know only single ones."""

from __future__ import annotations

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


def remove_tree(session: Session, path: str, recursive: bool) -> None:
    """Remove a file, a link, or an empty directory; one with all it holds when `recursive`."""
    if session.unlink(path):
        return
    for name in session.names(path) if recursive else ():
        remove_tree(session, f"{path.rstrip('/')}/{name}", recursive)
    session.remove_folder(path)

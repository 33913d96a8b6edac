"""What SQLite says is wrong, in our words: what time may mend, and what it does not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from luigi.errors import StoreAway, StoreError
from luigi.stored_state.errors import damaged

_PASSING: Final = ("PERM", "BUSY", "LOCKED", "NOMEM", "READONLY", "IOERR", "FULL", "CANTOPEN", "PROTOCOL")
"""What SQLite calls what may be over in a moment."""


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Errors of SQLite become StoreAway and StoreError."""
    import sqlite3

    try:
        yield
    except sqlite3.Error as error:
        raise _in_our_words(path, error) from error


def _in_our_words(path: Path, error: Exception) -> StoreError:
    import sqlite3

    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF
    if code == sqlite3.SQLITE_NOTADB:
        return not_ours(path)
    if code == sqlite3.SQLITE_CORRUPT:
        return damaged(str(path), error)
    if code in {getattr(sqlite3, f"SQLITE_{name}") for name in _PASSING}:
        full = code == sqlite3.SQLITE_FULL
        hint = "make room on the disk" if full else "see whether the disk works, and who else uses the file"
        return StoreAway(f"the state in {path} cannot be used at the moment: {error}", hint=hint)
    return StoreError(f"the state in {path} cannot be used: {error}")


def not_ours(path: Path) -> StoreError:
    """The error for a file that somebody else has written."""
    return StoreError(
        f"{path} is not a state of this scheduler{_likely(path)}: it is left as it is",
        hint="name another file: [sqlite] path, [scheduler] state_path or --state-path",
    )


def _likely(path: Path) -> str:
    with path.open("rb") as file:
        begins = file.read(1)
    if begins == b"\x80":
        return ", but a pickle, perhaps of Luigi's"
    if begins == b"{":
        return ", but JSON, perhaps of Scheduler.dump()"
    return ""

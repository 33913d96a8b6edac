"""What SQLite says is wrong, in our words: what time may mend, and what it does not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from luigi.errors import StoreAway, StoreError
from luigi.stored_state.texts import damaged

_CORRUPT, _NOT_A_DATABASE, _FULL = 11, 26, 13
_PASSING: Final = {3, 5, 6, 7, 8, 10, 13, 14, 15}
"""Permission, busy, locked, out of memory, read-only, I/O, full, cannot open, locking protocol."""


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Errors of SQLite, and of the file system, become StoreAway and StoreError."""
    import sqlite3

    try:
        yield
    except sqlite3.Error as error:
        raise _in_our_words(path, error) from error


def _in_our_words(path: Path, error: Exception) -> StoreError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == _NOT_A_DATABASE:
        return not_ours(path)
    if code == _CORRUPT:
        return damaged(str(path), error)
    if code in _PASSING:
        hint = "make room on the disk" if code == _FULL else "see whether the disk works, and who else uses the file"
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

"""A file that one process at a time has locked, for as long as it lives: the operating system sees to that."""

from __future__ import annotations

import os
from pathlib import Path

from luigi.errors import StoreError


class LockFile:
    """The file is made where it is missing, and stays: to delete it would let two have it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def take(self) -> bool:
        """Whether this object has it now; not while another one has, here or elsewhere. Raises StoreError."""
        import fcntl

        if self._file is not None:
            return True
        file = self._open()
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(file)
            if isinstance(error, BlockingIOError):
                return False
            raise self._unusable(error) from error
        self._file = file
        return True

    def _open(self) -> int:
        try:
            return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise self._unusable(error) from error

    def _unusable(self, error: OSError) -> StoreError:
        hint = "it has to be on a file system with locks; see [sqlite] path"
        return StoreError(f"the lock file {self._path} cannot be used: {error.strerror}", hint=hint)

    def release(self) -> None:
        """Let others have it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

"""A file that is only read when its content is what whoever wrote it says."""

from __future__ import annotations

import hashlib
import os
from typing import NamedTuple

from luigi.errors import KernelError


class SealBroken(KernelError):
    """A file is not what it was when it was written."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is not the file that was written for this job: its SHA-256 is another")
        self.hint = "nothing of it was read; see who else can write to its folder"


class Sealed(NamedTuple):
    """A file, and the SHA-256 of what is in it."""

    path: str
    digest: str
    """In hexadecimal."""

    def read(self) -> bytes:
        """Its content. Raises SealBroken when that is not what was written."""
        with open(self.path, "rb") as file:
            content = file.read()
        if hashlib.sha256(content).hexdigest() != self.digest:
            raise SealBroken(self.path)
        return content


def seal(path: str, content: bytes) -> Sealed:
    """Write `content` to the new file `path`, for this user alone. Raises FileExistsError."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    return Sealed(path, hashlib.sha256(content).hexdigest())

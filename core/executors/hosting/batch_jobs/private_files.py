"""Files for one user alone: written so, and refused where others may have had a hand in them."""

from __future__ import annotations

import os
import stat
from typing import Final

from luigi.errors import KernelError

OURS: Final = 0o600
OF_OTHERS: Final = stat.S_IWGRP | stat.S_IRWXO
"""What others may not. A group may read: a pod that is not root's gets its secrets by its group."""


class NotPrivate(KernelError):
    """Somebody else may have written a file, or may read it: nothing of it is believed."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path} is not read: {why}")
        self.hint = f"it says what is run here, and has to be this user's, with mode {OURS:o}"


def write_private(path: str, content: bytes) -> None:
    """Write a new file of mode 0600. Raises FileExistsError."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OURS), "wb") as file:
        file.write(content)


def read_private(path: str) -> bytes:
    """What is in a file that this user or root has written, and no other may. Raises NotPrivate, OSError."""
    with open(path, "rb") as file:
        found = os.fstat(file.fileno())
        if found.st_uid not in (0, os.geteuid()):
            raise NotPrivate(path, f"it belongs to user {found.st_uid}")
        if found.st_mode & OF_OTHERS:
            raise NotPrivate(path, f"its mode is {stat.S_IMODE(found.st_mode):o}")
        return file.read()

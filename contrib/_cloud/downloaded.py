"""DownloadedFile: what was fetched, to be read from this machine."""

from __future__ import annotations

import io
from typing import IO


class DownloadedFile(io.FileIO):
    """A temporary file of this machine, read from its beginning, that is gone when it is closed."""

    def __init__(self, file: IO[bytes]) -> None:
        self._kept = file  # which the system removes when it is closed
        file.flush()
        file.seek(0)
        super().__init__(file.fileno(), "rb", closefd=False)

    def close(self) -> None:
        """Close it, and remove it."""
        super().close()
        if hasattr(self, "_kept"):
            self._kept.close()

"""Stands in for the package sparkey where there is no C library: a log is a JSON text of keys and values."""

from __future__ import annotations

import json
from pathlib import Path


class LogWriter:
    """Has what the package's writer has of this name."""

    def __init__(self, filename: str) -> None:
        self._file = Path(filename)
        self._entries: list[tuple[str, str]] = []

    def __setitem__(self, key: str, value: str) -> None:
        self._entries.append((key, value))

    def close(self) -> None:
        self._file.write_text(json.dumps(self._entries))

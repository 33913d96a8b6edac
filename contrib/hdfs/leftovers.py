"""What was half written goes when writing fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def removed_on_failure(client: Any, path: str) -> Iterator[None]:
    """Remove what is at `path` when the block raises. Where that fails too, the log says so."""
    try:
        yield
    except BaseException:
        try:
            client.remove(path)
        except Exception as error:
            import logging

            logging.getLogger("luigi-interface").warning("%s could not be removed: %s", path, error)
        raise

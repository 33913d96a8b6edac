"""Output as it travels to a scheduler's server: attempt by attempt, in numbered pieces."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from luigi.output.sink import STDOUT

LONGEST: Final = 16 * 1024
"""Characters of a piece at most."""


class Piece(NamedTuple):
    """A text that was printed, or how many bytes are missing where it should be."""

    at: float
    """Seconds since the epoch."""
    stream: str = STDOUT
    text: str = ""
    lost: int = 0


class Printed(NamedTuple):
    """More of what an attempt has printed."""

    task_id: str
    attempt: int
    """Its token."""
    first: int
    """The number of the first piece: they are counted from 0, so that nothing is taken in twice."""
    pieces: Sequence[Piece] = ()
    ended: float | None = None
    """When it ended; given with its last piece."""

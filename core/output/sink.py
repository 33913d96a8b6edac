"""Who is handed what tasks print: the seam between taking it and doing something with it."""

from __future__ import annotations

from typing import Final, NamedTuple, Protocol

STDOUT: Final = "stdout"
STDERR: Final = "stderr"
LOGGING: Final = "logging"
STREAMS: Final = (STDOUT, STDERR, LOGGING)
"""What output may have come through; `logging` has the records that reach neither of the other two."""


class Speaker(NamedTuple):
    """One attempt at a task, as the author of what it prints."""

    task_id: str
    token: int


class Sink(Protocol):
    """Takes output. It is called from several threads, one at a time, and must be quick: what prints may wait for it.

    Times are in seconds since the epoch. Of an attempt that prints nothing, nothing is heard.
    """

    def printed(self, speaker: Speaker, at: float, stream: str, text: str) -> None:
        """More of what an attempt prints; bytes that are no UTF-8 have been replaced."""
        ...

    def missed(self, speaker: Speaker, at: float, size: int) -> None:
        """So many bytes of its output were lost here."""
        ...

    def ended(self, speaker: Speaker, at: float) -> None:
        """That was all of an attempt which has printed something."""
        ...

"""The sink that keeps output on this machine, for runs without a server: `kernel logs` shows it.

That output cannot be kept is no failure of a run; the log says so once.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from luigi.clock import Clock
from luigi.output.handed_in import LONGEST
from luigi.output.kept.of_runs import Limits, sweep_if_due
from luigi.output.kept.segments import Whose
from luigi.output.kept.writing import Attempt
from luigi.output.sink import Speaker

logger = logging.getLogger("luigi-interface")

ENDS = ("\n", "\r")


class Keeping:
    """Keeps what the tasks of one worker print, in the folder `base`, which is made when there is something."""

    def __init__(self, base: str, worker_id: str, limits: Limits, clock: Clock) -> None:
        self._base, self._worker_id, self._limits, self._clock = base, worker_id, limits, clock
        self._attempts: dict[Speaker, _Being] = {}
        self._is_off = False

    def printed(self, speaker: Speaker, at: float, stream: str, text: str) -> None:
        """Take in more of what an attempt prints. A line is written when it is whole: it may come in many parts."""
        if not self._is_off:
            being = self._being(speaker, at)
            self._write(being, being.waiting.other_than(stream))
            being.waiting.take(at, stream, text)
            self._write(being, being.waiting.whole())

    def missed(self, speaker: Speaker, at: float, size: int) -> None:
        """Take in that some of it is missing."""
        if not self._is_off:
            being = self._being(speaker, at)
            self._write(being, [*being.waiting.rest(), {"at": at, "lost": size}])

    def ended(self, speaker: Speaker, at: float) -> None:
        """Take in that there is no more of it."""
        if not self._is_off:
            being = self._being(speaker, at)
            self._write(being, being.waiting.rest(), at)
            self._attempts.pop(speaker, None)

    def close(self) -> None:
        """Keep what has not ended as it is, and remove what is too old or too much, now and then."""
        for being in self._attempts.values():
            self._write(being, being.waiting.rest())
        if not self._is_off:
            sweep_if_due(self._base, self._limits, self._clock.now())

    def _being(self, speaker: Speaker, at: float) -> _Being:
        if speaker not in self._attempts:
            whose = Whose(speaker.task_id, speaker.token, self._worker_id, at)
            self._attempts[speaker] = _Being(Attempt(self._base, whose, self._limits.bytes, []), _Waiting())
        return self._attempts[speaker]

    def _write(self, being: _Being, pieces: Sequence[Mapping[str, Any]], ended: float | None = None) -> None:
        if self._is_off or not (pieces or ended):
            return
        try:
            being.kept.add(being.kept.pieces, pieces, ended)
        except OSError as error:
            self._is_off = True
            logger.warning("What tasks print is not kept in %s: %s", self._base, error)


class _Being(NamedTuple):
    """An attempt that goes on."""

    kept: Attempt
    waiting: _Waiting


class _Waiting:
    """The beginning of a line, which waits for the rest of it."""

    __slots__ = ("_at", "_parts", "_size", "_stream")

    def __init__(self) -> None:
        self._at, self._stream = 0.0, ""
        self._parts: list[str] = []
        self._size = 0

    def take(self, at: float, stream: str, text: str) -> None:
        """Add to it."""
        if not self._parts:
            self._at, self._stream = at, stream
        self._parts.append(text)
        self._size += len(text)

    def other_than(self, stream: str) -> list[Mapping[str, Any]]:
        """What has to be written before something of that stream."""
        return self.rest() if self._parts and self._stream != stream else []

    def whole(self) -> list[Mapping[str, Any]]:
        """All that waits, if it ends with a line or is long."""
        is_whole = self._parts and (self._parts[-1].endswith(ENDS) or self._size >= LONGEST)
        return self.rest() if is_whole else []

    def rest(self) -> list[Mapping[str, Any]]:
        """All that waits, in pieces."""
        text = "".join(self._parts)
        self._parts, self._size = [], 0
        cuts = range(0, len(text), LONGEST)
        return [{"at": self._at, "stream": self._stream, "text": text[cut : cut + LONGEST]} for cut in cuts]

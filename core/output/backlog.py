"""What was printed and is not sent yet: kept in pieces, and no more of it than there is room for.

Pieces of an attempt are numbered as they are taken, so that whoever gets some twice can tell.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final

from luigi.output.handed_in import LONGEST, Piece, Printed
from luigi.output.sink import Speaker

TOGETHER: Final = 0.25
"""Seconds within which what comes through one stream is one piece."""
MOST_SENT: Final = 256 * 1024
"""Bytes taken at a time at most, but for the last piece."""
MOST: Final = 8 * 1024 * 1024
"""Bytes kept of an attempt while they are being sent."""
MOST_WHILE_AWAY: Final = 1024 * 1024
"""Bytes kept of an attempt while they cannot be sent."""
MOST_IN_ALL: Final = 32 * 1024 * 1024
"""Bytes kept of all attempts together."""


class _Unsent:
    """Of one attempt."""

    __slots__ = ("ended", "pieces", "size", "sizes", "taken")

    def __init__(self) -> None:
        self.pieces: deque[Piece] = deque()
        self.sizes: deque[int] = deque()
        """Of the pieces, in bytes."""
        self.size = 0
        self.taken = 0
        """How many pieces were taken before these."""
        self.ended: float | None = None

    def add(self, piece: Piece, size: int) -> None:
        last = self.pieces[-1] if self.pieces else None
        if last is not None and _go_together(last, piece):
            self.pieces[-1] = last._replace(text=last.text + piece.text)
            self.sizes[-1] += size
        else:
            self.pieces.append(piece)
            self.sizes.append(size)
        self.size += size

    def drop(self) -> int:
        """Give up the oldest text; how many bytes that makes."""
        lost, size, at = 0, 0, self.pieces[0].at
        while not size:
            lost += self.pieces.popleft().lost
            size = self.sizes.popleft()
        self.size -= size
        self.pieces.appendleft(Piece(at, lost=lost + size))
        self.sizes.appendleft(0)
        return size

    def take(self, room: int) -> list[Piece]:
        taken: list[Piece] = []
        while self.pieces and room > 0:
            taken.append(self.pieces.popleft())
            size = self.sizes.popleft()
            self.size -= size
            room -= size
        return taken


def _go_together(last: Piece, piece: Piece) -> bool:
    near = last.stream == piece.stream and piece.at - last.at < TOGETHER
    return near and not last.lost and not piece.lost and len(last.text) + len(piece.text) <= LONGEST


class Backlog:
    """Of all attempts of a run. Not for several threads at once."""

    def __init__(self) -> None:
        self.most = MOST
        """Bytes kept of an attempt: the oldest are dropped for the newest."""
        self.size = 0
        """Bytes of all texts that are here."""
        self._unsent: dict[Speaker, _Unsent] = {}
        self._refused: set[int] = set()

    def add(self, speaker: Speaker, at: float, stream: str, text: str) -> None:
        """Take in what was printed."""
        if speaker.token in self._refused:
            return
        unsent = self._of(speaker)
        for start in range(0, len(text), LONGEST):
            piece = text[start : start + LONGEST]
            size = len(piece.encode())
            unsent.add(Piece(at, stream, piece), size)
            self.size += size
        while unsent.size > self.most:
            self.size -= unsent.drop()
        while self.size > MOST_IN_ALL:
            self.size -= next(one for one in self._unsent.values() if one.size).drop()

    def add_lost(self, speaker: Speaker, at: float, size: int) -> None:
        """Take in that so much is missing."""
        if speaker.token not in self._refused:
            self._of(speaker).add(Piece(at, lost=size), 0)

    def end(self, speaker: Speaker, at: float) -> None:
        """There is no more of an attempt."""
        if speaker.token in self._refused:
            self._refused.discard(speaker.token)
        else:
            self._of(speaker).ended = at

    def refuse(self, token: int) -> None:
        """Nobody wants what this attempt prints."""
        for speaker in [one for one in self._unsent if one.token == token]:
            unsent = self._unsent.pop(speaker)
            self.size -= unsent.size
            if unsent.ended is None:
                self._refused.add(token)

    def take(self) -> Sequence[Printed]:
        """What is to be sent next, attempt by attempt; it is not here any more."""
        return list(self._taken())

    def _taken(self) -> Iterator[Printed]:
        room = MOST_SENT
        for speaker, unsent in list(self._unsent.items()):
            if room <= 0:
                return
            before, first = unsent.size, unsent.taken
            pieces = unsent.take(room)
            unsent.taken += len(pieces)
            room -= before - unsent.size
            self.size -= before - unsent.size
            ended = unsent.ended if not unsent.pieces else None
            if ended is not None:
                del self._unsent[speaker]
            if pieces or ended is not None:
                yield Printed(*speaker, first, pieces, ended)

    def _of(self, speaker: Speaker) -> _Unsent:
        found = self._unsent.get(speaker)
        if found is None:
            found = self._unsent[speaker] = _Unsent()
        return found

"""What tasks print elsewhere, as if they printed here: to this process's own streams, and to whoever takes output."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

from luigi.output.sink import Speaker

if TYPE_CHECKING:
    from luigi.clock import Clock
    from luigi.output.sink import Sink


class Printing:
    """A context: while it lasts, where this process prints to stays open. `sink` is None when nobody takes output."""

    def __init__(self, sink: Sink | None, clock: Clock) -> None:
        self._sink, self._clock = sink, clock
        self._open = ExitStack()
        self._speaking: set[int] = set()
        """Tokens of jobs that have printed something."""

    def __enter__(self) -> Self:
        from luigi.output.tees import tees

        self._tees = self._open.enter_context(tees())
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._open.close()

    def print(self, task_id: str, token: int, at: float, stream: str, text: str) -> None:
        """More of what a job prints."""
        if stream in self._tees:
            self._tees[stream].write(text.encode())
        if self._sink is not None:
            self._speaking.add(token)
            self._sink.printed(Speaker(task_id, token), at, stream, text)

    def end(self, task_id: str, token: int) -> None:
        """The job has ended, or waits."""
        if self._sink is not None and token in self._speaking:
            self._speaking.remove(token)
            self._sink.ended(Speaker(task_id, token), self._clock.now())

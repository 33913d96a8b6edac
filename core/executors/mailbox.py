"""Where a child keeps messages until the task they are for runs and takes them."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING

from luigi.executors.frames import Deliver, Frame

if TYPE_CHECKING:
    from luigi.worker.context import Reporter


class Mailbox:
    """Filled by whoever reads the pipe, emptied by the task that runs: these may be two threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: list[Deliver] = []
        self._reporter: Reporter | None = None

    def sort_out(self, frames: Sequence[Frame]) -> list[Frame]:
        """Keep or deliver the messages among `frames`; gives the other frames."""
        others: list[Frame] = []
        for frame in frames:
            if type(frame) is Deliver:
                self._take(frame)
            else:
                others.append(frame)
        return others

    def open_for(self, reporter: Reporter) -> None:
        """A task begins that takes messages. Those kept for another are late, and dropped."""
        with self._lock:
            self._reporter = reporter
            kept, self._kept = self._kept, []
            for frame in kept:
                reporter.deliver(*frame)

    def close(self) -> None:
        """The task has ended or waits."""
        self._reporter = None

    def _take(self, frame: Deliver) -> None:
        """One that arrives before its task does, is kept."""
        with self._lock:
            if self._reporter is None:
                self._kept.append(frame)
            else:
                self._reporter.deliver(*frame)

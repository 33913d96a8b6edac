"""Tell how a run goes while it goes: a live display on a terminal, now and then a line anywhere else.

A plugin that `kernel run` registers; `luigi` stays as quiet as it always was. Events only count; drawing happens at
most some times a second, so that a task costs about a microsecond here.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Protocol, Self, TextIO

from luigi import hookimpl
from luigi.cli.taken_terminal import terminals
from luigi.cli.tally import ENDED, Tally
from luigi.clock import SYSTEM, Clock
from luigi.task_status import RUNNING

if TYPE_CHECKING:
    from luigi.worker.record import RunRecord

SECONDS_BETWEEN_LINES = 5.0
SHORTEST_RATED = 0.5
"""A run shorter than this, in seconds, says nothing of speed."""


class Display(Protocol):
    """How the tally is shown."""

    def start(self) -> None:
        """The run begins."""
        ...

    def changed(self) -> None:
        """An attempt has ended."""
        ...

    def stop(self) -> None:
        """The run is over: leave the last word."""
        ...


class Progress:
    """The plugin: counts transitions and lets a display show them."""

    def __init__(
        self, stream: TextIO | None = None, clock: Clock = SYSTEM, summary: bool = False, live: bool = True
    ) -> None:
        """Show the run on `stream`, stderr unless given; `summary`: print the execution summary at its end; `live`:
        whether a terminal may be drawn on."""
        self._stream = own(sys.stderr if stream is None else stream)
        self._is_live = live and is_live(self._stream)
        self._terminals = terminals()
        self._clock = clock
        self._summary = summary
        self._tally = Tally()
        self._display: Display | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        """Give the terminal back, also when the run never got to its end."""
        self._stop()

    @hookimpl
    def luigi_transition(self, task_id: str, family: str, before: str, after: str) -> None:
        """Count a task's change of status. The first ones come while the graph is still walked."""
        if self._display is None:
            self._begin()
        self._tally.moved(task_id, family, before, after)
        if before == RUNNING:
            self._display.changed()  # type: ignore[union-attr]  # it has begun

    @hookimpl
    def luigi_run_started(self) -> None:
        """Begin to show, if no task has made it begin before."""
        if self._display is None:
            self._begin()

    @hookimpl
    def luigi_run_finished(self, run: RunRecord) -> None:
        """Stop showing, and say how it went."""
        self._stop()
        if self._summary:
            print(_execution_summary(run), file=self._stream, flush=True)

    def _stop(self) -> None:
        display, self._display = self._display, None
        if display is not None:
            display.stop()

    def _begin(self) -> None:
        self._display = self._chosen_display()
        self._display.start()

    def _chosen_display(self) -> Display:
        if not self._is_live:
            return PlainLines(self._tally, self._stream, self._clock)
        from luigi.cli.live_display import LiveDisplay

        return LiveDisplay(self._tally, self._stream, self._clock, self._terminals)


class PlainLines:
    """A line every few seconds, when something happened, and one at the end."""

    def __init__(self, tally: Tally, stream: TextIO, clock: Clock) -> None:
        self._tally, self._stream, self._clock = tally, stream, clock
        self._began = self._next = 0.0

    def start(self) -> None:
        """Begin to count the time."""
        self._began = self._clock.monotonic()
        self._next = self._began + SECONDS_BETWEEN_LINES

    def changed(self) -> None:
        """Write a line if the last one is some seconds old."""
        now = self._clock.monotonic()
        if now >= self._next:
            self._next = now + SECONDS_BETWEEN_LINES
            print(summary(self._tally, now - self._began), file=self._stream, flush=True)

    def stop(self) -> None:
        """Write the last line."""
        seconds = self._clock.monotonic() - self._began
        print(summary(self._tally, seconds), file=self._stream, flush=True)


def _execution_summary(run: RunRecord) -> str:
    from luigi.execution_summary import execution_summary
    from luigi.execution_summary.groups import sort_out
    from luigi.execution_summary.status import status_of
    from luigi.execution_summary.text import summary_text

    groups = sort_out(run)
    return summary_text(groups, run, status_of(groups), execution_summary().summary_length)


def own(stream: TextIO) -> TextIO:
    """A stream to where this one goes now: what a task prints may be led elsewhere while it runs, but not this."""
    try:
        fd = os.dup(stream.fileno())
    except OSError:  # it stands for no file
        return stream
    return open(fd, "w", encoding=stream.encoding, errors=stream.errors)


def is_live(stream: TextIO) -> bool:
    """Whether `stream` is a terminal on which lines can be drawn again."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def summary(tally: Tally, seconds: float) -> str:
    """One line on how far the run is, after `seconds`."""
    rate = f", {speed(tally.attempts / seconds)}" if seconds >= SHORTEST_RATED and tally.attempts else ""
    counts = tally.counts()
    ended = sum(counts[status] for status in ENDED)
    told = ", ".join(f"{count} {status.lower()}" for status, count in counts.items() if count) or "nothing to do"
    return f"{ended} of {sum(counts.values())} tasks: {told} ({duration(seconds)}{rate})"


def speed(rate: float) -> str:
    """`rate`, in tasks a second, for a reader: `0.25/s`, `12.5/s`, `1,234/s`."""
    return f"{rate:,.0f}/s" if rate >= 100 else f"{rate:.3g}/s"


def duration(seconds: float) -> str:
    """`seconds` for a reader: `3.2 s`, `4:05`, `1:02:03`."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"

"""The live display of a run on a terminal: counts, families, what runs now, and how fast it goes."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from typing import TextIO

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from luigi.cli.progress import duration, speed, summary
from luigi.cli.taken_terminal import TakenTerminal
from luigi.cli.tally import ENDED, SHOWN, Tally
from luigi.clock import Clock
from luigi.task_status import DISABLED, DONE, FAILED, PENDING, RUNNING

REDRAWS_PER_SECOND = 8
FAMILIES_SHOWN = 8
TASKS_SHOWN = 4
BAR_WIDTH = 60
RATE_WINDOW = 5 * REDRAWS_PER_SECOND

COLOURS = {DONE: "green", RUNNING: "cyan", PENDING: "default", FAILED: "red", DISABLED: "magenta"}


class LiveDisplay:
    """Redraws from the tally in a thread of its own; logs and prints appear above it."""

    def __init__(self, tally: Tally, stream: TextIO, clock: Clock, taken: Collection[str] | None = None) -> None:
        """`taken` is as in TakenTerminal."""
        self._tally, self._clock, self._stream = tally, clock, stream
        self._began = 0.0
        self._samples: deque[tuple[float, int]] = deque(maxlen=RATE_WINDOW)
        self._console = Console(file=stream)
        self._live = Live(
            console=self._console,
            get_renderable=self._drawn,
            refresh_per_second=REDRAWS_PER_SECOND,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._terminal = TakenTerminal(self._console, taken)

    def start(self) -> None:
        """Begin to draw."""
        self._began = self._clock.monotonic()
        self._live.start()
        self._terminal.take()

    def changed(self) -> None:
        """Nothing: the next redraw shows it."""

    def stop(self) -> None:
        """Take the drawing away, and leave one line."""
        self._terminal.give_back()
        self._live.stop()
        print(summary(self._tally, self._clock.monotonic() - self._began), file=self._stream)

    # --- drawing -----------------------------------------------------------------------------------------------

    def _drawn(self) -> RenderableType:
        counts = self._tally.counts()
        done, known = sum(counts[status] for status in ENDED), sum(counts.values())
        bar = Table.grid()  # a bar alone ends without a new line
        bar.add_row(ProgressBar(total=max(known, 1), completed=done, width=min(BAR_WIDTH, self._console.width)))
        return Group(self._headline(counts), bar, self._families(), *self._running())

    def _headline(self, counts: dict[str, int]) -> Text:
        now = self._clock.monotonic()
        line = Text(no_wrap=True, overflow="ellipsis")
        for status in SHOWN:
            if count := counts[status]:
                line.append(f"{count} {status.lower()}  ", style=COLOURS[status])
        return line.append(f"{speed(self._rate(now))}  {duration(now - self._began)}", style="dim")

    def _rate(self, now: float) -> float:
        """Tries a second, over the last few seconds."""
        self._samples.append((now, self._tally.attempts))
        since, before = self._samples[0]
        return (self._tally.attempts - before) / (now - since) if now > since else 0.0

    def _families(self) -> Table:
        table = Table.grid(padding=(0, 2))
        # The counting thread may add a family meanwhile: a list is a snapshot.
        families = list(self._tally.families.items())
        families.sort(key=lambda entry: (-entry[1][RUNNING], -entry[1][PENDING], entry[0]))
        for name, counts in families[:FAMILIES_SHOWN]:
            row = [Text(f"{counts[status]} {status.lower()}", COLOURS[status]) for status in SHOWN if counts[status]]
            table.add_row(Text(name, "bold"), *row)
        if len(families) > FAMILIES_SHOWN:
            table.add_row(Text(f"and {len(families) - FAMILIES_SHOWN} more families", "dim"))
        return table

    def _running(self) -> list[Text]:
        running = list(self._tally.running)
        return [Text(f"▶ {task_id}", "cyan", no_wrap=True, overflow="ellipsis") for task_id in running[:TASKS_SHOWN]]

"""A stream whose lines appear above a live display, as they are: neither wrapped nor coloured by us."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from rich.console import Console


class Above:
    """Stands in for a terminal's stream. A line is shown when it is whole."""

    def __init__(self, console: Console, stream: TextIO) -> None:
        """`console` draws the live display; `stream` is what this stands in for."""
        self._console, self.stands_for = console, stream
        self._unfinished = ""

    def another(self) -> Above:
        """One for the same stream, with lines of its own."""
        return Above(self._console, self.stands_for)

    def write(self, text: str) -> int:
        """Show it, unless the stream leads somewhere else for a while: there it is taken as what a task prints."""
        if not self.stands_for.isatty():
            return self.stands_for.write(text)
        self.show(text)
        return len(text)

    def show(self, text: str) -> None:
        """Show the whole lines of `text`, keep the rest for later."""
        whole, newline, rest = text.rpartition("\n")
        if newline:
            self._show(self._unfinished + whole)
            self._unfinished = rest
        else:
            self._unfinished += text

    def flush(self) -> None:
        """Nothing, on the terminal: a line that is not whole cannot stand above the display."""
        if not self.stands_for.isatty():
            self.stands_for.flush()

    def finish(self) -> None:
        """Show what was left without an end of line."""
        if self._unfinished:
            self._show(self._unfinished)
            self._unfinished = ""

    def _show(self, lines: str) -> None:
        from rich.text import Text

        self._console.print(Text.from_ansi(lines), soft_wrap=True)

    def __getattr__(self, name: str) -> Any:
        """`isatty`, `fileno`, `encoding` …: those of the stream."""
        return getattr(self.stands_for, name)

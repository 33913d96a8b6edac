"""What these commands print: one JSON document, or lines in columns, in colour on a terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from luigi.task_status import BATCH_RUNNING, DISABLED, DONE, FAILED, RUNNING

RED, GREEN, CYAN, PLAIN = "\x1b[31m", "\x1b[32m", "\x1b[36m", "\x1b[0m"
COLOURS: Final[Mapping[str, str]] = {
    FAILED: RED,
    DISABLED: RED,
    DONE: GREEN,
    RUNNING: CYAN,
    BATCH_RUNNING: CYAN,
}
GAP: Final = "  "


def tell_json(told: Any) -> None:
    """Print what a program asked for."""
    print(json.dumps(told, indent=2, ensure_ascii=False))


def tell(lines: Iterable[str]) -> None:
    """Print lines."""
    for line in lines:
        print(line)


def table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    """Rows in columns below `head`; numbers to the right. Without rows there is nothing."""
    if not rows:
        return
    cells = [list(head), *[[shown(value) for value in row] for row in rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    right = [isinstance(value, int | float) for value in rows[0]]
    for row in cells:
        padded = [
            cell.rjust(width) if is_number else cell.ljust(width)
            for cell, width, is_number in zip(row, widths, right, strict=True)
        ]
        padded[-1] = padded[-1].rstrip()
        yield GAP.join(_coloured(cell) for cell in padded).rstrip()


def shown(value: Any) -> str:
    """A value in a line: what would break the line, or steer the terminal, is left out."""
    if isinstance(value, float):
        return f"{value:g}"
    text = str(value)
    return text if text.isprintable() else "".join(one if one.isprintable() else " " for one in text)


def counted(counts: Mapping[str, int], nothing: str = "no tasks") -> str:
    """How many there are of which status: `3 DONE, 1 FAILED`; `nothing` for none."""
    found = ", ".join(f"{number} {_coloured(status)}" for status, number in sorted(counts.items()) if number)
    return found or nothing


def number_of(number: int, noun: str) -> str:
    """`1 task`, `2 tasks`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def ago(then: float | None, now: float) -> str:
    """How long since `then`, in seconds since the epoch; empty for never."""
    from luigi.scheduler.views import steps

    return "" if then is None else steps.ago(then, now)


def moment(at: float | None) -> str:
    """A time in seconds since the epoch as the machine's time zone has it; empty for none."""
    from datetime import datetime

    return "" if at is None else f"{datetime.fromtimestamp(at):%Y-%m-%d %H:%M:%S}"


def lasted(began: float | None, ended: float | None) -> str:
    """How long something took, in its greatest unit; empty where that is not known."""
    from luigi.scheduler.views import steps

    return "" if began is None or ended is None else steps.for_long(ended - began)


def last_line(said: str | None) -> str:
    """What a failure ends with: of a traceback, the error."""
    from luigi.scheduler.views import steps

    return steps.last_line(said)


def _coloured(cell: str) -> str:
    from luigi.cli.complain import coloured

    colour = COLOURS.get(cell.strip(), "")
    return f"{colour}{cell}{PLAIN}" if colour and coloured(sys.stdout) else cell

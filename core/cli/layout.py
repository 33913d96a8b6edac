"""Lay text out in the width of the terminal: paragraphs, and names with their explanations in two columns."""

from __future__ import annotations

import os
from collections.abc import Iterator

COLUMN = 28
"""Where explanations begin."""


def width() -> int:
    """The characters in a line: the terminal's, at least 60 and at most 110; 100 when there is no terminal."""
    wanted = os.environ.get("COLUMNS", "")
    try:
        columns = int(wanted) if wanted.isdigit() else os.get_terminal_size().columns
    except OSError:
        columns = 100
    return max(60, min(columns, 110))


def paragraph(text: str, indent: int = 0, limit: int = 0) -> Iterator[str]:
    """`text` in lines of `limit` characters at most; without one, as many as the terminal is wide."""
    limit = limit or width()
    line = " " * indent
    for word in text.split():
        if len(line) > indent and len(line) + len(word) > limit:
            yield line.rstrip()
            line = " " * indent
        line += f"{word} "
    yield line.rstrip()


def option_lines(name: str, meaning: str) -> Iterator[str]:
    """`name` with its `meaning` beside it, or below it when the name is long."""
    explanation = list(paragraph(meaning, COLUMN)) if meaning else []
    head = f"  {name}"
    if explanation and len(head) < COLUMN - 1:
        yield head.ljust(COLUMN) + explanation.pop(0)[COLUMN:]
    else:
        yield head
    yield from explanation

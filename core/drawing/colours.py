"""The colour of each status, light and dark: told apart in black and white, too, by the words beside them."""

from __future__ import annotations

from typing import Final

from luigi.drawing.picture import COMPLETE, DISABLED, MISSING, PENDING, UNKNOWN

FILLS: Final = {
    COMPLETE: "#d7f0dd",
    PENDING: "#fff3cd",
    MISSING: "#fde2cf",
    UNKNOWN: "#fbd5d8",
    DISABLED: "#e2e3e5",
}
"""Status → background under dark text."""

DARK_FILLS: Final = {
    COMPLETE: "#1d4a2b",
    PENDING: "#5a4a12",
    MISSING: "#6a3a17",
    UNKNOWN: "#6b2229",
    DISABLED: "#3c3f43",
}
"""Status → background under light text."""

TERMINAL: Final = {COMPLETE: "32", PENDING: "33", MISSING: "35", UNKNOWN: "31", DISABLED: "90"}
"""Status → the number of a terminal's colour."""


def on_terminal(text: str, status: str) -> str:
    """`text` in the colour of `status`."""
    return f"\x1b[{TERMINAL[status]}m{text}\x1b[0m" if status else text

"""Texts as every database takes them: no NUL, no half of a character, no longer than there is room."""

from __future__ import annotations

from typing import Final

ROOM: Final = 100_000
"""Characters kept of a text that has no end of its own: an error, a command line."""


def storable(text: str, longest: int = ROOM) -> str:
    """The text, cut; what no database keeps is shown in another way."""
    text = text[:longest]
    if not text.isascii():
        text = text.encode("utf-8", "backslashreplace").decode("utf-8")[:longest]
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}") if "\0" in text else text


def within_bytes(text: str, longest: int) -> str:
    """The text, cut to so many bytes."""
    if len(text) * 4 <= longest:
        return text
    return text.encode("utf-8")[:longest].decode("utf-8", "ignore")

"""Text as Java's programs read it."""

from __future__ import annotations


def unicode_escape(char: str) -> str:
    r"""A character as \uXXXX; those beyond the first 65,536 take two of these."""
    units = char.encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))

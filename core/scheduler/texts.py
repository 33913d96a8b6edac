"""Texts that many records have in common are held once."""

from __future__ import annotations

from typing import Final, TypeVar

Text = TypeVar("Text", str, "str | None")

AT_ONCE: Final = 10_000
"""How many different texts are known at a time: those of the tasks that came in last."""


class Texts:
    """Gives equal texts as the same object, as far as it remembers: what comes over a wire is new each time.

    What has not been seen for long is forgotten with all the rest, so that it never grows.
    """

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[str | None, str | None] = {}

    def one(self, text: Text) -> Text:
        """The text, as the object that others have."""
        known = self._known
        if len(known) >= AT_ONCE:
            known.clear()
        return known.setdefault(text, text)  # type: ignore[return-value]  # equal, so of the same type

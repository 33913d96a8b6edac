"""What a rule found."""

from __future__ import annotations

from typing import NamedTuple


class Finding(NamedTuple):
    """One thing that is wrong."""

    path: str
    line: int
    """Counted from 1; 0 when it is not known."""
    rule: str
    sentence: str
    hint: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.sentence}"

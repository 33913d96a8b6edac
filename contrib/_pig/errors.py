"""What can go wrong with Pig."""

from __future__ import annotations

from typing import Final

from luigi.contrib._jobs.printed_error import PrintedError
from luigi.errors import KernelError

SHOWN_LINES: Final = 20
"""Lines of each stream that an error's sentence ends with."""


class PigJobError(PrintedError):
    """A script failed. `out` and `err` are the end of what Pig has printed."""

    def __str__(self) -> str:
        printed = [f"{name}: {_last(text)}" for name, text in (("STDOUT", self.out), ("STDERR", self.err)) if text]
        return "\n".join([self.message, *printed])


def _last(text: str) -> str:
    return "\n".join(text.rstrip().splitlines()[-SHOWN_LINES:])


class UnfitParameter(KernelError, ValueError):
    """A parameter that Pig's files of them cannot hold."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"Pig cannot have the parameter {name!r}: {why}")

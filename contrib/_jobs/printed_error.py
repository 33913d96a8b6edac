"""The error of a program that ran a job, as several of Luigi's are: a sentence, and what the program has printed."""

from __future__ import annotations

from luigi.errors import KernelError


class PrintedError(KernelError, RuntimeError):
    """`message` is the sentence; `out` and `err` are what the program has printed, or the end of that."""

    def __init__(self, message: str, out: str | None = None, err: str | None = None) -> None:
        super().__init__(message, out, err)
        self.message = message
        self.out = out
        self.err = err

    def __str__(self) -> str:
        return self.message

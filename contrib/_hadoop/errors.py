"""What jobs of Hadoop end with when they do not end well."""

from __future__ import annotations

from luigi.contrib._jobs.printed_error import PrintedError
from luigi.errors import KernelError


class HadoopJobError(PrintedError):
    """A job failed. `out` and `err` are the end of what the program that ran it has printed."""


class UnfitTarget(KernelError, TypeError):
    """A target that Hadoop cannot read or write."""

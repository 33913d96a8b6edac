"""`kernel unpause`: have the scheduler hand out tasks again."""

from __future__ import annotations

ABOUT = "Has the scheduler hand out tasks again after `kernel pause`."


def main(argv: list[str]) -> int:
    """Do what `argv` says. The exit code. Raises UsageError and KernelError."""
    from luigi.cli.operating.pausing import main as order

    return order("unpause", ABOUT, argv)

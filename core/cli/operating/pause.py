"""`kernel pause`: have the scheduler hand out nothing more; what runs goes on."""

from __future__ import annotations

ABOUT = "Has the scheduler hand out nothing more until `kernel unpause`. What runs goes on, and runs wait."


def main(argv: list[str]) -> int:
    """Do what `argv` says. The exit code. Raises UsageError and KernelError."""
    from luigi.cli.operating.pausing import main as order

    return order("pause", ABOUT, argv)

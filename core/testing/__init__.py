"""For tests of programs and plugins: a clock to turn by hand, `run_task`, and contract suites for implementations."""

from __future__ import annotations

from luigi.testing.clock import FakeClock
from luigi.testing.run import NotRun, run_task

__all__ = ["FakeClock", "NotRun", "run_task"]

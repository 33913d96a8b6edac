"""What runs on other machines in hosted_*.py: a rest, as a task and as a function."""

from __future__ import annotations

import time

import luigi


class Rests(luigi.Task):
    """Takes time of the clock, and none of the processor."""

    n: int = luigi.IntParameter()
    seconds: float = luigi.FloatParameter()
    folder: str = luigi.Parameter()
    ran = False

    def run(self) -> None:
        rest(self.n, self.seconds)

    def complete(self) -> bool:
        return False


def rest(n: int, seconds: float) -> None:
    if seconds:
        time.sleep(seconds)

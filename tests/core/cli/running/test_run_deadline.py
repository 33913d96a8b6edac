"""`kernel run --deadline`: people hear that what was asked for is not done yet, and the run goes on."""

from __future__ import annotations

from typing import Any

MODULE = """
import luigi
from luigi.clock import SYSTEM


class Slow(luigi.Task):
    def output(self):
        return luigi.LocalTarget("slow")

    def run(self):
        SYSTEM.sleep(4)
        with self.output().open("w") as file:
            file.write("x")
"""


def test_a_run_that_takes_longer_is_told_of(shell: Any) -> None:
    shell.write("slow.py", MODULE)
    ended = shell.kernel("run", "--deadline", "1", "slow:Slow")
    assert ended.code == 0
    assert "Luigi: Slow() LATE" in ended.err + ended.out
    assert (shell.directory / "slow").exists()


def test_one_that_is_done_in_time_is_not(shell: Any) -> None:
    shell.write("slow.py", MODULE)
    (shell.directory / "slow").touch()
    ended = shell.kernel("run", "--deadline", "PT1S", "slow:Slow")
    assert ended.code == 0
    assert "LATE" not in ended.err + ended.out

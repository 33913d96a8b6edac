"""Luigi API: N independent tasks, each of which computes until it has used five milliseconds of CPU; two processes."""

from __future__ import annotations

import sys
import time

import luigi
from meter import measured

SECONDS = 0.005


class Spin(luigi.Task):
    number = luigi.IntParameter()

    def complete(self) -> bool:
        return False

    def run(self) -> None:
        end = time.thread_time() + SECONDS
        while time.thread_time() < end:
            pass


number = int(sys.argv[1])
with measured():
    tasks = [Spin(i) for i in range(number)]
    assert luigi.build(tasks, workers=2, local_scheduler=True, log_level="WARNING")

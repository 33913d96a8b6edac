"""Luigi API: N independent tasks, each of which writes one small file atomically.

`python file_tasks.py N 2` runs them in two processes.
"""

from __future__ import annotations

import os
import sys

import luigi
from meter import measured


class OneFile(luigi.Task):
    number = luigi.IntParameter()

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(f"out/{self.number}.txt")

    def run(self) -> None:
        with self.output().open("w") as file:
            file.write(f"task {self.number}\n")


number, workers = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
with measured():
    tasks = [OneFile(i) for i in range(number)]
    assert luigi.build(tasks, workers=workers, local_scheduler=True, log_level="WARNING")
assert len(os.listdir("out")) == number

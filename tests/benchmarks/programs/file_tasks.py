"""Luigi API: N independent tasks, each of which writes one small file atomically."""

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


number = int(sys.argv[1])
with measured():
    assert luigi.build([OneFile(i) for i in range(number)], local_scheduler=True, log_level="WARNING")
assert len(os.listdir("out")) == number

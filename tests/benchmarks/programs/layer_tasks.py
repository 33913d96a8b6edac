"""Luigi API: N tasks in ten layers, each task needing three of the layer before and writing one small file."""

from __future__ import annotations

import os
import sys

import luigi
from meter import measured

LAYERS = 10
NEEDS = 3
number = int(sys.argv[1])
width = number // LAYERS


class Node(luigi.Task):
    layer = luigi.IntParameter()
    place = luigi.IntParameter()

    def requires(self) -> list[luigi.Task]:
        if self.layer == 0:
            return []
        return [Node(layer=self.layer - 1, place=(self.place + step) % width) for step in range(NEEDS)]

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(f"out/{self.layer}-{self.place}.txt")

    def run(self) -> None:
        with self.output().open("w") as file:
            file.write(f"task {self.layer} {self.place}\n")


with measured():
    last = [Node(layer=LAYERS - 1, place=place) for place in range(width)]
    assert luigi.build(last, local_scheduler=True, log_level="WARNING")
assert len(os.listdir("out")) == width * LAYERS

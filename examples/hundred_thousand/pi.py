"""π, from a hundred thousand tasks: 90,000 throw darts, the others take means of ten until one is left.

Each task leaves a small file. Kill the run whenever you like: what is there is not done again.
"""

from __future__ import annotations

import random

import luigi

DARTS = 200
WIDTH = 10
"""How many numbers each mean is taken of."""


class Number(luigi.Task):
    """A task that leaves one number."""

    number = luigi.IntParameter(description="which one of its kind")
    output_dir = luigi.Parameter(significant=False, config_path={"section": "pi", "name": "output_dir"})

    def output(self) -> luigi.LocalTarget:
        folder = f"{self.output_dir}/{self.task_family}"
        return luigi.LocalTarget(f"{folder}/{self.number // 1000:03}/{self.number % 1000:03}.txt")

    def work(self) -> float:
        """The number."""
        raise NotImplementedError

    def run(self) -> None:
        with self.output().open("w") as file:
            file.write(f"{self.work()}\n")


class Throw(Number):
    """Throws darts at a square: four times the share that hits the circle in it is about π."""

    def work(self) -> float:
        dice = random.Random(self.number)
        return 4 * sum(dice.random() ** 2 + dice.random() ** 2 <= 1 for _ in range(DARTS)) / DARTS


class Mean(Number):
    """The mean of ten numbers of the level below."""

    level = luigi.IntParameter(description="1: of throws; above: of means")

    def requires(self) -> list[Number]:
        numbers = range(WIDTH * self.number, WIDTH * (self.number + 1))
        if self.level == 1:
            return [Throw(number) for number in numbers]
        return [Mean(number, level=self.level - 1) for number in numbers]

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(f"{self.output_dir}/Mean/{self.level}/{self.number:04}.txt")

    def work(self) -> float:
        return sum(float(target.open().read()) for target in self.input()) / WIDTH


class Pi(luigi.Task):
    """The mean of all throws."""

    tenthousands = luigi.IntParameter(default=9, description="how many throws, in ten thousands")
    output_dir = luigi.Parameter(significant=False, config_path={"section": "pi", "name": "output_dir"})

    def requires(self) -> list[Mean]:
        return [Mean(number, level=4) for number in range(self.tenthousands)]

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(f"{self.output_dir}/pi_{self.tenthousands}.txt")

    def run(self) -> None:
        means = [float(target.open().read()) for target in self.input()]
        with self.output().open("w") as file:
            file.write(f"{sum(means) / len(means):.5f}\n")

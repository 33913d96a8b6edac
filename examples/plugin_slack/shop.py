"""A pipeline that fails, to see a message come: `kernel run shop:Week`."""

from __future__ import annotations

from pathlib import Path

import luigi


class Orders(luigi.Task):
    """The orders of one day, copied from where the shop writes them."""

    day = luigi.IntParameter()

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(f"orders-{self.day}.csv")

    def run(self) -> None:
        with self.output().open("w") as file:
            file.write(Path(f"shop-{self.day}.csv").read_text())


class Week(luigi.WrapperTask):
    """All days of a week."""

    def requires(self) -> list[Orders]:
        return [Orders(day=day) for day in range(1, 8)]

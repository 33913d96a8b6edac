"""Luigi API: N independent tasks that do nothing but remember, in memory, that they were done."""

from __future__ import annotations

import sys

import luigi
from meter import measured

done: set[int] = set()


class Noop(luigi.Task):
    number = luigi.IntParameter()

    def complete(self) -> bool:
        return self.number in done

    def run(self) -> None:
        done.add(self.number)


number = int(sys.argv[1])
with measured():
    assert luigi.build([Noop(i) for i in range(number)], local_scheduler=True, log_level="WARNING")
assert len(done) == number

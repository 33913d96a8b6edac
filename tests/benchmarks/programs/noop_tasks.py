"""Luigi API: N independent tasks that do nothing but remember, in memory, that they were done.

`python noop_tasks.py N further` has run one task before the N are measured: what starting costs is then not in them.
"""

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


def run(numbers: range) -> None:
    assert luigi.build([Noop(i) for i in numbers], local_scheduler=True, log_level="WARNING")


number = int(sys.argv[1])
if "further" in sys.argv:
    run(range(number, number + 1))
with measured():
    run(range(number))
assert done.issuperset(range(number))

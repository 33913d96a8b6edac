"""Luigi API: N new instances of a task with five parameters, and the same N again, out of the instance cache."""

from __future__ import annotations

import datetime
import sys

import luigi
from meter import measured


class FiveParameters(luigi.Task):
    name = luigi.Parameter()
    count = luigi.IntParameter()
    ratio = luigi.FloatParameter(default=0.5)
    day = luigi.DateParameter()
    force = luigi.BoolParameter(default=False, significant=False)


def make(number: int) -> list[luigi.Task]:
    start = datetime.date(2013, 1, 1)
    return [FiveParameters(name=f"n{i}", count=i, day=start + datetime.timedelta(days=i % 365)) for i in range(number)]


number = int(sys.argv[1])
with measured("new"):
    first = make(number)
with measured("again"):
    second = make(number)
assert all(a is b for a, b in zip(first, second, strict=True))

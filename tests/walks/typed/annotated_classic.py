"""Classic parameters with an annotation. mypy alone knows which of them have no default."""

import datetime
from typing import reveal_type

import luigi


class Report(luigi.Task):
    day: datetime.date = luigi.DateParameter()
    count: int = luigi.IntParameter(default=3, significant=False)
    loud: bool = luigi.BoolParameter()
    limit: int | None = luigi.OptionalIntParameter()
    names: tuple[str, ...] = luigi.ListParameter(default=())

    def run(self) -> None:
        reveal_type(self.count)  # is: int
        reveal_type(self.names)  # is: tuple[str, ...]


JULY = datetime.date(2013, 7, 4)

Report(day=JULY)
Report(JULY, 5, True, None, ("a",))
reveal_type(Report(JULY).day)  # is: date

Report()  # error: mypy
Report(JULY, count="5")  # error
Report(JULY, cuont=5)  # error
Report(JULY, limit="x")  # error

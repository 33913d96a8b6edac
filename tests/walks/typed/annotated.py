"""Parameters by plain annotation: what a type checker must say is in the comments."""

import datetime
import enum
from pathlib import Path
from typing import Annotated, Literal, reveal_type

import luigi
from luigi.date_interval import DateInterval


class Color(enum.Enum):
    RED = 1


class Report(luigi.Task):
    day: datetime.date
    count: int
    share: float = 1.0
    loud: bool = False
    mode: Literal["a", "b"] = "a"
    color: Color = Color.RED
    path: Path | None = None
    numbers: list[int] = []
    span: DateInterval | None = None
    priority: int = 5

    def run(self) -> None:
        reveal_type(self.day)  # is: date
        mode: Literal["a", "b"] = self.mode
        print(mode)
        reveal_type(self.path)  # is: Path | None


JULY = datetime.date(2013, 7, 4)

Report(day=JULY, count=1)
Report(JULY, 1)
Report(JULY, 1, 0.5, True, "b", Color.RED, Path("x"), [1, 2])
reveal_type(Report(JULY, 1))  # is: Report
reveal_type(Report(JULY, 1).count)  # is: int

Report(day="2013-07-04", count=1)  # error
Report(JULY, "1")  # error
Report(JULY)  # error
Report()  # error
Report(day=JULY, count=1, mode="c")  # error
Report(day=JULY, count=1, path=3)  # error
Report(day=JULY, count=1, colour=Color.RED)  # error
print(Report(JULY, 1).cuont)  # error


class Longer(Report):
    extra: str = ""


Longer(JULY, 1, extra="x")
Longer(JULY, extra="x")  # error
Longer(JULY, 1, extra=1)  # error


class Monthly(luigi.Task):
    month: Annotated[datetime.date, luigi.MonthParameter()]
    count: Annotated[int, luigi.IntParameter(significant=False)] = 3


reveal_type(Monthly(JULY).month)  # is: date
Monthly()  # error
Monthly(JULY, "3")  # error


def takes_any(task: luigi.Task) -> str:
    return str(task)


takes_any(Report(JULY, 1))

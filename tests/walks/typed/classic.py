"""Parameters as Luigi's programs declare them: nothing in here is wrong."""

import datetime
import enum
from collections.abc import Iterator
from typing import Any, reveal_type

import luigi


class Color(enum.Enum):
    RED = 1


class Config(luigi.Config):
    where = luigi.Parameter(default="here")


class Source(luigi.ExternalTask):
    day = luigi.DateParameter()


class Report(luigi.Task):
    count = luigi.IntParameter()
    day = luigi.DateParameter(default=datetime.date(2013, 7, 4))
    text = luigi.Parameter(default="x", significant=False)
    limit = luigi.OptionalIntParameter()
    names = luigi.ListParameter(default=())
    table = luigi.DictParameter(default={})
    color = luigi.EnumParameter(enum=Color, default=Color.RED)
    colors = luigi.EnumListParameter(enum=Color, default=())
    choice = luigi.ChoiceParameter(choices=["a", "b"], default="a")
    some = luigi.ChoiceListParameter(choices=[1, 2], var_type=int, default=(1,))
    level = luigi.NumericalParameter(var_type=int, min_value=1, max_value=9, default=1)
    wait = luigi.TimeDeltaParameter(default=datetime.timedelta(hours=1))
    path = luigi.PathParameter(default="x")
    maybe = luigi.OptionalPathParameter()
    loud = luigi.BoolParameter()
    unset = luigi.Parameter(default=None, config_path={"section": "old", "name": "unset"})
    never = luigi.DateParameter(default=None, batch_method=max)
    list_ = luigi.ListParameter(default=[])
    few = luigi.OptionalListParameter(default=[])
    task = luigi.TaskParameter(default=luigi.ExternalTask)

    retry_count = 3
    priority = 5
    task_namespace = "reports"

    @property
    def resources(self) -> dict[str, int]:
        return {"database": self.count}

    def requires(self) -> Iterator[luigi.Task]:
        yield Source(day=self.day)
        yield self.clone(Source)

    def run(self) -> None:
        reveal_type(self.count)  # is: int
        reveal_type(self.day)  # is: date
        reveal_type(self.text)  # is: str
        reveal_type(self.limit)  # is: int | None
        reveal_type(self.names)  # is: tuple[Any, ...]
        reveal_type(self.table)  # is: dict[Any, Any]
        reveal_type(self.color)  # is: Color
        reveal_type(self.colors)  # is: tuple[Color, ...]
        reveal_type(self.choice)  # is: str
        reveal_type(self.some)  # is: tuple[int, ...]
        reveal_type(self.level)  # is: int
        reveal_type(self.wait)  # is: timedelta
        reveal_type(self.path)  # is: Path
        reveal_type(self.maybe)  # is: Path | None
        reveal_type(self.loud)  # is: bool
        reveal_type(self.unset)  # is: str
        reveal_type(self.task)  # is: type[ExternalTask]


class Longer(Report):
    extra = luigi.Parameter(default="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seen = 0


Report(3)
Report(count=3, day=datetime.date(2013, 7, 5))
Longer(3, extra="x").seen += 1
Config().where.upper()
reveal_type(Report.count)  # is: IntParameter
Report.count.parse("3").bit_length()
tasks: list[luigi.Task] = [Report(3), *Report(3).requires()]

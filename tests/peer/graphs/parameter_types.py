"""A parameter of every type: how its values look in ids, reprs and as text."""

import datetime
import enum

import luigi
from luigi.date_interval import Custom, Date, Month, Week, Year


class Colour(enum.Enum):
    RED = "r"
    DARK_BLUE = "b"


class Written(luigi.Task):
    def output(self):
        return luigi.LocalTarget(f"{self.task_id}.txt")

    def run(self):
        with self.output().open("w") as out:
            out.write(f"{self}\n")


class Scalars(Written):
    text = luigi.Parameter(default="a text")
    number = luigi.IntParameter(default=-7)
    real = luigi.FloatParameter(default=0.1)
    huge = luigi.FloatParameter(default=1e300)
    yes = luigi.BoolParameter(default=True)
    no = luigi.BoolParameter(default=False, parsing=luigi.BoolParameter.EXPLICIT_PARSING)
    limited = luigi.NumericalParameter(var_type=int, min_value=0, max_value=9, default=3)
    one_of = luigi.ChoiceParameter(choices=["first", "second"], default="second")
    number_of = luigi.ChoiceParameter(choices=[1, 2], var_type=int, default=2)
    path = luigi.PathParameter(default="some/where")


class Dates(Written):
    day = luigi.DateParameter(default=datetime.date(2013, 7, 4))
    month = luigi.MonthParameter(default=datetime.date(2013, 7, 4))
    year = luigi.YearParameter(default=datetime.date(2013, 7, 4))
    hour = luigi.DateHourParameter(default=datetime.datetime(2013, 7, 4, 12, 34, 56))
    minute = luigi.DateMinuteParameter(default=datetime.datetime(2013, 7, 4, 12, 34, 56))
    quarter = luigi.DateMinuteParameter(default=datetime.datetime(2013, 7, 4, 12, 34, 56), interval=15)
    second = luigi.DateSecondParameter(default=datetime.datetime(2013, 7, 4, 12, 34, 56))
    weekly = luigi.DateParameter(default=datetime.date(2013, 7, 4), interval=7, start=datetime.date(2013, 1, 1))
    length = luigi.TimeDeltaParameter(default=datetime.timedelta(days=9, hours=5, seconds=3))


class Intervals(Written):
    interval = luigi.DateIntervalParameter(default=Week(2013, 27))


class Structures(Written):
    items = luigi.ListParameter(default=[1, "two", [3.5, None, True]])
    pair = luigi.TupleParameter(default=((1, 2), (3, 4)))
    mapping = luigi.DictParameter(default={"b": 1, "a": {"nested": [1, 2]}})
    colour = luigi.EnumParameter(enum=Colour, default=Colour.DARK_BLUE)
    colours = luigi.EnumListParameter(enum=Colour, default=(Colour.RED, Colour.DARK_BLUE))
    chosen = luigi.ChoiceListParameter(choices=["a", "b", "c"], default=("c", "a"))
    task = luigi.TaskParameter(default=Scalars)


class Optionals(Written):
    text = luigi.OptionalParameter(default=None)
    string = luigi.OptionalStrParameter(default="given")
    number = luigi.OptionalIntParameter(default=None)
    real = luigi.OptionalFloatParameter(default=2.5)
    yes = luigi.OptionalBoolParameter(default=None)
    items = luigi.OptionalListParameter(default=None)
    pair = luigi.OptionalTupleParameter(default=(1, 2))
    mapping = luigi.OptionalDictParameter(default=None)
    path = luigi.OptionalPathParameter(default=None)
    chosen = luigi.OptionalChoiceParameter(choices=["a", "b"], default=None)
    limited = luigi.OptionalNumericalParameter(var_type=float, min_value=0, max_value=1, default=0.5)


def every():
    return [
        Scalars(),
        Scalars(text="", number=10**20, real=float("inf"), one_of="first"),
        Scalars(text="with: all, the (odd) {signs} = / \\ \" '", number=0, real=-0.0),
        Dates(),
        Dates(day=datetime.date(1999, 12, 31), length=datetime.timedelta(0)),
        Dates(length=datetime.timedelta(weeks=3, minutes=1)),
        Intervals(),
        Intervals(interval=Date(2013, 7, 4)),
        Intervals(interval=Month(2013, 7)),
        Intervals(interval=Year(2013)),
        Intervals(interval=Custom(datetime.date(2013, 1, 30), datetime.date(2013, 2, 2))),
        Structures(),
        Structures(items=[], pair=(), mapping={}, colours=(), chosen=("b",), task=Dates),
        Structures(items=[{"in": "list"}], mapping={"": None, "1": [{}]}, colour=Colour.RED),
        Optionals(),
        Optionals(text="t", string=None, number=3, yes=False, items=[1], mapping={"k": "v"}, chosen="b"),
    ]


BUILDS = [every]


def facts():
    kept = Dates()
    structures = Structures()
    return {
        "normalised": [str(kept.month), str(kept.year), str(kept.hour), str(kept.quarter), str(kept.weekly)],
        "kept as": [repr(structures.items), repr(structures.pair), type(structures.mapping).__name__],
        "days": [str(day) for day in Week(2013, 27)],
    }

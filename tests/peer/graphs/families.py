"""Many tasks of a family: how one line of the summary speaks for all of them."""

import datetime

import luigi


class Done(luigi.Task):
    def complete(self):
        return True


class Number(Done):
    n = luigi.IntParameter()


class Day(Done):
    day = luigi.DateParameter()


class Hour(Done):
    hour = luigi.DateHourParameter()


class Month(Done):
    month = luigi.MonthParameter()


class Weekly(Done):
    day = luigi.DateParameter(interval=7)
    kind = luigi.Parameter(default="k")


class Text(Done):
    text = luigi.Parameter()


class Real(Done):
    real = luigi.FloatParameter()


class Maybe(Done):
    n = luigi.OptionalIntParameter()


class Two(Done):
    n = luigi.IntParameter()
    text = luigi.Parameter(default="t")


class TwoNumbers(Done):
    n = luigi.IntParameter()
    m = luigi.IntParameter(default=0)


class Unseen(Done):
    n = luigi.IntParameter()
    other = luigi.IntParameter(significant=False, default=3)


class Three(Done):
    day = luigi.DateParameter()
    items = luigi.ListParameter(default=[1, "é"])
    mapping = luigi.DictParameter(default={"a": [1]})


class OwnText(Done):
    n = luigi.IntParameter()
    m = luigi.IntParameter(default=0)

    def __str__(self):
        return f"number {9 - self.n}"


def several(*tasks):
    """Each argument in a run of its own, behind one task that is not complete."""
    return [lambda group=group: [Group(len(group), group)] for group in tasks]


class Group(luigi.Task):
    size = luigi.IntParameter()
    tasks = luigi.ListParameter(significant=False)

    def __init__(self, size, tasks):
        super().__init__(size, [])
        self.required = tasks

    def requires(self):
        return self.required

    def complete(self):
        return False


def words(lengths):
    return ["abcdefgh"[place] * length for place, length in enumerate(lengths)]


def texts(*lengths):
    """Tasks whose values have these lengths."""
    return [Text(word) for word in words(lengths)]


def named(*lengths):
    """A class with parameters whose names have these lengths."""
    return type(f"Names{sum(lengths)}", (Done,), {name: luigi.IntParameter(default=0) for name in words(lengths)})


JULY = [datetime.date(2013, 7, day) for day in range(1, 32)]

BUILDS = several(
    [Number(3)],
    [Number(n) for n in (3, 4)],
    [Number(n) for n in (1, 2, 3)],
    [Number(n) for n in (1, 2, 3, 4)],
    [Number(n) for n in range(-3, 9)],
    [Number(n) for n in (1, 2, 4, 5, 9)],
    [Number(2 * n) for n in range(40)],
    [Number(2 * n + 10**11) for n in range(9)],
    [Day(day) for day in JULY],
    [Day(day) for day in JULY[::2]],
    [Hour(datetime.datetime(2013, 7, 4, hour)) for hour in range(5)],
    [Month(datetime.date(2013, month, 1)) for month in range(1, 13)],
    [Weekly(day) for day in JULY[::7]],
    [Text(text) for text in "abc"],
    [Text(text) for text in ("a", "a!", "a ", "a#")],
    texts(5, 5, 5, 5, 4, 5, 5, 5),
    texts(1, 25, 1, 1, 1),
    texts(1, 24, 1, 1, 1),
    texts(98, 100, 5),
    texts(99, 100, 5),
    texts(190, 3, 3, 3),
    [Real(0.5 * n) for n in range(5)],
    [Maybe(n) for n in (0, 1, 2, 3, None)],
    [Two(1), Two(2)],
    [Two(n) for n in range(3)],
    [Two(n) for n in (9, 10, 12)],
    [Two(n) for n in (9, 10, 11)],
    [Two(n, str(n)) for n in (9, 10, 11)],
    [Two(1, text) for text in ("x", "y", "z")],
    [Two(1, text) for text in ("a, text=b", "a", "a!")],
    [TwoNumbers(n, n) for n in range(4)],
    [TwoNumbers(5, n) for n in range(4)],
    [TwoNumbers(n // 2, n % 2) for n in range(4)],
    [Unseen(n) for n in range(2)],
    [Unseen(n) for n in range(4)],
    [Unseen(n, n) for n in range(4)],
    [Three(day) for day in JULY[:9]],
    [Three(day) for day in JULY[:9:2]],
    [OwnText(n) for n in (1, 2)],
    [OwnText(n) for n in (1, 3, 5)],
    [OwnText(n) for n in (1, 2, 3)],
    [named(60)(n) for n in (1, 2)],
    [named(61)(n) for n in (1, 2)],
    [named(30, 30)(1)],
    [named(30, 31)(1)],
    [named(20, 20)(n) for n in (1, 2)],
    [named(20, 21)(n) for n in (1, 2)],
    [named(30, 29)(n) for n in (1, 2, 3)],
    [type(f"Family{n}", (Number,), {})(n) for n in range(5)],
    [type(f"Family{n}", (Number,), {})(n) for n in range(12)],
)

"""Range tasks: which tasks they require, for what bounds and what present. The answers are Luigi's."""

from __future__ import annotations

import calendar
import datetime

import pytest

import luigi
from luigi.parameter import MissingParameterException, ParameterException, UnknownParameterException
from luigi.tools.range import (
    RangeBase,
    RangeByMinutes,
    RangeByMinutesBase,
    RangeDaily,
    RangeDailyBase,
    RangeEvent,
    RangeHourly,
    RangeHourlyBase,
    RangeMonthly,
)

date = datetime.date
moment = datetime.datetime

pytestmark = pytest.mark.filterwarnings("ignore:Parameter .param_name. with value")


def seconds(*when: int) -> int:
    return calendar.timegm(moment(*when).timetuple())


NOW = seconds(2015, 12, 10, 0, 0, 10)


class Daily(luigi.Task):
    day = luigi.DateParameter()
    complete_days: frozenset[date] = frozenset()

    def complete(self):
        return self.day in type(self).complete_days


class Hourly(luigi.Task):
    hour = luigi.DateHourParameter()

    def complete(self):
        return False


class ByMinute(luigi.Task):
    minute = luigi.DateMinuteParameter()

    def complete(self):
        return False


class Monthly(luigi.Task):
    month = luigi.MonthParameter()

    def complete(self):
        return False


@pytest.fixture(autouse=True)
def _new_tasks():
    # Daily.complete_days differs between tests, and a range works out what it requires once.
    luigi.task.Register.clear_instance_cache()
    Daily.complete_days = frozenset()


def required(cls, of, now=NOW, **given):
    """The parameter of each required task, as text."""
    return [next(iter(task.to_str_params().values())) for task in cls(of=of, now=now, **given).requires()]


DAILY = {
    "since start": ({"start": date(2015, 12, 8)}, ["2015-12-08", "2015-12-09", "2015-12-10"]),
    "start is a moment": ({"start": moment(2015, 12, 9, 4)}, ["2015-12-09", "2015-12-10"]),
    "midnight sharp": ({"start": date(2015, 12, 8), "now": NOW - 10}, ["2015-12-08", "2015-12-09"]),
    "days_forward": ({"start": date(2015, 12, 10), "days_forward": 2}, ["2015-12-10", "2015-12-11", "2015-12-12"]),
    "days_back": ({"start": date(2015, 1, 1), "days_back": 2}, ["2015-12-09", "2015-12-10"]),
    "days_back, stop ahead": (
        {"start": date(2015, 1, 1), "stop": date(2015, 12, 30), "days_back": 2},
        ["2015-12-09", "2015-12-10"],
    ),
    "stop is excluded": ({"start": date(2015, 12, 1), "stop": date(2015, 12, 3)}, ["2015-12-01", "2015-12-02"]),
    "start is stop": ({"start": date(2015, 12, 1), "stop": date(2015, 12, 1)}, []),
    "start ahead": ({"start": date(2016, 12, 1)}, []),
    "no days back": ({"start": date(2015, 1, 1), "days_back": 0}, []),
    "before days_back": ({"start": date(2015, 1, 1), "stop": date(2015, 1, 4)}, []),
    "oldest first": ({"start": date(2015, 12, 5), "task_limit": 2}, ["2015-12-05", "2015-12-06"]),
    "newest first": ({"start": date(2015, 12, 5), "task_limit": 2, "reverse": True}, ["2015-12-10", "2015-12-09"]),
    "no start": ({"stop": date(2015, 12, 5), "task_limit": 2, "reverse": True}, ["2015-12-04", "2015-12-03"]),
    "no task": ({"start": date(2015, 12, 5), "task_limit": 0}, []),
    "years": ({"start": date(2014, 1, 1), "task_limit": 1}, ["2015-09-02"]),
}


@pytest.mark.parametrize(("given", "expected"), DAILY.values(), ids=DAILY)
def test_days(given, expected):
    assert required(RangeDailyBase, Daily, **given) == expected


def test_a_hundred_days_back_and_fifty_tasks_unless_said():
    assert len(required(RangeDailyBase, Daily, start=date(2015, 1, 1))) == 50
    assert len(required(RangeDailyBase, Daily, start=date(2015, 1, 1), task_limit=1000)) == 100


HOURLY = {
    "since start": ({"start": moment(2015, 12, 9, 23, 50)}, ["2015-12-09T23", "2015-12-10T00"]),
    "within the hour": ({"start": moment(2015, 12, 9, 23), "now": NOW - 20}, ["2015-12-09T23"]),
    "stop": (
        {"start": moment(2015, 12, 9, 20, 33), "stop": moment(2015, 12, 9, 22, 3)},
        ["2015-12-09T20", "2015-12-09T21"],
    ),
    "hours_back": ({"start": moment(2015, 12, 9, 1), "hours_back": 2}, ["2015-12-09T23", "2015-12-10T00"]),
    "hours_forward": (
        {"start": moment(2015, 12, 9), "hours_back": 1, "hours_forward": 2},
        ["2015-12-10T00", "2015-12-10T01", "2015-12-10T02"],
    ),
}


@pytest.mark.parametrize(("given", "expected"), HOURLY.values(), ids=HOURLY)
def test_hours(given, expected):
    assert required(RangeHourlyBase, Hourly, **given) == expected


MINUTES = {
    "every minute": ({"start": moment(2015, 12, 9, 23, 59)}, ["2015-12-09T2359", "2015-12-10T0000"]),
    "steps from the full hour": (
        {"start": moment(2015, 12, 9, 23, 3), "minutes_interval": 20},
        ["2015-12-09T2320", "2015-12-09T2340", "2015-12-10T0000"],
    ),
    "minutes_back": (
        {"start": moment(2015, 12, 9), "minutes_interval": 30, "minutes_back": 61},
        ["2015-12-09T2300", "2015-12-09T2330", "2015-12-10T0000"],
    ),
    "minutes_forward": (
        {"start": moment(2015, 12, 10), "minutes_interval": 20, "minutes_forward": 25},
        ["2015-12-10T0000", "2015-12-10T0020"],
    ),
    "stop": (
        {"start": moment(2015, 12, 9, 22, 3), "stop": moment(2015, 12, 9, 23, 3), "minutes_interval": 20},
        ["2015-12-09T2220", "2015-12-09T2240", "2015-12-09T2300"],
    ),
}


@pytest.mark.parametrize(("given", "expected"), MINUTES.values(), ids=MINUTES)
def test_minutes(given, expected):
    assert required(RangeByMinutesBase, ByMinute, **given) == expected


@pytest.mark.parametrize("interval", [-5, 0, 7, 60, 61, 120])
def test_an_interval_divides_the_hour(interval):
    with pytest.raises(ParameterException):
        required(RangeByMinutesBase, ByMinute, start=moment(2015, 12, 9, 23), minutes_interval=interval)


MONTHLY = {
    "until the last whole one": ({"start": date(2015, 9, 8)}, ["2015-09", "2015-10", "2015-11"]),
    "months_forward": ({"start": date(2015, 11, 1), "months_forward": 2}, ["2015-11", "2015-12", "2016-01"]),
    "months_back": ({"start": date(2010, 1, 1), "months_back": 2}, ["2015-10", "2015-11"]),
    "stop": ({"start": date(2015, 1, 9), "stop": date(2015, 3, 15)}, ["2015-01", "2015-02"]),
    "before months_back": ({"start": date(2015, 1, 9), "stop": date(2015, 3, 15), "months_back": 2}, []),
    "thirteen": ({"start": date(2010, 1, 1), "task_limit": 1}, ["2014-11"]),
    "newest first": ({"stop": date(2016, 1, 1), "reverse": True, "task_limit": 2}, ["2015-11", "2015-10"]),
}


@pytest.mark.parametrize(("given", "expected"), MONTHLY.values(), ids=MONTHLY)
def test_months(given, expected):
    assert required(RangeMonthly, Monthly, **given) == expected


@pytest.mark.parametrize("cls", [RangeDailyBase, RangeDaily])
def test_complete_tasks_are_left_out(cls, monkeypatch):
    Daily.complete_days = frozenset({date(2015, 12, 5), date(2015, 12, 7)})
    monkeypatch.setattr(
        Daily, "bulk_complete", classmethod(lambda cls, days: [day for day in days if cls(day).complete()])
    )
    assert required(cls, Daily, start=date(2015, 12, 4), task_limit=3) == ["2015-12-04", "2015-12-06", "2015-12-08"]
    assert required(cls, Daily, start=date(2015, 12, 4), task_limit=3, reverse=True) == [
        "2015-12-10",
        "2015-12-09",
        "2015-12-08",
    ]


def test_it_is_complete_when_nothing_is_missing():
    Daily.complete_days = frozenset({date(2015, 12, 9), date(2015, 12, 10)})
    assert RangeDailyBase(of=Daily, start=date(2015, 12, 9), now=NOW).complete()
    assert not RangeDailyBase(of=Daily, start=date(2015, 12, 8), now=NOW).complete()


def test_what_is_required_is_worked_out_once():
    task = RangeDailyBase(of=Daily, start=date(2015, 12, 9), now=NOW)
    before = task.requires()
    Daily.complete_days = frozenset({date(2015, 12, 9)})
    assert task.requires() is before


BAD_BOUNDS = {
    "neither": {},
    "neither, reverse": {"reverse": True},
    "stop without reverse": {"stop": date(2015, 12, 5)},
    "start after stop": {"start": date(2015, 12, 5), "stop": date(2015, 12, 4)},
}


@pytest.mark.parametrize("given", BAD_BOUNDS.values(), ids=BAD_BOUNDS)
def test_bounds_that_make_no_range(given):
    with pytest.raises(ParameterException):
        required(RangeDailyBase, Daily, **given)


class Several(luigi.Task):
    n = luigi.IntParameter()
    day = luigi.DateParameter()
    name = luigi.Parameter(default="x")

    def complete(self):
        return False


class TestTheParameterThatIsFilled:
    def test_it_is_the_first_positional_one(self):
        class Keyword(luigi.Task):
            other = luigi.IntParameter(default=1, positional=False)
            day = luigi.DateParameter()

            def complete(self):
                return False

        assert str(RangeDailyBase(of=Keyword, start=date(2015, 12, 10), now=NOW).requires()) == (
            "[Keyword(other=1, day=2015-12-10)]"
        )

    def test_it_can_be_named_and_the_others_given(self):
        task = RangeDailyBase(of=Several, start=date(2015, 12, 10), now=NOW, param_name="day", of_params={"n": 4})
        assert str(task.requires()) == "[Several(n=4, day=2015-12-10, name=x)]"

    @pytest.mark.parametrize(
        ("given", "error"),
        [
            ({}, MissingParameterException),
            ({"param_name": "day"}, MissingParameterException),
            ({"param_name": "nope", "of_params": {"n": 1}}, UnknownParameterException),
            ({"param_name": "day", "of_params": {"nope": 1}}, UnknownParameterException),
        ],
    )
    def test_what_the_task_needs_besides_is_its_own_error(self, given, error):
        with pytest.raises(error):
            RangeDailyBase(of=Several, start=date(2015, 12, 10), now=NOW, **given).requires()


class TestConversions:
    def test_of_days(self):
        task = RangeDailyBase(of=Several, start=date(2015, 1, 1), now=NOW, param_name="day", of_params={"n": 1})
        assert task.datetime_to_parameter(moment(2015, 1, 5, 3, 33)) == date(2015, 1, 5)
        assert task.datetime_to_parameters(moment(2015, 1, 5, 3, 33)) == {"n": 1, "day": date(2015, 1, 5)}
        assert task.parameter_to_datetime(date(2015, 1, 5)) == moment(2015, 1, 5)
        assert task.parameters_to_datetime({"n": 1, "day": date(2015, 1, 5)}) == moment(2015, 1, 5)
        assert task.moving_start(moment(2015, 1, 5, 3)) == moment(2014, 9, 27, 3)
        assert task.moving_stop(moment(2015, 1, 5, 3)) == moment(2015, 1, 5, 3)

    def test_of_months(self):
        task = RangeMonthly(of=Monthly, start=date(2015, 1, 31), now=NOW)
        assert task.start == date(2015, 1, 1)
        assert task.datetime_to_parameter(moment(2015, 1, 5, 3)) == date(2015, 1, 1)
        assert task.parameter_to_datetime(date(2015, 1, 5)) == moment(2015, 1, 1)
        assert task.moving_start(moment(2015, 1, 5, 3)) == moment(2013, 12, 1)
        assert task.moving_stop(moment(2015, 1, 5, 3)) == moment(2015, 1, 1)

    @pytest.mark.parametrize(
        ("cls", "of", "start", "stop", "first", "last", "count"),
        [
            (RangeDailyBase, Daily, (2015, 1, 5, 3, 13), (2015, 3, 1), (2015, 1, 6), (2015, 2, 28), 54),
            (RangeDailyBase, Daily, (2015, 1, 5), (2015, 3, 1, 0, 0, 1), (2015, 1, 5), (2015, 3, 1), 56),
            (RangeHourlyBase, Hourly, (2015, 1, 5, 3, 13), (2015, 1, 6, 3, 18), (2015, 1, 5, 4), (2015, 1, 6, 3), 24),
            (
                RangeByMinutesBase,
                ByMinute,
                (2015, 1, 5, 3, 13, 44),
                (2015, 1, 5, 3, 18),
                (2015, 1, 5, 3, 14),
                (2015, 1, 5, 3, 17),
                4,
            ),
            (RangeMonthly, Monthly, (2015, 1, 1), (2015, 3, 1), (2015, 1, 1), (2015, 2, 1), 2),
            (RangeMonthly, Monthly, (2015, 1, 1, 1), (2015, 3, 31), (2015, 2, 1), (2015, 2, 1), 1),
        ],
    )
    def test_finite_datetimes(self, cls, of, start, stop, first, last, count):
        found = cls(of=of, start=moment(2015, 1, 1), now=NOW).finite_datetimes(moment(*start), moment(*stop))
        assert (found[0], found[-1], len(found)) == (moment(*first), moment(*last), count)

    def test_a_subclass_says_what_a_parameter_means(self):
        class FortyDaysOn(RangeDailyBase):
            def datetime_to_parameter(self, dt):
                return dt.date() + datetime.timedelta(40)

            def parameter_to_datetime(self, p):
                return super().parameter_to_datetime(p) - datetime.timedelta(40)

        assert required(FortyDaysOn, Daily, start=date(2016, 1, 17)) == ["2016-01-17", "2016-01-18", "2016-01-19"]

    def test_a_kind_of_range_of_ones_own(self):
        class RangeYearly(RangeBase):
            start = luigi.YearParameter(default=None)
            stop = luigi.YearParameter(default=None)

            def datetime_to_parameter(self, dt):
                return dt.date()

            def parameter_to_datetime(self, p):
                return moment(p.year, 1, 1)

            def moving_start(self, now):
                return moment(now.year - 3, 1, 1)

            def moving_stop(self, now):
                return now

            def finite_datetimes(self, finite_start, finite_stop):
                return [moment(year, 1, 1) for year in range(finite_start.year, finite_stop.year)]

        assert required(RangeYearly, Daily, start=date(2000, 1, 1)) == ["2012-01-01", "2013-01-01", "2014-01-01"]

    def test_the_base_leaves_them_open(self):
        task = RangeBase(of=Daily, start="a", stop="b", now=NOW)
        for call in (task.datetime_to_parameter, task.parameter_to_datetime, task.moving_start, task.moving_stop):
            with pytest.raises(NotImplementedError):
                call(moment(2015, 1, 1))


@pytest.fixture
def told():
    """What range tasks tell, as (event, family, number)."""
    heard = []
    handlers = {}
    for event in (RangeEvent.DELAY, RangeEvent.COMPLETE_COUNT, RangeEvent.COMPLETE_FRACTION):
        handlers[event] = lambda family, number, event=event: heard.append(
            (event.rpartition("range.")[2], family, number)
        )
        RangeBase.event_handler(event)(handlers[event])
    yield heard
    for event, handler in handlers.items():
        RangeBase.remove_event_handler(event, handler)


class TestEvents:
    @pytest.mark.parametrize(
        ("given", "done", "delay", "count", "fraction"),
        [
            ({"start": date(2015, 12, 3)}, {4, 8, 10}, 8, 3, 0.375),
            ({"start": date(2015, 12, 3), "reverse": True}, {3, 8, 10}, 7, 3, 0.375),
            ({"start": date(2015, 12, 3), "task_limit": 1}, {3, 8, 10}, 7, 3, 0.375),
            ({"start": date(2015, 12, 9)}, {9, 10}, 0, 2, 1.0),
            # What is too far back to be looked at counts as complete.
            ({"start": date(2015, 1, 1), "days_back": 3}, set(), 3, 341, 341 / 344),
            ({"start": date(2015, 1, 1), "stop": date(2015, 1, 11)}, set(), 0, 10, 1.0),
            ({"start": date(2016, 1, 1)}, set(), 0, 0, 1.0),
            ({"start": date(2015, 12, 3), "stop": date(2015, 12, 3)}, set(), 0, 0, 1.0),
            # What is still to come counts too when stop says so.
            ({"stop": date(2016, 2, 1), "reverse": True, "days_back": 4}, set(), 56, 52, 52 / 56),
        ],
    )
    def test_they_tell_how_far_behind_the_range_is(self, told, given, done, delay, count, fraction):
        Daily.complete_days = frozenset(date(2015, 12, day) for day in done)
        RangeDailyBase(of=Daily, now=NOW, **given).requires()
        assert told == [
            ("delay", "Daily", delay),
            ("complete.count", "Daily", count),
            ("complete.fraction", "Daily", fraction),
        ]


class TestIdentity:
    def test_the_text_of_a_range(self):
        task = RangeDailyBase(of=Several, start=date(2015, 12, 5), of_params={"n": "a"}, param_name="day")
        assert str(task) == (
            'RangeDailyBase(of=Several, of_params={"n": "a"}, reverse=False, task_limit=50, now=None, param_name=day, '
            "start=2015-12-05, stop=None, days_back=100, days_forward=0)"
        )

    def test_its_id_is_luigis(self):
        class Named(luigi.Task):
            day = luigi.DateParameter()
            n = luigi.Parameter()

        task = RangeDailyBase(of=Named, start=date(2015, 12, 5), of_params={"n": "a"}, param_name="d")
        assert task.task_id == "RangeDailyBase_100_0_None_070396dca2"

    @pytest.mark.parametrize("cls", [RangeDaily, RangeHourly, RangeByMinutes, RangeMonthly, RangeDailyBase])
    def test_its_module_is_the_one_to_import(self, cls):
        assert cls.__module__ == "luigi.tools.range"

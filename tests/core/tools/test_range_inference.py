"""Range tasks that find out in bulk: what they take for complete, and what they ask a file system for it."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterable

import pytest

import luigi
from luigi.errors import KernelError
from luigi.mock import MockFileSystem, MockTarget
from luigi.target import FileSystem, FileSystemTarget, Target
from luigi.task import MixinNaiveBulkComplete
from luigi.tools.range import (
    RangeByMinutes,
    RangeDaily,
    RangeHourly,
    infer_bulk_complete_from_fs,
    most_common,
)

NOW = 1449705610  # 2015-12-10 00:00:10
FIRST = datetime.date(2015, 12, 3)
EIGHT = list(range(3, 11))


@pytest.fixture(autouse=True)
def _new_tasks():
    luigi.task.Register.clear_instance_cache()
    MockFileSystem().clear()


def missing_days(of, **given):
    """The days of December 2015 from the 3rd to the 10th whose task is required."""
    return [task.day.day for task in RangeDaily(of=of, start=FIRST, now=NOW, **given).requires()]


class Store(FileSystem):
    """A store in memory that counts what it is asked. `deep`: it lists all below a directory, as stores of keys do."""

    def __init__(self, *paths: str, deep: bool = True, prefix: str = "") -> None:
        self.paths = set(paths)
        self.deep = deep
        self.prefix = prefix
        self.asked: list[str] = []
        self.listed: list[str] = []

    def exists(self, path: str) -> bool:
        self.asked.append(path)
        return any(known == path or known.startswith(f"{path}/") for known in self.paths)

    def listdir(self, path: str) -> Iterable[str]:
        self.listed.append(path)
        below = [known for known in sorted(self.paths) if known.startswith(f"{path}/")]
        if not below:
            raise FileNotFoundError(path)
        if not self.deep:
            below = sorted({f"{path}/{known[len(path) + 1 :].partition('/')[0]}" for known in below})
        return [self.prefix + known for known in below]

    def remove(self, path: str, recursive: bool = True, skip_trash: bool = True) -> None:
        self.paths.discard(path)


class Stored(FileSystemTarget):
    def __init__(self, path: str, store: Store) -> None:
        super().__init__(path)
        self._store = store

    @property
    def fs(self) -> Store:
        return self._store

    def open(self, mode: str) -> None:
        raise NotImplementedError


def daily(pattern, store=None, target=None):
    """A daily task whose output is at the date written in `pattern`."""

    def output(self):
        path = self.day.strftime(pattern)
        return target(path) if target else Stored(path, store)

    return type(luigi.Task)("Daily", (luigi.Task,), {"day": luigi.DateParameter(), "output": output})


def written(pattern, days):
    return [datetime.date(2015, 12, day).strftime(pattern) for day in days]


class TestTargets:
    @pytest.mark.parametrize("pattern", ["%Y%m%d.txt", "%Y/%m/%d.txt", "%Y/%m/%d/part.txt", "%Y/%m/%d/%Y-%m-%d.txt"])
    def test_local_files(self, tmp_path, pattern):
        task = daily(f"{tmp_path}/{pattern}", target=luigi.LocalTarget)
        assert missing_days(task) == EIGHT
        for day in (4, 6, 7):
            with task(datetime.date(2015, 12, day)).output().open("w"):
                pass
        luigi.task.Register.clear_instance_cache()
        assert missing_days(task) == [3, 5, 8, 9, 10]

    @pytest.mark.parametrize("pattern", ["%Y%m%d.txt", "/data/%Y/%m/%d.txt"])
    def test_mock_files(self, pattern):
        task = daily(pattern, target=MockTarget)
        with task(datetime.date(2015, 12, 5)).output().open("w"):
            pass
        assert missing_days(task) == [3, 4, 6, 7, 8, 9, 10]

    def test_local_directories(self, tmp_path):
        (tmp_path / "2015-12-05").mkdir()
        (tmp_path / "2015-12-05" / "part").touch()
        assert missing_days(daily(f"{tmp_path}/%Y-%m-%d", target=luigi.LocalTarget)) == [3, 4, 6, 7, 8, 9, 10]

    def test_all_outputs_must_be_there(self, tmp_path):
        class Two(luigi.Task):
            day = luigi.DateParameter()

            def output(self):
                return {
                    "data": luigi.LocalTarget(f"{tmp_path}/{self.day}/data"),
                    "flags": [luigi.LocalTarget(f"{tmp_path}/{self.day}.done"), MockTarget(f"{self.day}")],
                }

        for day in (4, 5):
            (tmp_path / f"2015-12-0{day}").mkdir()
            (tmp_path / f"2015-12-0{day}" / "data").touch()
        (tmp_path / "2015-12-05.done").touch()
        (tmp_path / "2015-12-06.done").touch()
        with MockTarget("2015-12-05").open("w"):
            pass
        assert missing_days(Two) == [3, 4, 6, 7, 8, 9, 10]

    def test_a_task_without_outputs_is_as_complete_as_what_it_requires(self, tmp_path):
        part = daily(f"{tmp_path}/%Y-%m-%d", target=luigi.LocalTarget)

        class Wrapper(luigi.WrapperTask):
            day = luigi.DateParameter()

            def requires(self):
                return [part(self.day)]

        (tmp_path / "2015-12-10").touch()
        assert missing_days(Wrapper) == [3, 4, 5, 6, 7, 8, 9]

    def test_without_anything_to_go_by_nothing_is_required_and_that_is_said(self, caplog):
        class Nothing(luigi.Task):
            day = luigi.DateParameter()

        with caplog.at_level(logging.WARNING, "luigi-interface"):
            assert missing_days(Nothing) == []
        assert "Nothing has neither bulk_complete nor outputs" in caplog.text

    def test_other_targets_are_asked_one_by_one_and_that_is_said(self, caplog):
        class Row(Target):
            def __init__(self, day):
                self.day = day

            def exists(self):
                return self.day.day == 4

        class Insert(luigi.Task):
            day = luigi.DateParameter()

            def output(self):
                return Row(self.day)

        with caplog.at_level(logging.WARNING, "luigi-interface"):
            assert missing_days(Insert) == [3, 5, 6, 7, 8, 9, 10]
        assert "asks each Row by itself" in caplog.text

    def test_hours_and_minutes(self, tmp_path):
        class Hourly(luigi.Task):
            hour = luigi.DateHourParameter()

            def output(self):
                return luigi.LocalTarget(self.hour.strftime(f"{tmp_path}/%Y/%m/%d/%H"))

        class ByMinute(luigi.Task):
            minute = luigi.DateMinuteParameter()

            def output(self):
                return luigi.LocalTarget(self.minute.strftime(f"{tmp_path}/%Y/%m/%d/%H-%M"))

        directory = tmp_path / "2015" / "12" / "09"
        directory.mkdir(parents=True)
        (directory / "22").touch()
        (directory / "23-30").touch()
        hours = RangeHourly(of=Hourly, start=datetime.datetime(2015, 12, 9, 21), now=NOW).requires()
        assert [task.hour.hour for task in hours] == [21, 23, 0]
        minutes = RangeByMinutes(
            of=ByMinute, start=datetime.datetime(2015, 12, 9, 23), now=NOW, minutes_interval=15
        ).requires()
        assert [task.minute.minute for task in minutes] == [0, 15, 45, 0]


class TestWhatAStoreIsAsked:
    def test_one_listing_for_files_in_one_directory(self):
        store = Store(*written("s3://bucket/data/%Y%m%d", [3, 9]), "s3://bucket/data/other")
        assert missing_days(daily("s3://bucket/data/%Y%m%d", store)) == [4, 5, 6, 7, 8, 10]
        assert (store.listed, store.asked) == (["s3://bucket/data"], [])

    def test_one_listing_a_month_for_a_directory_a_day(self):
        store = Store(*written("/data/%Y/%m/%d/part", [3, 9]))
        assert missing_days(daily("/data/%Y/%m/%d/part", store)) == [4, 5, 6, 7, 8, 10]
        assert (store.listed, store.asked) == (["/data/2015/12"], [])

    def test_a_store_that_lists_one_level_is_asked_for_what_is_below(self):
        store = Store(*written("/data/%Y/%m/%d/part", [3, 9]), "/data/2015/12/04/something", deep=False)
        assert missing_days(daily("/data/%Y/%m/%d/part", store)) == [4, 5, 6, 7, 8, 10]
        assert store.listed == ["/data/2015/12"]
        assert store.asked == written("/data/%Y/%m/%d/part", [3, 4, 9])

    def test_a_directory_that_is_missing_holds_nothing(self):
        store = Store()
        assert missing_days(daily("/data/%Y%m%d", store)) == EIGHT
        assert (store.listed, store.asked) == (["/data"], ["/data"])

    def test_a_directory_that_holds_far_more_is_not_read_to_its_end(self):
        store = Store(*(f"/data/{number}" for number in range(10_000)), *written("/data/%Y%m%d", [3]))
        assert missing_days(daily("/data/%Y%m%d", store)) == [4, 5, 6, 7, 8, 9, 10]
        assert store.asked == written("/data/%Y%m%d", EIGHT)

    def test_names_in_a_form_of_its_own_are_no_answer(self):
        store = Store(*written("/data/%Y%m%d", [3]), prefix="hdfs://namenode")
        assert missing_days(daily("/data/%Y%m%d", store)) == [4, 5, 6, 7, 8, 9, 10]
        assert len(store.asked) == 8

    def test_when_listing_fails_each_is_asked_and_that_is_said(self, caplog):
        class Unlistable(Store):
            def listdir(self, path):
                raise PermissionError("no listing for you")

        store = Unlistable(*written("/data/%Y%m%d", [3]))
        with caplog.at_level(logging.WARNING, "luigi-interface"):
            assert missing_days(daily("/data/%Y%m%d", store)) == [4, 5, 6, 7, 8, 9, 10]
        assert "no listing for you" in caplog.text

    def test_one_path_for_all_is_asked_once(self):
        store = Store("/data/all")
        assert missing_days(daily("/data/all", store)) == []
        assert (store.listed, store.asked) == ([], ["/data/all"])

    def test_a_target_with_a_notion_of_its_own_is_asked(self):
        store = Store(*written("/data/%Y%m%d", EIGHT))

        class Flagged(Stored):
            def exists(self):
                return self.path.endswith("05")

        assert missing_days(daily("/data/%Y%m%d", target=lambda path: Flagged(path, store))) == [3, 4, 6, 7, 8, 9, 10]
        assert store.listed == []

    def test_a_client_for_each_target_is_one_store(self):
        paths = written("/data/%Y%m%d", [3, 9])
        assert missing_days(daily("/data/%Y%m%d", target=lambda path: Stored(path, Store(*paths)))) == [
            4,
            5,
            6,
            7,
            8,
            10,
        ]


class TestBulkComplete:
    def test_it_gets_the_values_and_gives_back_the_complete_ones(self):
        given = []

        class Bulk(luigi.Task):
            day = luigi.DateParameter()
            name = luigi.Parameter(default="bulk")

            @classmethod
            def bulk_complete(cls, parameter_tuples):
                given.extend(parameter_tuples)
                yield from given[1:3]

        assert missing_days(Bulk) == [3, 6, 7, 8, 9, 10]
        assert given == [datetime.date(2015, 12, day) for day in EIGHT]

    def test_the_naive_one_makes_tasks_with_the_other_parameters(self):
        class Naive(MixinNaiveBulkComplete, luigi.Task):
            day = luigi.DateParameter()
            n = luigi.IntParameter()

            def complete(self):
                return self.day.day == 9 and self.n == 4

        assert missing_days(Naive, of_params={"n": 4}) == [3, 4, 5, 6, 7, 8, 10]

    def test_one_that_is_not_implemented_after_all(self, tmp_path):
        (tmp_path / "2015-12-05").touch()

        class After(luigi.Task):
            day = luigi.DateParameter()

            def output(self):
                return luigi.LocalTarget(f"{tmp_path}/{self.day}")

            @classmethod
            def bulk_complete(cls, parameter_tuples):
                raise NotImplementedError

        assert missing_days(After) == [3, 4, 6, 7, 8, 9, 10]

    def test_its_other_errors_are_told(self):
        class Failing(luigi.Task):
            day = luigi.DateParameter()

            @classmethod
            def bulk_complete(cls, parameter_tuples):
                raise ValueError("the database is away")

        with pytest.raises(ValueError, match="the database is away"):
            missing_days(Failing)

    def test_the_class_is_itself_where_the_range_gives_nothing(self):
        class Itself(luigi.Task):
            day = luigi.DateParameter()
            known = 5

            @classmethod
            def bulk_complete(cls, parameter_tuples):
                return [day for day in parameter_tuples if day.day == cls.known]

        assert missing_days(Itself) == [3, 4, 6, 7, 8, 9, 10]
        assert missing_days(Itself, param_name="day") == [3, 4, 6, 7, 8, 9, 10]

    def test_the_named_parameter_is_the_one_that_a_value_is_for(self):
        class Second(MixinNaiveBulkComplete, luigi.Task):
            n = luigi.IntParameter(default=0)
            day = luigi.DateParameter()

            def complete(self):
                return self.day.day == 9

        assert missing_days(Second, param_name="day") == [3, 4, 5, 6, 7, 8, 10]


class TestFunctions:
    def test_infer_bulk_complete_from_fs(self, tmp_path):
        (tmp_path / "20151205").touch()
        task = daily(f"{tmp_path}/%Y%m%d", target=luigi.LocalTarget)
        days = [datetime.datetime(2015, 12, day) for day in EIGHT]
        missing = infer_bulk_complete_from_fs(
            days, lambda day: task(day.date()), lambda day: day.strftime("(%Y)(%m)(%d)")
        )
        assert missing == [day for day in days if day.day != 5]
        assert infer_bulk_complete_from_fs([], lambda day: task(day), lambda day: "") == []

    def test_most_common(self):
        assert most_common([1, 1, 2]) == (1, 2)
        assert most_common(iter("abcb")) == ("b", 2)
        assert most_common([2, 1, 1, 2]) == (2, 2)
        with pytest.raises(ValueError):
            most_common([])


class TestMistakes:
    def test_nothing_to_fill(self):
        class Unfillable(luigi.Task):
            def output(self):
                return MockTarget("x")

        with pytest.raises(KernelError, match="has no positional parameter") as told:
            missing_days(Unfillable)
        assert "--param-name" in told.value.hint

    def test_texts_in_of_params_are_read(self):
        class Options(luigi.Task):
            day = luigi.DateParameter()
            n = luigi.IntParameter()
            until = luigi.DateParameter()

            def output(self):
                return MockTarget(f"{self.day} {self.n} {self.until}")

        given = {"n": "4", "until": "2016-01-01"}
        first = RangeDaily(of=Options, start=FIRST, now=NOW, of_params=given).requires()[0]
        assert (first.n, first.until) == (4, datetime.date(2016, 1, 1))
        with pytest.raises(KernelError, match="parameter n: 'four' .from of_params. is not an integer"):
            RangeDaily(of=Options, start=FIRST, now=NOW, of_params={**given, "n": "four"}).requires()

    def test_a_negative_limit(self):
        with pytest.raises(KernelError, match="task_limit is -1"):
            missing_days(daily("%Y", target=MockTarget), task_limit=-1)

    def test_a_backfill_of_days_too_far_back_is_not_silent(self, caplog):
        old = RangeDaily(
            of=daily("%Y", target=MockTarget), start=datetime.date(2014, 1, 1), stop=datetime.date(2014, 2, 1), now=NOW
        )
        with caplog.at_level(logging.WARNING, "luigi-interface"):
            assert old.requires() == []
        assert "looks no further back than 2015-09-01" in caplog.text

    def test_without_now_it_is_the_clocks(self, monkeypatch):
        class Fixed:
            def now(self):
                return NOW + 0.5

        monkeypatch.setattr("luigi.clock.SYSTEM", Fixed())
        task = RangeDaily(of=daily("%Y-%m-%d", target=MockTarget), start=datetime.date(2015, 12, 9))
        assert [str(task.day) for task in task.requires()] == ["2015-12-09", "2015-12-10"]

    def test_looking_back_for_ever_is_possible(self):
        task = daily("%Y-%m-%d", target=MockTarget)
        assert missing_days(task, days_back=10**9, days_forward=-1) == [3, 4, 5, 6, 7, 8, 9]

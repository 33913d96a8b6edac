"""Tasks checked together get the answers that they would give one by one."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar

import pytest

import luigi
from luigi.local_target import LocalFileSystem
from luigi.task import MixinNaiveBulkComplete
from luigi.worker.checks.bulk import MANY, BulkChecks


class Listing(LocalFileSystem):
    """Counts what it is asked."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def exists(self, path: str) -> bool:
        self.asked.append(1)
        return super().exists(path)

    def exists_many(self, paths: Iterable[str]) -> set[str]:
        paths = list(paths)
        self.asked.append(len(paths))
        return super().exists_many(paths)


@pytest.fixture
def fs() -> Listing:
    """A file system that counts."""
    return Listing()


@pytest.fixture
def file(fs: Listing, tmp_path: Path) -> Any:
    """A task class with one file as its output; `made` counts how often it was asked for."""

    class Counted(luigi.LocalTarget):
        pass

    Counted.fs = fs

    class File(luigi.Task):
        n = luigi.IntParameter()
        made: ClassVar[list[int]] = []
        target = Counted

        def output(self) -> Any:
            self.made.append(self.n)
            return self.target(tmp_path / str(self.n))

    return File


def many(cls: Any, count: int = MANY) -> list[Any]:
    return [cls(n) for n in range(count)]


def bulk(values: Any) -> Any:
    """A class with one parameter whose `bulk_complete` gives `values`, or what they give for what is asked."""

    class Bulk(luigi.Task):
        n = luigi.IntParameter()
        asked: ClassVar[list[Any]] = []

        @classmethod
        def bulk_complete(cls, parameter_tuples: Iterable[Any]) -> Any:
            cls.asked.append(list(parameter_tuples))
            return values(cls.asked[-1]) if callable(values) else values

    return Bulk


def test_a_class_is_asked_once_with_the_values_of_its_only_parameter() -> None:
    cls = bulk([1, 7])
    assert BulkChecks().ask(many(cls, 3)) == {cls(0).task_id: False, cls(1).task_id: True, cls(2).task_id: False}
    assert cls.asked == [[0, 1, 2]]


def test_a_single_task_is_not_asked_for_in_bulk() -> None:
    cls = bulk([0])
    assert BulkChecks().ask(many(cls, 1)) == {}
    assert cls.asked == []


class Two(luigi.Task):
    a = luigi.IntParameter()
    b = luigi.IntParameter(default=5, significant=False)
    answer: ClassVar[Any] = ()
    asked: ClassVar[list[Any]] = []

    @classmethod
    def bulk_complete(cls, parameter_tuples: Iterable[Any]) -> Any:
        cls.asked[:] = parameter_tuples
        return cls.answer


@pytest.mark.parametrize("answer", [[(2, 5)], [[2, 5]], iter([(2, 5)]), {(2, 5), (9, 9)}])
def test_a_class_with_several_parameters_is_asked_with_tuples_of_all(answer: Any) -> None:
    Two.answer = answer
    assert BulkChecks().ask([Two(1), Two(2)]) == {Two(1).task_id: False, Two(2).task_id: True}
    assert Two.asked == [(1, 5), (2, 5)]


@pytest.mark.parametrize("answer", [[], [2], [(2,)], None, [{"a": 2}]])
def test_an_answer_that_may_be_a_misunderstanding_is_not_believed(answer: Any) -> None:
    Two.answer = answer
    assert BulkChecks().ask([Two(1), Two(2)]) == {}


@pytest.mark.parametrize("error", [NotImplementedError, ValueError])
def test_a_class_that_raises_is_checked_one_by_one(error: type[Exception]) -> None:
    def fail(asked: Any) -> Any:
        raise error

    assert BulkChecks().ask(many(bulk(fail), 3)) == {}


def test_a_class_that_says_it_cannot_is_not_asked_again() -> None:
    def fail(asked: Any) -> Any:
        raise NotImplementedError

    cls = bulk(fail)
    checks = BulkChecks()
    for _ in range(3):
        checks.ask(many(cls, 2))
    assert len(cls.asked) == 1


def test_ctrl_c_is_no_failed_check() -> None:
    def fail(asked: Any) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        BulkChecks().ask(many(bulk(fail), 2))


def test_a_later_complete_counts_for_more_than_an_older_bulk_complete() -> None:
    class Stricter(bulk([0, 1])):  # type: ignore[misc]
        def complete(self) -> bool:
            return False

    assert BulkChecks().ask(many(Stricter, 2)) == {}


def test_a_task_with_a_check_of_its_own_is_left_to_it() -> None:
    cls = bulk([0, 1])
    tasks = many(cls, 3)
    tasks[0].complete = lambda: False
    assert BulkChecks().ask(tasks).keys() == {tasks[1].task_id, tasks[2].task_id}


def test_asking_each_in_turn_is_no_bulk_check() -> None:
    class Naive(MixinNaiveBulkComplete, luigi.Task):
        n = luigi.IntParameter()

        def complete(self) -> bool:
            raise AssertionError("asked")

    assert BulkChecks().ask(many(Naive, 3)) == {}


def test_outputs_are_asked_for_together(file: Any, fs: Listing) -> None:
    tasks = many(file)
    Path(tasks[3].output().path).touch()
    answers = BulkChecks().ask(tasks)
    assert answers == {task.task_id: task.n == 3 for task in tasks}
    assert fs.asked == [MANY]


def test_a_task_is_complete_when_all_its_outputs_are_there(file: Any, tmp_path: Path, fs: Listing) -> None:
    class Pair(file):  # type: ignore[misc]
        def output(self) -> Any:
            return {"one": self.target(tmp_path / str(self.n)), "two": [self.target(tmp_path / f"{self.n}-2")]}

    for name in ("0", "1", "1-2", "2-2"):
        (tmp_path / name).touch()
    assert [n for n, done in enumerate(BulkChecks().ask(many(Pair)).values()) if done] == [1]
    assert fs.asked == [2 * MANY]


def test_a_small_graph_is_checked_one_by_one(file: Any, fs: Listing) -> None:
    assert BulkChecks().ask(many(file, MANY - 1)) == {}
    assert (fs.asked, file.made) == ([], [])


def test_an_output_that_raises_is_that_tasks_own_affair(file: Any) -> None:
    class Broken(file):  # type: ignore[misc]
        def output(self) -> Any:
            if self.n == 3:
                raise ValueError(self.n)
            return super().output()

    tasks = many(Broken)
    assert BulkChecks().ask(tasks).keys() == {task.task_id for task in tasks if task.n != 3}


def test_a_file_system_that_raises_is_asked_one_by_one(file: Any, fs: Listing, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(paths: Any) -> Any:
        raise OSError("no listing")

    monkeypatch.setattr(fs, "exists_many", refuse)
    assert BulkChecks().ask(many(file)) == {}


class Plain(LocalFileSystem):
    def exists(self, path: str) -> bool:
        return True


class OwnExists(luigi.LocalTarget):
    def exists(self) -> bool:
        return True


class PlainTarget(luigi.LocalTarget):
    fs = Plain()


@pytest.mark.parametrize("kind", [OwnExists, PlainTarget])
def test_what_has_an_exists_of_its_own_is_asked_by_it(file: Any, kind: Any) -> None:
    class Own(file):  # type: ignore[misc]
        target = kind

    checks = BulkChecks()
    assert checks.ask(many(Own)) == {}
    asked = len(Own.made)
    checks.ask(many(Own))
    assert len(Own.made) == asked == 1  # the class is known by its first task


def test_a_target_with_a_wildcard_warns_as_ever(file: Any, tmp_path: Path) -> None:
    class Wild(file):  # type: ignore[misc]
        def output(self) -> Any:
            return self.target(tmp_path / ("*" if self.n == 2 else str(self.n)))

    tasks = many(Wild)
    assert tasks[2].task_id not in BulkChecks().ask(tasks)


@pytest.mark.parametrize("output", [[], None, 5, ["text"]])
def test_other_outputs_are_left_to_the_tasks_check(file: Any, output: Any) -> None:
    class Other(file):  # type: ignore[misc]
        def output(self) -> Any:
            return output

    assert BulkChecks().ask(many(Other)) == {}


def test_several_file_systems_are_asked_once_each(file: Any, tmp_path: Path) -> None:
    class Second(luigi.LocalTarget):
        pass

    Second.fs = Listing()

    class Mixed(file):  # type: ignore[misc]
        def output(self) -> Any:
            return (self.target if self.n % 2 else Second)(tmp_path / str(self.n))

    assert len(BulkChecks().ask(many(Mixed))) == MANY
    assert Second.fs.asked == Mixed.target.fs.asked == [MANY // 2]

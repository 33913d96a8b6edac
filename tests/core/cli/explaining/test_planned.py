"""A plan costs each task the same: counted, not timed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.cli.explaining import plan_json, plan_text
from luigi.cli.explaining.looking import looking
from luigi.cli.explaining.missing import missing_of
from luigi.cli.explaining.planned import RUN, plan
from luigi.redo.forcing import Forcing

WIDTH = 100

asked: Counter[str] = Counter()


class PlannedLeaf(luigi.Task):
    n = luigi.IntParameter()

    def requires(self) -> Any:
        asked["requires"] += 1
        return []

    def output(self) -> Any:
        asked["output"] += 1
        return luigi.LocalTarget(f"leaf-{self.n}")


class PlannedMiddle(PlannedLeaf):
    """Each requires some of the leaves, which are shared."""

    def requires(self) -> Any:
        asked["requires"] += 1
        return [PlannedLeaf((self.n * 10 + step) % 10_000) for step in range(20)]

    def output(self) -> Any:
        asked["output"] += 1
        return luigi.LocalTarget(f"middle-{self.n}")


class PlannedTop(luigi.Task):
    size = luigi.IntParameter()

    def requires(self) -> Any:
        return [PlannedMiddle(n) for n in range(self.size)]

    def output(self) -> Any:
        return luigi.LocalTarget("top")


class Counting(luigi.LocalTarget):
    asked: list[str] = []

    def exists(self) -> bool:
        self.asked.append(self.path)
        return False


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    asked.clear()


@pytest.mark.parametrize("forcing", [None, Forcing(downstream=["PlannedLeaf"])])
def test_ten_thousand_tasks_are_asked_a_few_times_each(forcing: Forcing | None) -> None:
    with looking() as plugins:
        found = plan([PlannedTop(size=1000)], forcing, plugins)
    count = 1 + 1000 + 10_000
    assert found.counts() == {RUN: count}
    walks = 1 if forcing is None else 2
    assert asked["requires"] == walks * (count - 1)
    assert asked["output"] <= (walks + 1) * count
    everything = list(plan_text.lines(found, tree=True, everything=True))
    assert len(everything) < 3 * count + 10 * 1000, "what is shared is opened once"
    assert plan_json.document(found).count('"task_id"') == count


def test_everything_stands_behind_what_it_requires() -> None:
    with looking() as plugins:
        found = plan([PlannedTop(size=WIDTH)], None, plugins)
    place = {task_id: number for number, task_id in enumerate(found.tasks)}
    assert all(place[dep] < place[task_id] for task_id, one in found.tasks.items() for dep in one.requires)


def test_the_only_output_of_an_incomplete_task_is_not_asked_for_again() -> None:
    class Single(luigi.Task):
        def output(self) -> Any:
            return Counting("one")

    class Several(luigi.Task):
        def output(self) -> Any:
            return [Counting("two"), Counting("three"), [Counting("four")], Counting("five")]

    assert missing_of(Single()).sentence() == "output one is missing"
    assert Counting.asked == []
    assert missing_of(Several()).sentence() == "outputs two, three, four and 1 more are missing"
    assert Counting.asked == ["two", "three", "four", "five"]


def test_what_lacks_no_output_says_so() -> None:
    class Nothing(luigi.Task):
        pass

    class Raising(luigi.Task):
        def output(self) -> Any:
            raise ValueError("on purpose")

        def complete(self) -> bool:
            return False

    assert missing_of(Nothing()).sentence() == "it has neither outputs nor a complete() of its own"
    assert missing_of(Raising()).sentence() == "its complete() says so"

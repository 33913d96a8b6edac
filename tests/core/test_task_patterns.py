"""Which tasks a pattern means, and what is said of one that means none."""

from __future__ import annotations

import datetime

import pytest

import luigi
from luigi.parameter import ParameterVisibility
from luigi.task_patterns import BadPattern, Pattern, UnmatchedPattern, chosen


class PatternLoad(luigi.Task):
    day = luigi.DateParameter()
    country = luigi.Parameter(default="CH")
    note = luigi.Parameter(default="", significant=False)
    key = luigi.Parameter(default="hush", visibility=ParameterVisibility.PRIVATE)


class PatternLoadAll(luigi.WrapperTask):
    pass


class PatternSpaced(luigi.Task):
    task_namespace = "pattern.space"


DAY = datetime.date(2013, 7, 4)
LOAD = PatternLoad(DAY)


@pytest.mark.parametrize(
    "text",
    [
        "PatternLoad",
        "PatternL*",
        "*Load",
        "PatternLoad()",
        "PatternLoad(",
        " PatternLoad(day=2013-07-04) ",
        "PatternLoad(country=CH, day=2013-07-04)",
        "PatternLoad(country=CH,day=2013-07-04)",
        "PatternLoad(day=2013-07-*)",
        "PatternLoad(day=2013-0",
        "PatternLoad(country=CH, day=20",
        "PatternLoad(note=)",
        "Pattern*(country=C?)",
        f"{__name__}:PatternLoad",
        f"{__name__}:Pattern*(day=2013-07-04)",
        LOAD.task_id,
        str(PatternLoad(DAY, country="CH")),
    ],
)
def test_what_means_a_task(text: str) -> None:
    assert Pattern.of(text).matches(LOAD)


@pytest.mark.parametrize(
    "text",
    [
        "Load",
        "PatternLoadAll",
        "patternload",
        "PatternLoad(day=2013-07)",
        "PatternLoad(day=2013-08",
        "PatternLoad(dya=2013-07-04)",
        "PatternLoad(day=2013-07-04, dya=3)",
        "PatternLoad(country=DE)",
        "PatternLoad(key=hush)",
        "other.module:PatternLoad",
        LOAD.task_id[:-1],
    ],
)
def test_what_does_not(text: str) -> None:
    assert not Pattern.of(text).matches(LOAD)


def test_a_family_with_a_namespace_is_named_in_full() -> None:
    task = PatternSpaced()
    assert Pattern.of("pattern.space.PatternSpaced").matches(task)
    assert Pattern.of("pattern.*").matches(task)
    assert not Pattern.of("PatternSpaced").matches(task)


def test_a_value_may_have_commas_equals_signs_and_brackets() -> None:
    task = PatternLoad(DAY, country='["a, b=c", "x"]')
    assert Pattern.of('PatternLoad(country=["a, b=c", "x"], day=2013-07-04)').matches(task)
    assert Pattern.of(str(task)).matches(task)


@pytest.mark.parametrize("text", ["", "  ", ":Load", "(day=3)", "Load(3)", "Load(=3)", "a:b:c"])
def test_what_is_no_pattern(text: str) -> None:
    with pytest.raises(BadPattern, match="is no pattern of tasks"):
        Pattern.of(text)


def test_the_chosen_are_in_the_order_of_the_tasks_and_each_once() -> None:
    tasks = [PatternLoadAll(), LOAD, PatternSpaced(), PatternLoad(DAY, country="DE")]
    assert chosen(["PatternLoad", "PatternLoad*", LOAD.task_id], tasks) == [tasks[0], tasks[1], tasks[3]]
    assert chosen([], tasks) == []


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("PaternLoad", "did you mean PatternLoad?"),
        ("PatternLoad(country=FR)", "there are PatternLoad tasks, with other parameters"),
        ("Zebra*", "the families here are: PatternLoad, pattern.space.PatternSpaced"),
    ],
)
def test_a_pattern_that_means_none_is_a_mistake(text: str, hint: str) -> None:
    with pytest.raises(UnmatchedPattern) as caught:
        chosen(["PatternLoad", text], [LOAD, PatternSpaced()])
    assert str(caught.value) == f"no task is meant by {text!r}"
    assert caught.value.hint.startswith(hint)

"""luigi.util where it does more than Luigi's: mistakes told clearly, subtasks that yield requirements."""

from __future__ import annotations

import datetime

import pytest

import luigi
from luigi.date_interval import Custom
from luigi.errors import KernelError
from luigi.util import common_params, delegates, inherits, previous, requires


class Plain(luigi.Task):
    n = luigi.IntParameter(default=1)


class Yielding(luigi.Task):
    n = luigi.IntParameter(default=1)
    told: list[str] = []

    def run(self):
        yield Plain(self.n)
        self.told.append(f"after {self.n}")


@delegates
class Delegating(luigi.Task):
    def subtasks(self):
        return [Yielding(2), Yielding(3)]

    def run(self):
        yield Plain(4)
        Yielding.told.append("own")


def test_subtasks_that_yield_requirements_are_run_to_their_end():
    Yielding.told.clear()
    assert list(Delegating().run()) == [Plain(2), Plain(3), Plain(4)]
    assert Yielding.told == ["after 2", "after 3", "own"]


@pytest.mark.parametrize("decorator", [inherits, requires])
@pytest.mark.parametrize("wrong", [3, Plain(), str])
def test_what_is_no_task_class_is_refused_where_it_is_given(decorator, wrong):
    with pytest.raises(KernelError, match="is not a task class"):
        decorator(wrong)


def test_an_instance_in_place_of_a_class_is_recognised():
    with pytest.raises(KernelError) as told:
        common_params(Plain(), Plain())
    assert told.value.hint == "give the class: Plain"


def test_the_interval_before_one_of_any_length_is_as_long():
    span = Custom(datetime.date(2015, 1, 5), datetime.date(2015, 1, 8))
    cls = type(luigi.Task)("Span", (luigi.Task,), {"span": luigi.DateIntervalParameter()})
    assert str(previous(cls(span))) == "Span(span=2015-01-02-2015-01-05)"


def test_previous_names_the_parameters_it_cannot_choose_from():
    class Two(luigi.Task):
        day = luigi.DateParameter(default=None)
        month = luigi.MonthParameter(default=None)

    with pytest.raises(KernelError, match="several parameters for a time, day, month"):
        previous(Two())
    with pytest.raises(KernelError, match="has no day"):
        previous(type(luigi.Task)("One", (luigi.Task,), {"day": luigi.DateParameter(default=None)})())

"""For every type: what `serialize` writes, `parse` reads back; and `normalize` changes nothing the second time."""

from __future__ import annotations

import datetime
import enum
import operator
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

import luigi
from luigi.date_interval import Custom, Date, Month, Week, Year


class Color(enum.Enum):
    RED = 1
    BLUE = "two words"


class Family(luigi.Task):
    task_namespace = "round.trip"


texts = st.text()
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
lists = st.lists(json_values, max_size=4)
dicts = st.dictionaries(texts, json_values, max_size=4)
moments = st.datetimes()
days = st.dates(max_value=datetime.date(9990, 1, 1))
intervals = st.one_of(
    days.map(Date.from_date),
    days.filter(lambda day: day.year > 1).map(Week.from_date),
    days.map(Month.from_date),
    days.map(Year.from_date),
    st.builds(Custom, days, days),
)
choices = ["a", "b c", "é"]

CASES: dict[str, tuple[Any, st.SearchStrategy[Any]]] = {
    "Parameter": (luigi.Parameter(), texts),
    "Str": (luigi.StrParameter(), texts),
    "Secret": (luigi.SecretParameter(), texts),
    "Int": (luigi.IntParameter(), st.integers()),
    "Float": (luigi.FloatParameter(), st.floats(allow_nan=False)),
    "Bool": (luigi.BoolParameter(), st.booleans()),
    "Numerical int": (luigi.NumericalParameter(var_type=int, min_value=-9, max_value=9), st.integers(-9, 8)),
    "Numerical float": (
        luigi.NumericalParameter(var_type=float, min_value=0.0, max_value=1.0, right_op=operator.le),
        st.floats(0, 1),
    ),
    "Date": (luigi.DateParameter(), st.dates() | moments),
    "Date every 7": (luigi.DateParameter(interval=7), days.filter(lambda day: day.year > 1)),
    "Month": (luigi.MonthParameter(), st.dates()),
    "Year": (luigi.YearParameter(), st.dates()),
    "DateHour": (luigi.DateHourParameter(), moments | st.dates()),
    "DateMinute": (luigi.DateMinuteParameter(), moments),
    "DateSecond": (luigi.DateSecondParameter(), moments),
    "DateMinute every 15": (luigi.DateMinuteParameter(interval=15), moments.filter(lambda day: day.year > 1)),
    "DateInterval": (luigi.DateIntervalParameter(), intervals),
    "TimeDelta": (luigi.TimeDeltaParameter(), st.timedeltas()),
    "Target": (luigi.TargetParameter(), st.sampled_from(["mock:a", "file:/tmp/a", "/tmp/b c"])),
    "Task": (luigi.TaskParameter(), st.just(Family)),
    "Enum": (luigi.EnumParameter(enum=Color), st.sampled_from(Color)),
    "EnumList": (luigi.EnumListParameter(enum=Color), st.lists(st.sampled_from(Color))),
    "Choice": (luigi.ChoiceParameter(choices=choices), st.sampled_from(choices)),
    "Choice of bool": (luigi.ChoiceParameter(choices=[True, False], var_type=bool), st.booleans()),
    "Choice of float": (luigi.ChoiceParameter(choices=[0.1, 1e22], var_type=float), st.sampled_from([0.1, 1e22])),
    "ChoiceList": (luigi.ChoiceListParameter(choices=choices), st.lists(st.sampled_from(choices))),
    "ChoiceList of int": (luigi.ChoiceListParameter(choices=[1, 2], var_type=int), st.lists(st.sampled_from([1, 2]))),
    "List": (luigi.ListParameter(), lists),
    "Tuple": (luigi.TupleParameter(), lists),
    "Dict": (luigi.DictParameter(), dicts),
    "Path": (luigi.PathParameter(), st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))),
    "Optional": (luigi.OptionalParameter(), st.none() | st.text(min_size=1)),
    "OptionalStr": (luigi.OptionalStrParameter(), st.none() | st.text(min_size=1)),
    "OptionalInt": (luigi.OptionalIntParameter(), st.none() | st.integers()),
    "OptionalFloat": (luigi.OptionalFloatParameter(), st.none() | st.floats(allow_nan=False)),
    "OptionalBool": (luigi.OptionalBoolParameter(), st.none() | st.booleans()),
    "OptionalPath": (luigi.OptionalPathParameter(), st.none() | st.just("a/b")),
    "OptionalList": (luigi.OptionalListParameter(), st.none() | lists),
    "OptionalTuple": (luigi.OptionalTupleParameter(), st.none() | lists),
    "OptionalDict": (luigi.OptionalDictParameter(), st.none() | dicts),
    "OptionalChoice": (luigi.OptionalChoiceParameter(choices=choices), st.none() | st.sampled_from(choices)),
    "OptionalNumerical": (
        luigi.OptionalNumericalParameter(var_type=int, min_value=-9, max_value=9),
        st.none() | st.integers(-9, 8),
    ),
}


@pytest.mark.parametrize("case", CASES)
@given(data=st.data())
def test_what_is_written_is_read_back(case: str, data: st.DataObject) -> None:
    parameter, values = CASES[case]
    value = parameter.normalize(data.draw(values))
    assert parameter.normalize(value) == value
    text = parameter.serialize(value)
    assert isinstance(text, str)
    again = parameter.normalize(parameter.parse(text))
    assert again == value
    assert type(again) is type(value)
    assert parameter.serialize(again) == text


def test_every_type_of_parameter_is_tried() -> None:
    tried = {type(parameter) for parameter, _ in CASES.values()}
    public = {
        value
        for name, value in vars(luigi.parameter).items()
        if isinstance(value, type) and issubclass(value, luigi.Parameter) and not name.startswith("_")
    }
    assert public <= tried

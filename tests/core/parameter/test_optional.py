"""Parameters whose value may be None."""

from __future__ import annotations

import datetime
import warnings
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.freezing import FrozenOrderedDict
from luigi.parameter import OptionalParameterMixin, OptionalParameterTypeWarning, _no_value

VALUES: list[tuple[Any, str, Any, Any]] = [
    (luigi.OptionalParameter(), "x", "x", 3),
    (luigi.OptionalStrParameter(), "x", "x", 3),
    (luigi.OptionalIntParameter(), "3", 3, "3"),
    (luigi.OptionalFloatParameter(), "3.5", 3.5, "3"),
    (luigi.OptionalBoolParameter(), "True", True, "yes"),
    (luigi.OptionalPathParameter(), "a/b", Path("a/b"), 3),
    (luigi.OptionalListParameter(), "[1, 2]", (1, 2), "x"),
    (luigi.OptionalTupleParameter(), "[1, 2]", (1, 2), "x"),
    (luigi.OptionalDictParameter(), '{"a": 1}', FrozenOrderedDict(a=1), "x"),
    (luigi.OptionalChoiceParameter(None, choices=["a"]), "a", "a", 3),
    (luigi.OptionalNumericalParameter(None, var_type=int, min_value=1, max_value=3), "2", 2, "x"),
]
each = pytest.mark.parametrize(
    ("parameter", "text", "value", "wrong"), VALUES, ids=[type(row[0]).__name__ for row in VALUES]
)


@each
def test_none_is_an_empty_text(parameter: Any, text: str, value: Any, wrong: Any) -> None:
    assert parameter._default is None
    assert parameter.parse("") is None
    assert parameter.parse(None) is None
    assert parameter.serialize(None) == ""
    assert parameter.normalize(None) is None
    assert parameter.next_in_enumeration(value) is None


@each
def test_any_other_value_is_as_in_the_type_itself(parameter: Any, text: str, value: Any, wrong: Any) -> None:
    assert parameter.normalize(parameter.parse(text)) == value
    assert parameter.serialize(value) == text


@each
def test_a_value_of_another_type_is_minded(parameter: Any, text: str, value: Any, wrong: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        parameter._warn_on_wrong_param_type("n", None)
        parameter._warn_on_wrong_param_type("n", value)
    name = type(parameter).__name__
    with pytest.warns(OptionalParameterTypeWarning, match=f'{name} "n" with value "{wrong}" is not of .* or None.'):
        parameter._warn_on_wrong_param_type("n", wrong)


def test_the_expected_types_are_named() -> None:
    with pytest.warns(OptionalParameterTypeWarning, match='is not of type "int" or None'):
        luigi.OptionalIntParameter()._warn_on_wrong_param_type("n", "x")
    with pytest.warns(OptionalParameterTypeWarning, match='is not of any type in \\["str", "Path"\\] or None'):
        luigi.OptionalPathParameter()._warn_on_wrong_param_type("n", 3)


def test_a_task_minds_it() -> None:
    class Minding(luigi.Task):
        count = luigi.OptionalIntParameter()

    with pytest.warns(OptionalParameterTypeWarning, match='"count" with value "many"'):
        Minding(count="many")


def test_two_types_have_no_default_of_their_own() -> None:
    assert luigi.OptionalChoiceParameter(choices=["a"])._default is _no_value
    number = luigi.OptionalNumericalParameter(var_type=int, min_value=1, max_value=3)
    assert number._default is _no_value
    assert number.expected_type is int


def test_the_mixin_makes_any_type_optional() -> None:
    class OptionalDate(OptionalParameterMixin, luigi.DateParameter):  # type: ignore[misc, type-arg]
        expected_type = datetime.date

    parameter = OptionalDate()
    assert parameter._default is None
    assert parameter.parse("2013-07-04") == datetime.date(2013, 7, 4)
    assert parameter.parse("") is None
    with pytest.warns(OptionalParameterTypeWarning, match='OptionalDate "n" with value "3" is not of type "date"'):
        parameter._warn_on_wrong_param_type("n", 3)


def test_a_default_and_the_other_arguments() -> None:
    parameter = luigi.OptionalIntParameter(default=5, significant=False)
    assert (parameter._default, parameter.significant) == (5, False)
    assert luigi.OptionalBoolParameter(parsing=luigi.BoolParameter.EXPLICIT_PARSING).parsing == "explicit"

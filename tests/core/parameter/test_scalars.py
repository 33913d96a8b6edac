"""Texts, integers, floats, truth values and numbers in a range."""

from __future__ import annotations

import operator
from typing import Any

import pytest

import luigi
from luigi.parameter import ParameterException


@pytest.mark.parametrize(("text", "value"), [("1", 1), (" 1 ", 1), ("-3", -3), ("1_000", 1000)])
def test_integers(text: str, value: int) -> None:
    assert luigi.IntParameter().parse(text) == value


@pytest.mark.parametrize("text", ["", "1.5", "x", "0x10", None])
def test_what_is_no_integer(text: Any) -> None:
    with pytest.raises(ValueError, match="is not an integer"):
        luigi.IntParameter().parse(text)


def test_integers_can_be_counted_and_are_kept_as_given() -> None:
    assert luigi.IntParameter().next_in_enumeration(3) == 4
    assert luigi.IntParameter().normalize("3") == "3"  # type: ignore[arg-type]
    assert type(luigi.IntParameter()).normalize is luigi.Parameter.normalize, "the hot path looks for this"


@pytest.mark.parametrize(("text", "value"), [("1", 1.0), ("1e3", 1000.0), ("-inf", float("-inf"))])
def test_floats(text: str, value: float) -> None:
    assert luigi.FloatParameter().parse(text) == value


def test_what_is_no_float() -> None:
    with pytest.raises(ValueError, match="'1,5' is not a number"):
        luigi.FloatParameter().parse("1,5")


def test_a_text_parameter_makes_a_text_of_anything() -> None:
    assert luigi.StrParameter().parse(5) == "5"


@pytest.mark.parametrize(("text", "value"), [("true", True), ("True", True), ("FALSE", False), (True, True)])
def test_truth_values(text: Any, value: bool) -> None:
    assert luigi.BoolParameter().parse(text) is value


@pytest.mark.parametrize("text", ["", "yes", " true", "t", None])
def test_what_is_no_truth_value(text: Any) -> None:
    with pytest.raises(ValueError, match="is not true or false"):
        luigi.BoolParameter().parse(text)


@pytest.mark.parametrize(
    ("given", "kept"),
    [(True, True), ("False", False), ("TRUE", True), (1, True), (0, False), (None, None), ("yes", None)],
)
def test_truth_values_given_as_texts_are_read(given: Any, kept: bool | None) -> None:
    assert luigi.BoolParameter().normalize(given) is kept


def test_a_bool_says_no_unless_told_otherwise() -> None:
    assert luigi.BoolParameter()._default is False
    assert luigi.BoolParameter(True)._default is True
    assert luigi.BoolParameter(default=None)._default is None  # type: ignore[arg-type]


def test_the_way_a_bool_is_parsed_can_be_set_for_one_a_subclass_and_all(monkeypatch: pytest.MonkeyPatch) -> None:
    class Explicit(luigi.BoolParameter):
        parsing = luigi.BoolParameter.EXPLICIT_PARSING

    assert luigi.BoolParameter().parsing == "implicit"
    assert luigi.BoolParameter(parsing="explicit").parsing == "explicit"
    assert Explicit().parsing == "explicit"
    monkeypatch.setattr(luigi.BoolParameter, "parsing", luigi.BoolParameter.EXPLICIT_PARSING)
    assert luigi.BoolParameter().parsing == "explicit"


def digit(**kwargs: Any) -> Any:
    return luigi.NumericalParameter(var_type=int, min_value=1, max_value=9, **kwargs)


def test_numbers_in_a_range_without_its_end() -> None:
    assert digit().parse("1") == 1
    for text in ("0", "9", "x", "1.5"):
        with pytest.raises(ValueError, match="is not an integer in \\[1, 9\\)"):
            digit().parse(text)


def test_the_ends_of_a_range_belong_to_it_or_not() -> None:
    parameter: luigi.NumericalParameter[float] = luigi.NumericalParameter(
        var_type=float, min_value=-1.5, max_value=9.0, left_op=operator.lt, right_op=operator.le
    )
    assert parameter.parse("9") == 9.0
    with pytest.raises(ValueError, match="is not a number in \\(-1.5, 9.0\\]"):
        parameter.parse("-1.5")
    with pytest.raises(ValueError):
        parameter.parse("nan")


def test_the_range_is_part_of_the_description() -> None:
    assert digit().description == "permitted values: int in [1, 9)"
    assert digit(description="how many").description == "how many permitted values: int in [1, 9)"


@pytest.mark.parametrize("left_out", ["var_type", "min_value", "max_value"])
def test_a_range_needs_its_type_and_ends(left_out: str) -> None:
    arguments: dict[str, Any] = {"var_type": int, "min_value": 1, "max_value": 9}
    del arguments[left_out]
    with pytest.raises(ParameterException, match=f"needs {left_out}"):
        luigi.NumericalParameter(**arguments)

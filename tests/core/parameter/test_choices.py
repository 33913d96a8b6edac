"""Members of an enum and choices from a list."""

from __future__ import annotations

from enum import Enum
from typing import Any

import pytest

import luigi
from luigi.parameter import ParameterException, _no_value


class Color(Enum):
    RED = 1
    BLUE = 2
    ROUGE = RED


def test_a_member_is_written_by_its_name() -> None:
    parameter = luigi.EnumParameter(enum=Color)
    assert parameter.parse("BLUE") is Color.BLUE
    assert parameter.parse("ROUGE") is Color.RED
    assert parameter.serialize(Color.RED) == "RED"


def test_a_name_that_is_no_member_is_told_with_those_that_are() -> None:
    with pytest.raises(ValueError, match="'red' is not one of RED, BLUE, ROUGE"):
        luigi.EnumParameter(enum=Color).parse("red")


def test_members_are_written_with_commas() -> None:
    parameter = luigi.EnumListParameter(enum=Color)
    assert parameter.parse("RED,BLUE") == (Color.RED, Color.BLUE)
    assert parameter.parse("") == ()
    assert parameter.serialize((Color.BLUE, Color.RED)) == "BLUE,RED"
    assert parameter.normalize([Color.RED]) == (Color.RED,)
    with pytest.raises(ValueError, match="'' is not one of"):
        parameter.parse("RED,")


@pytest.mark.parametrize("kind", [luigi.EnumParameter, luigi.EnumListParameter])
def test_an_enum_is_needed(kind: Any) -> None:
    with pytest.raises(ParameterException, match="needs the enum"):
        kind()


def test_one_of_the_choices() -> None:
    parameter = luigi.ChoiceParameter(choices=["a", "b"])
    assert parameter.parse("a") == "a"
    assert parameter.normalize("b") == "b"
    for read in (parameter.parse, parameter.normalize):
        with pytest.raises(ValueError, match="'c' is not one of a, b"):
            read("c")


def test_choices_of_another_type() -> None:
    parameter = luigi.ChoiceParameter(choices=[1, 2], var_type=int)
    assert parameter.parse("2") == 2
    assert parameter.parse(" 2") == 2
    assert parameter.normalize(2) == 2
    with pytest.raises(ValueError, match="'2' is not one of 1, 2"):
        parameter.normalize("2")  # type: ignore[arg-type]


@pytest.mark.parametrize(("text", "value"), [("True", True), ("false", False)])
def test_truth_values_as_choices(text: str, value: bool) -> None:
    assert luigi.ChoiceParameter(choices=[True, False], var_type=bool).parse(text) is value


def test_the_type_may_come_first() -> None:
    for parameter in (
        luigi.ChoiceParameter(int, choices=[1, 2]),  # type: ignore[arg-type, list-item]
        luigi.OptionalChoiceParameter(int, choices=[1, 2]),  # type: ignore[arg-type, list-item]
    ):
        assert parameter._default is _no_value
        assert parameter.parse("1") == 1


def test_the_choices_are_part_of_the_description() -> None:
    assert luigi.ChoiceParameter(choices=["b", "a"]).description == "Choices: {b, a}"
    assert luigi.ChoiceParameter(choices=[2], var_type=int, description="How.").description == "How. Choices: {2}"


@pytest.mark.parametrize("kind", [luigi.ChoiceParameter, luigi.ChoiceListParameter, luigi.OptionalChoiceParameter])
def test_choices_are_needed_and_of_one_type(kind: Any) -> None:
    with pytest.raises(ParameterException, match="needs choices"):
        kind()
    with pytest.raises(ParameterException, match="choice '1' is a str, not a int"):
        kind(choices=["1"], var_type=int)


def test_some_of_the_choices() -> None:
    parameter = luigi.ChoiceListParameter(choices=[1, 2, 3], var_type=int)
    assert parameter.parse("3,1") == (3, 1)
    assert parameter.parse("") == ()
    assert parameter.serialize((3, 1)) == "3,1"
    assert parameter.normalize([2, 2]) == (2, 2)
    with pytest.raises(ValueError, match="'4' is not one of 1, 2, 3"):
        parameter.parse("1,4")
    with pytest.raises(ValueError, match="4 is not one of 1, 2, 3"):
        parameter.normalize([4])

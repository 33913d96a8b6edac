"""Collections whose elements have a type."""

from __future__ import annotations

import datetime
import enum
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from luigi.parameter.hints import recipe


class Color(enum.Enum):
    RED = 1
    BLUE = 2


HINTS: dict[str, tuple[Any, st.SearchStrategy[Any]]] = {
    "list[int]": (list[int], st.lists(st.integers())),
    "list[float]": (list[float], st.lists(st.floats(allow_nan=False))),
    "list[date]": (list[datetime.date], st.lists(st.dates())),
    "list[list[Color]]": (list[list[Color]], st.lists(st.lists(st.sampled_from(Color)))),
    "list[int | None]": (list[int | None], st.lists(st.none() | st.integers())),
    "tuple[str, ...]": (tuple[str, ...], st.lists(st.text()).map(tuple)),
    "tuple[int, date]": (tuple[int, datetime.date], st.tuples(st.integers(), st.dates())),
    "dict[str, bool]": (dict[str, bool], st.dictionaries(st.text(), st.booleans())),
    "dict[int, Path]": (dict[int, Path], st.dictionaries(st.integers(), st.just(Path("a/b")))),
    "dict[date, list[Color]]": (
        dict[datetime.date, list[Color]],
        st.dictionaries(st.dates(), st.lists(st.sampled_from(Color))),
    ),
    "list[dict[str, timedelta]]": (
        list[dict[str, datetime.timedelta]],
        st.lists(st.dictionaries(st.text(), st.timedeltas())),
    ),
}


def parameter(hint: Any) -> Any:
    found = recipe(hint)
    assert found is not None
    return found.make()


@pytest.mark.parametrize("case", HINTS)
@given(data=st.data())
def test_what_is_written_is_read_back_in_its_types(case: str, data: st.DataObject) -> None:
    hint, values = HINTS[case]
    value = parameter(hint).normalize(data.draw(values))
    text = parameter(hint).serialize(value)
    again = parameter(hint).parse(text)
    assert (again, hash(again)) == (value, hash(value))
    assert parameter(hint).normalize(again) == value


@pytest.mark.parametrize(
    ("hint", "text", "expected"),
    [
        (list[int], '["1"]', "'1' is not an integer"),
        (list[int], "[true]", "True is not an integer"),
        (list[int], "[1.5]", "1.5 is not an integer"),
        (list[float], '["1"]', "'1' is not a number"),
        (list[datetime.date], '["x"]', "'x' is not a date"),
        (list[datetime.date], "[5]", "5 is not a date"),
        (list[Color], '["PINK"]', "'PINK' is not one of RED, BLUE"),
        (tuple[int, str], "[1]", "it has 1 elements"),
        (dict[str, int], '{"a": "b"}', "'b' is not an integer"),
        (dict[int, int], '{"a": 1}', "'a' is not an integer"),
        (list[int], "{}", "is not a JSON list, each element an integer"),
        (tuple[int, str], "{}", "is not a JSON list of 2: an integer, a text"),
        (dict[str, int], "[]", "is not a JSON object, each key a text, each value an integer"),
    ],
)
def test_an_element_of_another_type_is_refused(hint: Any, text: str, expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        parameter(hint).parse(text)


def test_a_program_is_held_to_the_types_as_well() -> None:
    with pytest.raises(ValueError, match="'1' is not an integer"):
        parameter(list[int]).normalize(["1"])
    assert parameter(list[float]).normalize([1]) == (1.0,)
    assert parameter(list[int]).normalize(None) is None
    assert parameter(dict[str, int]).normalize(None) is None


@pytest.mark.parametrize("hint", [set[int], list[object], dict[str, object], tuple[int, object], frozenset, type[int]])
def test_types_that_no_parameter_is_for(hint: Any) -> None:
    assert recipe(hint) is None

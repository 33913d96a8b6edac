"""What every parameter has: its declaration, its place, its visibility, its errors, its batches."""

from __future__ import annotations

import pickle
import warnings
from typing import Any

import pytest

import luigi
from luigi.errors import KernelError
from luigi.parameter import (
    Parameter,
    ParameterException,
    ParameterValueError,
    ParameterVisibility,
    UnreadableValue,
    _no_value,
)


def test_a_plain_parameter_is_a_text_that_comes_back_as_it_went() -> None:
    parameter = Parameter()
    assert parameter.parse("x y") == "x y"
    assert parameter.serialize("x y") == "x y"
    assert parameter.normalize("x y") == "x y"
    assert parameter.next_in_enumeration("x") is None
    assert parameter.describe() == "a text"


def test_a_declaration_keeps_what_it_was_given() -> None:
    path = {"section": "old", "name": "n"}
    parameter = Parameter(
        default="d",
        significant=False,
        description="what it is for",
        config_path=path,
        positional=False,
        always_in_help=True,
        batch_method=max,
        visibility=ParameterVisibility.HIDDEN,
    )
    assert (parameter._default, parameter.significant, parameter.description) == ("d", False, "what it is for")
    assert (parameter._config_path, parameter.positional, parameter.always_in_help) == (path, False, True)
    assert (parameter._batch_method, parameter.visibility) == (max, ParameterVisibility.HIDDEN)


def test_the_sentinel_for_no_value_is_one_object_even_through_a_pickle() -> None:
    assert Parameter()._default is _no_value
    assert pickle.loads(pickle.dumps(_no_value)) is _no_value
    assert repr(_no_value) == "<no_value>"


def test_later_parameters_come_later() -> None:
    first, second = Parameter(), luigi.IntParameter()
    assert first._counter < second._counter


def test_is_global_is_obsolete() -> None:
    with pytest.warns(DeprecationWarning, match="is_global"):
        parameter = Parameter(is_global=True)
    assert parameter.positional is False


@pytest.mark.parametrize("path", [{"section": "a"}, {"name": "b"}, ("a", "b")])
def test_a_config_path_names_section_and_option(path: Any) -> None:
    with pytest.raises(ParameterException, match="does not say which option"):
        Parameter(config_path=path)


def test_visibility_is_one_of_three_levels() -> None:
    assert [level.serialize() for level in ParameterVisibility] == [0, 1, 2]
    assert ParameterVisibility.has_value(2)
    assert ParameterVisibility.has_value(ParameterVisibility.HIDDEN)
    assert not ParameterVisibility.has_value(3)
    assert not ParameterVisibility.has_value("PUBLIC")
    assert Parameter(visibility="nonsense").visibility is ParameterVisibility.PUBLIC  # type: ignore[arg-type]


def test_an_unreadable_value_tells_parameter_value_form_and_source() -> None:
    with pytest.raises(ParameterValueError) as caught:
        luigi.IntParameter().read("1o", "count", "luigi.cfg:3")
    error = caught.value
    assert (error.name, error.value, error.expected, error.source) == ("count", "1o", "an integer", "luigi.cfg:3")
    assert str(error) == "parameter count: '1o' (from luigi.cfg:3) is not an integer"
    assert isinstance(error, ValueError | ParameterException)


def test_what_a_users_own_type_raises_is_told_the_same_way() -> None:
    class Even(luigi.Parameter):
        def parse(self, x: str) -> Any:
            if int(x) % 2:
                raise ValueError("it is odd")
            return int(x)

        def describe(self) -> str:
            return "an even number"

    assert Even().read("4", "n") == 4
    with pytest.raises(ParameterValueError, match="parameter n: '3' is not an even number: it is odd"):
        Even().read("3", "n")


def test_parse_raises_a_value_error_that_reads_by_itself() -> None:
    with pytest.raises(ValueError, match="'x' is not an integer") as caught:
        luigi.IntParameter().parse("x")
    assert isinstance(caught.value, UnreadableValue | KernelError)


def test_a_batch_method_makes_one_value_of_many() -> None:
    parameter = luigi.IntParameter(batch_method=max)
    assert parameter._is_batchable()
    assert parameter._parse_list(["3", "11", "4"]) == 11
    assert luigi.IntParameter(batch_method=sum)._parse_list(("1", "2")) == 3


def test_a_batch_needs_a_method_and_a_value() -> None:
    assert not Parameter()._is_batchable()
    with pytest.raises(NotImplementedError):
        Parameter()._parse_list(["a"])
    with pytest.raises(ValueError, match="at least one"):
        luigi.IntParameter(batch_method=max)._parse_list([])


def test_only_a_mere_parameter_minds_a_value_that_is_no_text() -> None:
    with pytest.warns(UserWarning, match='Parameter "n" with value "3" is not of type string.'):
        Parameter()._warn_on_wrong_param_type("n", 3)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Parameter()._warn_on_wrong_param_type("n", "3")
        luigi.StrParameter()._warn_on_wrong_param_type("n", 3)
        luigi.IntParameter()._warn_on_wrong_param_type("n", "3")


def test_an_unknown_argument_is_refused() -> None:
    with pytest.raises(TypeError, match="significnt"):
        luigi.IntParameter(significnt=False)  # type: ignore[call-arg]

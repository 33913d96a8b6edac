"""Where a value comes from: constructor, command line, configuration, config_path, default."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

import luigi
from luigi.cmdline_parser import CmdlineParser
from luigi.parameter import MissingParameterException, ParameterValueError, UnconsumedParameterWarning, _no_value
from luigi.parameter.unconsumed import warn_of_unconsumed


class Resolved(luigi.Task):
    """A task with one value for each place it may come from."""

    number = luigi.IntParameter(default=1, config_path={"section": "old", "name": "nn"})
    text = luigi.Parameter(default="default")
    needed = luigi.IntParameter(default=0)
    things = luigi.ListParameter(default=())
    day = luigi.DateParameter(default=None)


@contextmanager
def command_line(*flags: str) -> Iterator[None]:
    with CmdlineParser.global_instance(["Resolved", *flags]):
        yield


def value(parameter: Any, name: str) -> Any:
    return parameter.task_value("Resolved", name)


def test_without_anything_given_it_is_the_default(configure: Any) -> None:
    assert value(Resolved.number, "number") == 1
    assert Resolved.number.value_source("Resolved", "number") == (1, "default")
    assert Resolved.number.has_task_value("Resolved", "number")


def test_without_a_default_it_is_missing(configure: Any) -> None:
    parameter = luigi.IntParameter()
    assert not parameter.has_task_value("Resolved", "absent")
    assert parameter.value_source("Resolved", "absent") is None
    assert parameter.resolve("Resolved", "absent") is _no_value
    with pytest.raises(MissingParameterException, match="Resolved: parameter absent"):
        parameter.task_value("Resolved", "absent")


def test_the_configuration_wins_over_the_default(configure: Any) -> None:
    path = configure("luigi.cfg", "[Resolved]\nneeded = 7\n")
    assert value(Resolved.needed, "needed") == 7
    found, origin = Resolved.needed.value_source("Resolved", "needed")  # type: ignore[misc]
    assert found == "7"
    assert origin.endswith("[Resolved] needed")
    assert path.name in origin


def test_the_configuration_counts_for_a_parameter_without_a_default(configure: Any) -> None:
    configure("luigi.cfg", "[Resolved]\nabsent = 7\n")
    assert luigi.IntParameter().has_task_value("Resolved", "absent")


def test_the_command_line_wins_over_the_configuration(configure: Any) -> None:
    configure("luigi.cfg", "[Resolved]\nneeded = 7\n")
    with command_line("--Resolved-needed", "8"):
        assert value(Resolved.needed, "needed") == 8
        assert Resolved.needed.value_source("Resolved", "needed") == ("8", "--Resolved-needed")


def test_the_constructor_wins_over_all(configure: Any) -> None:
    configure("luigi.cfg", "[Resolved]\nneeded = 7\n")
    with command_line("--Resolved-needed", "8"):
        assert Resolved(needed=9).needed == 9
        assert Resolved().needed == 8


def test_an_empty_flag_counts_as_not_given(configure: Any) -> None:
    with command_line("--Resolved-text", ""):
        assert value(Resolved.text, "text") == "default"


def test_config_path_is_a_second_place_with_a_warning(configure: Any) -> None:
    configure("luigi.cfg", "[old]\nnn = 5\n")
    with pytest.warns(DeprecationWarning, match=r"\[old\] nn .* \[Resolved\] number"):
        assert value(Resolved.number, "number") == 5


def test_the_own_section_wins_over_config_path(configure: Any) -> None:
    configure("luigi.cfg", "[old]\nnn = 5\n[Resolved]\nnumber = 6\n")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert value(Resolved.number, "number") == 6


def test_an_unreadable_option_is_told_with_its_place(configure: Any) -> None:
    path = configure("luigi.cfg", "[Resolved]\nneeded = seven\n")
    with pytest.raises(ParameterValueError) as caught:
        value(Resolved.needed, "needed")
    message = str(caught.value)
    assert message.startswith("parameter needed: 'seven' (from ")
    assert message.endswith("[Resolved] needed) is not an integer")
    assert f"{path.name}:2" in message


def test_an_unreadable_flag_is_told_with_its_name(configure: Any) -> None:
    with (
        command_line("--Resolved-needed", "x"),
        pytest.raises(ParameterValueError, match="'x' \\(from --Resolved-needed\\) is not an integer"),
    ):
        value(Resolved.needed, "needed")


def test_a_default_that_does_not_fit_is_told_as_the_default(configure: Any) -> None:
    parameter = luigi.DateParameter(default="2013-07-04")  # type: ignore[arg-type]
    with pytest.raises(ParameterValueError, match="'2013-07-04' \\(from default\\) is not a date like 2013-07-04"):
        parameter.task_value("Resolved", "day")


def test_the_default_is_normalised(configure: Any) -> None:
    assert luigi.ListParameter(default=[1, [2]]).task_value("Resolved", "x") == (1, (2,))


@pytest.mark.parametrize(
    ("parameter", "written", "expected"),
    [
        (luigi.ListParameter(), '["a", ["b"]]', ("a", ("b",))),
        (luigi.TupleParameter(), "[[1, 2], [3, 4]]", ((1, 2), (3, 4))),
        (luigi.DictParameter(), "{a = 1, b = [2]}", {"a": 1, "b": (2,)}),
        (luigi.IntParameter(), "5", 5),
        (luigi.FloatParameter(), "5", 5.0),
        (luigi.BoolParameter(), "true", True),
        (luigi.StrParameter(), "5", "5"),
        (luigi.OptionalListParameter(), "[1]", (1,)),
        (luigi.ChoiceListParameter(choices=[1, 2], var_type=int), "[1, 2]", (1, 2)),
        (luigi.ChoiceParameter(choices=[1, 2], var_type=int), "2", 2),
        (luigi.TimeDeltaParameter(), "90", luigi.TimeDeltaParameter().parse("90 s")),
        (luigi.DateParameter(), "2013-07-04", luigi.DateParameter().parse("2013-07-04")),
        (luigi.YearParameter(), "2013", luigi.YearParameter().parse("2013")),
        (luigi.DateHourParameter(), "2013-07-04T19:00:00", luigi.DateHourParameter().parse("2013-07-04T19")),
        (luigi.DateIntervalParameter(), "2013", luigi.DateIntervalParameter().parse("2013")),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, luigi.Parameter) else "",
)
def test_what_toml_has_a_form_for_needs_no_text(configure: Any, parameter: Any, written: str, expected: Any) -> None:
    configure("luigi.toml", f"[Resolved]\nx = {written}\n")
    assert parameter.task_value("Resolved", "x") == expected


@pytest.mark.parametrize("name", ["luigi.cfg", "luigi.toml"])
def test_an_option_that_sets_nothing_is_told(configure: Any, name: str) -> None:
    configure(name, '[Resolved]\nneded = "7"\nneeded = "8"\nmy-own = "9"\nleft_alone = "10"\n')
    with pytest.warns(UnconsumedParameterWarning) as told:
        warn_of_unconsumed("Resolved", ["needed", "my_own"], {"left_alone"})
    assert len(told) == 1
    assert "parameter 'neded'" in str(told[0].message)
    assert "the task 'Resolved'" in str(told[0].message)


def test_no_section_no_complaint(configure: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_of_unconsumed("Resolved", [])

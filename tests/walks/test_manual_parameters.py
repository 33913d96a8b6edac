"""The manual on parameters (8.4), in tasks and words of our own. Class-level flags: test_manual_commands.py."""

from __future__ import annotations

import datetime

import pytest

import luigi
from luigi.parameter import ParameterVisibility
from luigi.worker import Worker

EASTER = datetime.date(2014, 4, 20)


class Market(luigi.Task):
    day = luigi.DateParameter(default=EASTER)


class Stall(Market):
    owner = luigi.Parameter(significant=False)


# --- constructors ----------------------------------------------------------------------------------------------


def test_a_declared_parameter_makes_the_constructor() -> None:
    assert Market(datetime.date(2012, 5, 10)).day == datetime.date(2012, 5, 10)
    assert Market(day=datetime.date(2012, 5, 10)).day == datetime.date(2012, 5, 10)
    assert Market().day == EASTER


class Bakery(luigi.Task):
    flour = luigi.Parameter()
    ovens = luigi.IntParameter()
    open = luigi.BoolParameter(default=True)


def test_what_is_missing_is_named() -> None:
    with pytest.raises(luigi.parameter.MissingParameterException, match="flour") as caught:
        Bakery()
    assert "ovens" in str(caught.value)


def test_what_is_unknown_or_doubled_is_refused() -> None:
    with pytest.raises(luigi.parameter.UnknownParameterException, match="yeast"):
        Bakery("rye", 2, yeast="fresh")
    with pytest.raises(luigi.parameter.DuplicateParameterException, match="flour"):
        Bakery("rye", 2, flour="wheat")


def test_parameters_come_in_the_order_of_their_declaration() -> None:
    bakery = Bakery("rye", 2, False)
    assert (bakery.flour, bakery.ovens, bakery.open) == ("rye", 2, False)
    assert bakery.param_kwargs == {"flour": "rye", "ovens": 2, "open": False}


# --- 8.4.1 instances -------------------------------------------------------------------------------------------


def test_equal_values_make_one_instance() -> None:
    one, other = datetime.date(2014, 1, 21), datetime.date(2014, 1, 21)
    assert one is not other
    assert Market(day=one) is Market(day=other)
    assert repr(Market(day=one)) == "Market(day=2014-01-21)"


# --- 8.4.2 insignificant parameters ----------------------------------------------------------------------------


def test_an_insignificant_parameter_is_no_part_of_the_name() -> None:
    ann, bob = Stall(EASTER, owner="ann"), Stall(EASTER, owner="bob")
    assert repr(ann) == repr(bob) == "Stall(day=2014-04-20)"
    assert (ann.owner, bob.owner) == ("ann", "bob")
    assert ann is not bob
    assert ann == bob
    assert hash(ann) == hash(bob)
    assert ann.task_id == bob.task_id


# --- 8.4.3 visibility ------------------------------------------------------------------------------------------


class Login(luigi.Task):
    user = luigi.Parameter()
    mail = luigi.Parameter(default="m", visibility=ParameterVisibility.HIDDEN)
    password = luigi.Parameter(default="p", visibility=ParameterVisibility.PRIVATE)


def test_hidden_stays_out_of_the_id_and_private_out_of_everything() -> None:
    login = Login("ann", "a@b", "secret")
    assert login.to_str_params() == {"user": "ann", "mail": "a@b"}
    assert login.to_str_params(only_public=True) == {"user": "ann"}
    assert login.task_id == Login("ann", "c@d", "other").task_id
    assert "secret" not in repr(login)


def test_a_parameter_is_public_unless_it_says_otherwise() -> None:
    assert luigi.Parameter().visibility is ParameterVisibility.PUBLIC
    assert luigi.Parameter(visibility=ParameterVisibility.PRIVATE).visibility is ParameterVisibility.PRIVATE


# --- 8.4.4 types -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameter", "text", "value"),
    [
        (luigi.Parameter(), "2012-05-10", "2012-05-10"),
        (luigi.DateParameter(), "2012-05-10", datetime.date(2012, 5, 10)),
        (luigi.IntParameter(), "42", 42),
        (luigi.FloatParameter(), "0.5", 0.5),
        (luigi.DateIntervalParameter(), "2012-W19", luigi.date_interval.Week(2012, 19)),
    ],
)
def test_the_type_says_how_a_text_is_read(parameter: luigi.Parameter, text: str, value: object) -> None:
    assert parameter.parse(text) == value
    assert parameter.serialize(value) == text


# --- 8.4.5 values for other classes ----------------------------------------------------------------------------


class Configured(luigi.Task):
    x = luigi.IntParameter(default=1)


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> None:
    """A configuration that says 45, for one test."""
    from luigi.configuration import LuigiConfigParser

    monkeypatch.setattr(LuigiConfigParser, "_instance", None)
    luigi.configuration.get_config().set("Configured", "x", "45")


@pytest.mark.usefixtures("configured")
def test_configuration_goes_before_the_default_and_the_constructor_before_both() -> None:
    assert Configured().x == 45
    assert Configured(x=44).x == 44


def test_without_configuration_the_default_holds() -> None:
    assert Configured().x == 1


# --- a worker of its own ---------------------------------------------------------------------------------------


def test_instances_are_shared_by_everything_in_a_process() -> None:
    with Worker() as worker:
        assert worker.add(Market(EASTER))
        assert worker.record.roots[0] is Market(EASTER)

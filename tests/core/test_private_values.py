"""Values of private parameters are taken out of texts, however they are written there."""

from __future__ import annotations

import datetime
import enum

import pytest

import luigi
from luigi.parameter import ParameterVisibility
from luigi.private_values import masked, masked_error, masked_trace

PRIVATE = ParameterVisibility.PRIVATE


class Level(enum.Enum):
    """A private value may be one of these."""

    TOPSECRET = 1


class Vault(luigi.Task):
    """Has a private parameter of each shape."""

    word = luigi.Parameter("", visibility=PRIVATE)
    number = luigi.OptionalIntParameter(None, visibility=PRIVATE)
    flag = luigi.BoolParameter(visibility=PRIVATE)
    login = luigi.DictParameter({}, visibility=PRIVATE)
    keys = luigi.ListParameter((), visibility=PRIVATE)
    level = luigi.OptionalParameter(None, visibility=PRIVATE)
    rank = luigi.EnumParameter(enum=Level, default=Level.TOPSECRET, visibility=PRIVATE)
    public = luigi.Parameter("open")


@pytest.mark.parametrize(
    ("given", "text", "shown"),
    [
        ({"word": "hunter22"}, "login with hunter22!", "login with ***!"),
        ({"word": "hunter22"}, "xhunter22x", "x***x"),
        ({"word": "it's"}, "no 'it\\'s' or it's", "no 'it\\'s' or ***"),
        ({"word": "a\\b-c"}, repr("a\\b-c"), "'***'"),
        ({"word": "a"}, "a cat: a", "*** cat: ***"),
        ({"number": 7}, "7 of 77", "*** of 77"),
        ({"number": 31337}, "pin 31337", "pin ***"),
        ({"login": {"user": "anna", "password": "hunter22"}}, "anna used hunter22", "*** used ***"),
        ({"login": {"nested": {"deep": ["hunter22"]}}}, "hunter22", "***"),
        ({"keys": ["first-key", "second-key"]}, "second-key, first-key", "***, ***"),
        ({"rank": Level.TOPSECRET}, "is TOPSECRET", "is ***"),
        ({"public": "open"}, "open", "open"),
        ({}, "None, True, False, [] and {} stay", "None, True, False, [] and {} stay"),
    ],
)
def test_masked(given: dict[str, object], text: str, shown: str) -> None:
    assert masked(Vault(**given), text) == shown


def test_the_longer_value_goes_first() -> None:
    assert masked(Vault(word="hunter22", keys=["hunter22-and-more"]), "hunter22-and-more") == "***"


class Sealed(luigi.Task):
    """Its check raises with a private value in what it says."""

    word = luigi.Parameter(visibility=PRIVATE)

    def complete(self) -> bool:
        raise OSError(f"cannot connect as {self.word}")


def test_an_error_tells_no_values_of_the_tasks_it_went_through() -> None:
    class Wrapping(luigi.WrapperTask):
        def requires(self) -> Sealed:
            return Sealed("hunter22")

    with pytest.raises(OSError, match="hunter22") as raised:
        Wrapping().complete()
    assert masked_error(Wrapping(), raised.value, str(raised.value)) == "cannot connect as ***"


def test_nor_does_one_that_came_of_it() -> None:
    with pytest.raises(RuntimeError) as raised:
        try:
            Sealed("hunter22").complete()
        except OSError as error:
            raise RuntimeError(f"gave up: {error}") from error
    assert masked_error(Vault(), raised.value, str(raised.value)) == "gave up: cannot connect as ***"


class Unmade(luigi.Task):
    """Raises before it has its parameters."""

    birthday = luigi.DateParameter(visibility=PRIVATE)
    login = luigi.DictParameter({}, visibility=PRIVATE)

    def __init__(self, *args: object, **kwargs: object) -> None:
        raise ValueError("too early")


def test_a_task_that_was_never_made_does_no_harm() -> None:
    with pytest.raises(ValueError, match="too early") as raised:
        Unmade(datetime.date(2013, 7, 4))
    assert masked_error(Vault(word="hunter22"), raised.value, "too early for hunter22") == "too early for ***"


def test_what_a_class_puts_in_place_of_a_private_value_is_one_too() -> None:
    class Rewriting(luigi.Task):
        birthday = luigi.DateParameter(visibility=PRIVATE)

        def __init__(self, *args: object, **kwargs: object) -> None:
            super().__init__(*args, **kwargs)
            self.birthday = f"born {self.birthday:%d.%m.%Y}"

    shown = masked(Rewriting(datetime.date(1985, 7, 4)), "born 04.07.1985, which is 1985-07-04")
    assert shown == "***, which is ***"


def test_a_trace_has_no_values_of_the_tasks_it_went_through() -> None:
    with pytest.raises(OSError, match="hunter22") as raised:
        Sealed("hunter22").complete()
    assert masked_trace(raised.value, str(raised.value)) == "cannot connect as ***"

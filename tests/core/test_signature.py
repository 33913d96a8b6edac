"""From a constructor's arguments to parameter values, and to the one instance for them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import luigi
from luigi.errors import DuplicateParameterException, MissingParameterException, UnknownParameterException
from luigi.parameter import ParameterVisibility


class Three(luigi.Task):
    a = luigi.IntParameter()
    b = luigi.Parameter(default="x")
    c = luigi.ListParameter(default=(), positional=False)


def test_values_by_position_by_name_and_by_default() -> None:
    assert Three(1).param_kwargs == {"a": 1, "b": "x", "c": ()}
    assert Three(1, "y").param_kwargs == {"a": 1, "b": "y", "c": ()}
    assert Three(b="y", a=1, c=[1, 2]).param_kwargs == {"a": 1, "b": "y", "c": (1, 2)}


@pytest.mark.parametrize(
    ("args", "kwargs", "kind", "sentence", "hint"),
    [
        ((), {}, MissingParameterException, "Three: requires the 'a' parameter to be set", "--a …"),
        ((), {"z": 1}, UnknownParameterException, "Three: unknown parameter z", "it has: a, b, c"),
        ((1,), {"bb": 1}, UnknownParameterException, "Three: unknown parameter bb", "did you mean b?"),
        ((1, 2, 3), {}, UnknownParameterException, "takes at most 2 parameters .3 given.", "in this order: a, b"),
        ((1,), {"a": 1}, DuplicateParameterException, "parameter a was already set as a positional", ""),
    ],
)
def test_arguments_that_do_not_fit(args: Any, kwargs: Any, kind: Any, sentence: str, hint: str) -> None:
    with pytest.raises(kind, match=sentence) as caught:
        Three(*args, **kwargs)
    assert hint in caught.value.hint


def test_all_that_is_missing_is_named_at_once() -> None:
    class Needy(luigi.Task):
        first_day = luigi.DateParameter()
        given = luigi.IntParameter()
        n = luigi.IntParameter()

    with pytest.raises(MissingParameterException, match="'first_day', 'n' parameters") as caught:
        Needy(given=3)
    assert "--first-day … --n …" in caught.value.hint


def test_private_values_are_in_no_error() -> None:
    class Login(luigi.Task):
        password = luigi.Parameter(visibility=ParameterVisibility.PRIVATE)
        pin = luigi.IntParameter(visibility=ParameterVisibility.PRIVATE, default=0)
        n = luigi.IntParameter(default=0)

    for wrong in ({"pni": 1}, {"n": 1, "x": 2}):
        with pytest.raises(UnknownParameterException) as unknown:
            Login(password="hunter2", **wrong)
        assert "hunter2" not in f"{unknown.value} {unknown.value.hint}"
    with pytest.raises(Exception) as unreadable:
        Login.from_str_params({"password": "x", "pin": "hunter2"})
    assert "hunter2" not in str(unreadable.value)
    assert "pin" in str(unreadable.value)


@given(st.integers(), st.text(max_size=5), st.lists(st.integers(), max_size=3))
def test_equal_values_however_given_are_one_task(a: int, b: str, c: list[int]) -> None:
    task = Three(a, b, c=c)
    assert Three(b=b, c=tuple(c), a=a) is task
    assert Three(a + 1, b, c=c) is not task


def test_values_that_cannot_be_hashed_make_tasks_that_are_equal_but_not_shared() -> None:
    class Holds(luigi.Task):
        what = luigi.Parameter()

    class Odd(dict):  # type: ignore[type-arg]
        __hash__ = None  # type: ignore[assignment]

        def __str__(self) -> str:
            return "odd"

    assert Holds(Odd()) is not Holds(Odd())
    assert Holds(Odd()) == Holds(Odd())


def test_a_normalised_value_finds_the_same_task() -> None:
    class Monthly(luigi.Task):
        month = luigi.MonthParameter()

    import datetime

    assert Monthly(datetime.date(2020, 5, 17)) is Monthly(datetime.date(2020, 5, 1))


def test_a_class_with_an_init_of_its_own_sees_the_arguments_as_given() -> None:
    seen = []

    class Own(luigi.Task):
        n = luigi.IntParameter(default=3)

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            seen.append((args, kwargs))
            super().__init__(*args, **kwargs)

    assert Own().n == 3
    assert Own(n=4).n == 4
    assert seen == [((), {}), ((), {"n": 4})]


def test_a_class_may_choose_its_values_itself() -> None:
    class Chooses(luigi.Task):
        n = luigi.IntParameter(default=3)

        @classmethod
        def get_param_values(cls, params: Any, args: Any, kwargs: Any) -> Any:
            return super().get_param_values(params, args, {**kwargs, "n": kwargs.get("n", 0) * 2})

    assert Chooses(n=5).n == 10
    assert Chooses(n=5) is Chooses(n=5)


def test_parameters_come_in_the_order_they_were_declared_inherited_ones_too() -> None:
    class Base(luigi.Task):
        z = luigi.IntParameter(default=0)
        y = luigi.IntParameter(default=0)

    class Sub(Base):
        a = luigi.IntParameter(default=0)
        y = luigi.IntParameter(default=1)  # declared anew: it comes last

    assert Sub.get_param_names() == ["z", "a", "y"]
    assert (Sub(1, 2, 3).z, Sub(1, 2, 3).a, Sub(1, 2, 3).y) == (1, 2, 3)


def test_what_a_subclass_makes_something_else_is_no_parameter_of_it() -> None:
    class Fixed(Three):
        b = "always"

    assert Fixed(1).b == "always"
    with pytest.raises(UnknownParameterException):
        Fixed(1, b="y")


def test_a_parameter_added_later_counts_below_too() -> None:
    class Base(luigi.Task):
        n = luigi.IntParameter(default=0)

    class Sub(Base):
        pass

    assert Sub().param_kwargs == {"n": 0}
    Base.late = luigi.IntParameter(default=9)  # type: ignore[attr-defined]
    assert Sub().param_kwargs == {"n": 0, "late": 9}


def test_a_class_that_sees_attributes_set_sees_its_parameters_too() -> None:
    class Shouts(luigi.Task):
        word = luigi.Parameter()

        def __setattr__(self, name: str, value: object) -> None:
            super().__setattr__(name, value.upper() if name == "word" and isinstance(value, str) else value)

    assert Shouts("fish").word == "FISH"

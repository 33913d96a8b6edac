"""Tasks: identity, parameters, structure, events."""

from __future__ import annotations

import copy
import datetime
import hashlib
import json
import pickle
import re
import warnings
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import luigi
from luigi.errors import BadOutput, BadRequirement
from luigi.mock import MockTarget
from luigi.parameter import ParameterVisibility
from luigi.task import (
    BulkCompleteNotImplementedError,
    DynamicRequirements,
    MixinNaiveBulkComplete,
    externalize,
    flatten,
    flatten_output,
    getpaths,
    task_id_str,
)


class Leaf(luigi.Task):
    n = luigi.IntParameter(default=0)

    def output(self) -> Any:
        return MockTarget(f"leaf-{self.n}")


class Whole(luigi.Task):
    first = luigi.Parameter()
    number = luigi.IntParameter(default=2)
    quiet = luigi.Parameter(default="q", significant=False)
    secret = luigi.Parameter(default="s3cret", visibility=ParameterVisibility.PRIVATE)
    hidden = luigi.Parameter(default="h", visibility=ParameterVisibility.HIDDEN)


def test_the_manuals_task_id() -> None:
    class MyTask(luigi.Task):
        task_namespace = "my_namespace"
        my_param = luigi.Parameter()

    task = MyTask(my_param="hello")
    assert task.task_id == "my_namespace.MyTask_hello_890907e7ce"
    assert str(task) == "my_namespace.MyTask(my_param=hello)"
    assert (task.get_task_namespace(), MyTask.get_task_family()) == ("my_namespace", "my_namespace.MyTask")
    with pytest.raises(AttributeError, match="task_id"):
        _ = MyTask.task_id


def test_a_task_id_is_safe_for_file_names_and_short() -> None:
    task_id = task_id_str("F", {"b": "2", "a": "hello world/é" * 3, "c": "x", "d": "y"})
    assert task_id == "F_hello_world__hel_2_x_723600fd5d"


def test_a_task_without_parameters_has_an_id_too() -> None:
    assert task_id_str("F", {}) == "F__99914b932b"


def test_a_private_value_is_not_shown_and_takes_no_part_in_the_id() -> None:
    task = Whole("x")
    assert "s3cret" not in repr(task)
    assert task.task_id == Whole("x", secret="other").task_id
    assert task.to_str_params() == {"first": "x", "number": "2", "quiet": "q", "hidden": "h"}
    assert task.to_str_params(only_public=True) == {"first": "x", "number": "2", "quiet": "q"}
    assert task.to_str_params(only_significant=True) == {"first": "x", "number": "2", "hidden": "h"}


def test_equal_parameters_give_one_object() -> None:
    assert Whole("x") is Whole(first="x", number=2)
    assert Whole("x") is not Whole("y")


def test_an_insignificant_parameter_makes_another_object_of_equal_identity() -> None:
    one, other = Whole("x"), Whole("x", quiet="loud")
    assert one is not other
    assert (hash(one), one.task_id) == (hash(other), other.task_id)
    assert one == other


def test_a_subclass_with_its_own_constructor_sees_the_arguments_as_given() -> None:
    class Doubling(luigi.Task):
        n = luigi.IntParameter()

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(n=kwargs["n"] * 2)
            self.ready = True

    task = Doubling(n=3)
    assert (task.n, task.ready, task is Doubling(n=3)) == (6, True, True)


def test_a_class_may_read_its_arguments_itself() -> None:
    class Shouting(luigi.Task):
        word = luigi.Parameter()

        @classmethod
        def get_param_values(cls, params: Any, args: Any, kwargs: Any) -> Any:
            return [(name, value.upper()) for name, value in super().get_param_values(params, args, kwargs)]

    assert Shouting("hey").word == "HEY"
    assert Shouting("hey") is Shouting("HEY")


def test_a_list_value_becomes_a_tuple_and_is_shared() -> None:
    class Listing(luigi.Task):
        items = luigi.ListParameter()

    assert Listing([1, [2]]) is Listing(items=(1, (2,)))


def test_an_unhashable_value_makes_a_task_that_is_not_shared() -> None:
    class Anything(luigi.Task):
        thing: Any = luigi.Parameter()

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert Anything({1: [2]}) is not Anything({1: [2]})


@pytest.mark.parametrize(
    ("args", "kwargs", "error", "words"),
    [
        ((), {}, luigi.parameter.MissingParameterException, "requires the 'first' parameter to be set"),
        (("a",), {"first": "b"}, luigi.parameter.DuplicateParameterException, "first was already set"),
        (("a",), {"numbre": 1}, luigi.parameter.UnknownParameterException, "unknown parameter numbre"),
        (tuple("abcdef"), {}, luigi.parameter.UnknownParameterException, "takes at most 5 parameters (6 given)"),
    ],
)
def test_wrong_arguments_are_named(args: Any, kwargs: Any, error: Any, words: str) -> None:
    with pytest.raises(error) as caught:
        Whole(*args, **kwargs)
    assert words in str(caught.value)


def test_all_missing_parameters_are_named_at_once() -> None:
    class Needy(luigi.Task):
        one = luigi.Parameter()
        two_words = luigi.IntParameter()

    with pytest.raises(luigi.parameter.MissingParameterException, match="'one', 'two_words' parameters") as caught:
        Needy()
    assert "--two-words" in caught.value.hint


def test_a_slip_in_a_parameters_name_is_guessed() -> None:
    with pytest.raises(luigi.parameter.UnknownParameterException) as caught:
        Whole("a", numbre=1)
    assert "number" in caught.value.hint


def test_a_parameter_that_is_not_positional_is_skipped_by_position() -> None:
    class Sparse(luigi.Task):
        named = luigi.IntParameter(positional=False, default=1)
        placed = luigi.IntParameter(default=2)

    assert Sparse(5).placed == 5


def test_parameters_come_from_mixins_and_may_be_taken_away() -> None:
    class Mixin:
        z = luigi.IntParameter(default=1)

    class Has(Mixin, luigi.Task):
        a = luigi.IntParameter(default=0)

    class HasNot(Has):
        z = 5  # type: ignore[assignment]

    assert [name for name, _ in Has.get_params()] == ["z", "a"]
    assert HasNot.get_param_names() == ["a"]
    assert HasNot().z == 5


def test_a_parameter_added_after_the_class_counts() -> None:
    class Base(luigi.Task):
        a = luigi.IntParameter(default=0)

    class Child(Base):
        pass

    assert Child().param_args == (0,)
    Base.b = luigi.IntParameter(default=7)  # type: ignore[attr-defined]
    assert Child().param_args == (0, 7)


def test_clone_keeps_what_is_not_replaced() -> None:
    class Other(luigi.Task):
        number = luigi.IntParameter(default=9)
        more = luigi.IntParameter(default=1)

    task = Whole("x", number=5)
    assert task.clone() is task
    assert task.clone(number=6) is Whole("x", number=6)
    assert task.clone(Other, more=3) is Other(number=5, more=3)


def test_from_texts_and_back() -> None:
    class Dated(luigi.Task):
        day = luigi.DateParameter()
        size = luigi.IntParameter(default=1, batch_method=max)

    task = Dated(datetime.date(2013, 7, 4), 3)
    assert Dated.from_str_params(task.to_str_params()) is task
    assert Dated.from_str_params({"day": "2013-07-04", "size": ["1", "5", "3"]}).size == 5
    assert task.batchable
    assert Dated.batch_param_names() == ["size"]


def test_pickling_keeps_the_task_and_drops_the_run() -> None:
    task = Leaf(3)
    task._reporter = object.__new__(type("Unpicklable", (), {"__reduce__": None}))
    again = pickle.loads(pickle.dumps(task))
    assert again == task
    assert again.n == 3
    with task.no_unpicklable_properties():
        assert "_reporter" not in task.__dict__
    assert "_reporter" in task.__dict__
    del task._reporter
    assert copy.copy(task) == task


def test_namespaces_apply_to_what_is_defined_while_they_last() -> None:
    here = __name__
    luigi.namespace("outer", scope=here)
    try:

        class Named(luigi.Task):
            pass

        class Own(luigi.Task):
            task_namespace = ""

        luigi.auto_namespace(scope=here)

        class Auto(luigi.Task):
            pass

        class Inherits(Named):
            pass
    finally:
        luigi.namespace(scope=here)
    families = [cls.get_task_family() for cls in (Named, Own, Auto, Inherits)]
    assert families == ["outer.Named", "Own", f"{here}.Auto", f"{here}.Inherits"]


# --- structures --------------------------------------------------------------------------------------------------


def test_flatten() -> None:
    assert flatten({"b": 1, "a": [2, (3, {"c": 4})]}) == [1, 2, 3, 4]
    assert flatten("text") == ["text"]
    assert flatten(None) == flatten([None]) == []
    assert flatten(n for n in (1, 2)) == [1, 2]
    assert flatten(5) == [5]


def test_input_has_the_structure_of_requires() -> None:
    class Nested(luigi.Task):
        def requires(self) -> Any:
            return {"one": Leaf(1), "more": [Leaf(2), (Leaf(3),)]}

    found = Nested().input()
    assert found["one"].path == "leaf-1"
    assert [type(found["more"]), type(found["more"][1])] == [list, tuple]
    assert Nested().deps() == [Leaf(1), Leaf(2), Leaf(3)]


@pytest.mark.parametrize("struct", [5, "text", [Leaf(1), 3]])
def test_what_is_not_a_task_has_no_paths(struct: Any) -> None:
    with pytest.raises(BadRequirement, match="is not a Task"):
        getpaths(struct)


def test_outputs_of_a_task_without_any_are_those_of_its_requirements() -> None:
    class Group(luigi.WrapperTask):
        def requires(self) -> Any:
            yield Leaf(1)
            yield [Leaf(2)]

    assert [target.path for target in flatten_output(Group())] == ["leaf-1", "leaf-2"]


# --- completeness ------------------------------------------------------------------------------------------------


def test_complete_when_every_output_is() -> None:
    class Two(luigi.Task):
        def output(self) -> Any:
            return {"a": MockTarget("two-a"), "b": [MockTarget("two-b")]}

    assert not Two().complete()
    for name in ("two-a", "two-b"):
        with MockTarget(name).open("w") as stream:
            stream.write("x")
    assert Two().complete()


def test_without_outputs_a_task_is_never_complete_and_says_so() -> None:
    class Bare(luigi.Task):
        pass

    with pytest.warns(UserWarning, match="without outputs has no custom complete"):
        assert not Bare().complete()


def test_an_output_that_is_not_a_target_is_named() -> None:
    class Wrong(luigi.Task):
        def output(self) -> Any:
            return "file.txt"

    with pytest.raises(BadOutput, match=r"Wrong\(\): output\(\) gave 'file.txt'") as caught:
        Wrong().complete()
    assert caught.value.hint == "return luigi.LocalTarget('file.txt')"


def test_externalize() -> None:
    task = externalize(Leaf(1))
    assert (task.run, task.task_id, Leaf(1).run is None) == (None, Leaf(1).task_id, False)
    cls = externalize(Leaf)
    assert (cls.run, cls(2).task_id) == (None, Leaf(2).task_id)
    registered = luigi.task_register.Register._families["Leaf"]
    assert [one for one in registered if one.__module__ == __name__] == [Leaf]


def test_bulk_complete() -> None:
    class Even(MixinNaiveBulkComplete, luigi.Task):
        n = luigi.IntParameter()
        m = luigi.IntParameter(default=0)

        def complete(self) -> bool:
            return self.n % 2 == 0

    assert Even.bulk_complete([1, 2, (4, 1), {"n": 6}, {"n": 7}]) == [2, (4, 1), {"n": 6}]
    with pytest.raises(BulkCompleteNotImplementedError):
        Leaf.bulk_complete([1])


def test_dynamic_requirements_may_check_themselves() -> None:
    asked = []

    def check(complete: Any) -> bool:
        asked.append(complete)
        return True

    wanted = DynamicRequirements([Leaf(8), {"k": Leaf(9)}], check)
    assert wanted.complete()
    assert len(asked) == 1
    assert wanted.flat_requirements == [Leaf(8), Leaf(9)]
    assert wanted.paths[1]["k"].path == "leaf-9"
    assert not DynamicRequirements(Leaf(8)).complete()


# --- events ------------------------------------------------------------------------------------------------------


def test_handlers_are_called_for_their_class_and_below() -> None:
    class Base(luigi.Task):
        pass

    class Below(Base):
        pass

    class Beside(luigi.Task):
        pass

    heard = []

    @Base.event_handler("my.event")
    def hear(task: luigi.Task, *more: Any) -> None:
        heard.append((type(task).__name__, more))

    for cls in (Base, Below, Beside):
        cls().trigger_event("my.event", cls(), 1)
    assert heard == [("Base", (1,)), ("Below", (1,))]
    Base.remove_event_handler("my.event", hear)
    Base().trigger_event("my.event", Base())
    assert len(heard) == 2


def test_a_handler_that_raises_does_not_stop_the_others(caplog: pytest.LogCaptureFixture) -> None:
    class Noisy(luigi.Task):
        pass

    heard = []
    Noisy.event_handler("e")(lambda task: 1 / 0)
    Noisy.event_handler("e")(heard.append)
    Noisy().trigger_event("e", Noisy())
    assert heard == [Noisy()]
    assert "Error in event callback for 'e'" in caplog.text


def test_outside_a_run_a_task_may_still_report() -> None:
    task = Leaf(1)
    task.set_status_message("x")
    task.set_progress_percentage(5)
    task.set_tracking_url("http://localhost")
    task.decrease_running_resources({"db": 1})
    assert task.scheduler_messages is None


@given(st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), st.text(max_size=40), max_size=5))
def test_an_id_is_hashed_from_the_json_of_its_parameters(params: dict[str, str]) -> None:
    document = json.dumps(params, separators=(",", ":"), sort_keys=True)
    digest = hashlib.md5(document.encode()).hexdigest()[:10]
    first = "_".join(params[name][:16] for name in sorted(params)[:3])
    assert task_id_str("F", params) == f"F_{re.sub(r'[^A-Za-z0-9_]', '_', first)}_{digest}"


def test_externalized_classes_stay_in_their_namespace() -> None:
    luigi.namespace("outside", scope=__name__)
    try:

        class Spaced(luigi.Task):
            """In a namespace that holds where it is defined only."""
    finally:
        luigi.namespace(scope=__name__)
    assert externalize(Spaced)().task_id == Spaced().task_id == "outside.Spaced__99914b932b"


def test_only_what_a_class_has_is_listed() -> None:
    assert "task_id" not in dir(Leaf)
    assert "task_id" in dir(Leaf(1))
    for name in dir(Leaf):
        getattr(Leaf, name)


def test_what_a_worker_of_a_program_puts_on_a_task_stays_in_its_process() -> None:
    task = Leaf(1)
    task.scheduler_messages = "a queue"
    task.set_status_message = lambda message: None  # type: ignore[method-assign]
    assert task.scheduler_messages == "a queue"
    with task.no_unpicklable_properties():
        assert task.scheduler_messages is None
    assert pickle.loads(pickle.dumps(task)).scheduler_messages is None
    assert task.scheduler_messages == "a queue"

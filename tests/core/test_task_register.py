"""Families: which class a name means."""

from __future__ import annotations

import abc
import sys
import types
from typing import Any

import pytest

import luigi
from luigi.task_register import (
    Register,
    TaskClassAmbigiousException,
    TaskClassNotFoundException,
    load_task,
)
from luigi.tools.range import RangeDaily


def define(name: str, *bases: type) -> type[luigi.Task]:
    return Register(name, bases or (luigi.Task,), {"__module__": __name__})  # type: ignore[return-value]


def test_a_family_names_its_class() -> None:
    cls = define("RegisteredOnce")
    assert Register.get_task_cls("RegisteredOnce") is cls
    assert "RegisteredOnce" in Register.task_names()
    assert "RegisteredOnce" in Register.tasks_str().split(",")
    assert Register._get_reg()["RegisteredOnce"] is cls


def test_two_classes_of_one_family_are_an_error_only_when_asked_for() -> None:
    define("RegisteredTwice")
    define("RegisteredTwice")
    with pytest.raises(TaskClassAmbigiousException, match="'RegisteredTwice' is ambiguous"):
        Register.get_task_cls("RegisteredTwice")
    assert Register._get_reg()["RegisteredTwice"] is Register.AMBIGUOUS_CLASS
    assert "RegisteredTwice" not in Register.task_names()


def test_a_class_derived_from_its_namesake_takes_its_place() -> None:
    base = define("Refined")
    refined = define("Refined", base)
    assert Register.get_task_cls("Refined") is refined


def test_an_unknown_family_gets_the_nearest_names() -> None:
    define("TopDestinations")
    with pytest.raises(TaskClassNotFoundException, match="No task 'TopDestination' is known. Did you mean TopDest"):
        Register.get_task_cls("TopDestination")


def test_a_task_is_loaded_from_its_module_and_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    class LoadedTask(luigi.Task):
        n = luigi.IntParameter()

    monkeypatch.setitem(sys.modules, "some_module", types.ModuleType("some_module"))
    assert load_task("some_module", "LoadedTask", {"n": "4"}) is LoadedTask(4)
    with pytest.raises(ModuleNotFoundError):
        load_task("no_such_module_here", "LoadedTask", {"n": "4"})


def test_the_instance_cache_can_be_emptied_and_switched_off() -> None:
    class Cached(luigi.Task):
        n = luigi.IntParameter(default=1)

    first = Cached()
    kept = Register._instances
    try:
        Register.clear_instance_cache()
        assert Cached() is not first
        Register.disable_instance_cache()
        assert Cached() is not Cached()
    finally:
        Register._instances = kept


# --- the list that Luigi keeps ----------------------------------------------------------------------------------


def test_the_list_of_classes_can_be_changed() -> None:
    first, second = define("ListedFirst"), define("ListedSecond")
    assert {first, second} <= set(Register._reg)
    Register._reg.remove(first)
    with pytest.raises(TaskClassNotFoundException):
        Register.get_task_cls("ListedFirst")
    Register._reg.append(first)
    assert Register.get_task_cls("ListedFirst") is first
    place = Register._reg.index(second)
    assert Register._reg.pop(place) is second
    assert second not in Register._reg


def test_a_shorter_list_can_take_its_place() -> None:
    before = list(Register._reg)
    gone = define("ListedShortly")
    Register._reg = [cls for cls in Register._reg if cls is not gone]
    assert set(Register._reg) == set(before)
    assert "ListedShortly" not in Register._get_reg()
    assert Register.get_task_cls("RangeDaily") is RangeDaily


def test_a_metaclass_of_a_program_may_register_by_itself() -> None:
    class Own(Register):
        def __new__(mcs, name: str, bases: Any, namespace: Any) -> Any:
            cls: Any = abc.ABCMeta.__new__(mcs, name, bases, namespace)
            cls._namespace_at_class_time = mcs._get_namespace(cls.__module__)
            mcs._reg.append(cls)
            return cls

    made: Any = Own("ListedByItself", (luigi.Task,), {"__module__": __name__, "n": luigi.IntParameter(default=3)})
    assert Register.get_task_cls("ListedByItself") is made
    assert made().n == 3
    assert made(4) is made(n=4)

"""Families: which class a name means."""

from __future__ import annotations

import sys
import types

import pytest

import luigi
from luigi.task_register import (
    Register,
    TaskClassAmbigiousException,
    TaskClassNotFoundException,
    load_task,
)


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

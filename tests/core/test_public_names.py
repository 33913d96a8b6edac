"""`import luigi`: what programs find there, at once or when they first ask."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

import luigi

PLAIN = sorted(set(luigi.__all__))


@pytest.mark.parametrize("name", PLAIN)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(luigi, name) is not None


def test_star_import_works() -> None:
    names: dict[str, object] = {}
    exec("from luigi import *", names)
    assert set(PLAIN) <= set(names)


@pytest.mark.parametrize("name", sorted(luigi._MODULES))
def test_modules_are_reached_as_attributes(name: str) -> None:
    if name == "notifications" and importlib.util.find_spec("luigi.notifications") is None:
        pytest.skip("comes with the notifiers")
    code = f"import luigi, sys; assert luigi.{name} is sys.modules['luigi.{name}']"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_dir_shows_what_is_loaded_later() -> None:
    assert {"build", "run", "RemoteScheduler", "worker", "Task"} <= set(dir(luigi))


def test_a_name_there_is_not_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'luigi' has no attribute 'Tsk'"):
        luigi.Tsk  # noqa: B018


def test_the_lazy_names_are_those_of_their_modules() -> None:
    from luigi.interface import build, run

    assert luigi.build is build
    assert luigi.run is run
    assert luigi.Parameter is luigi.parameter.Parameter
    assert luigi.Task is luigi.task.Task
    assert luigi.__version__ == luigi.VERSION

"""Every public name of the kernel says what it means: modules, classes, functions, and the methods a class adds."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

import luigi

OTHERS = ("luigi.contrib", "luigi.plugins", "luigi.server")


def modules() -> Iterator[ModuleType]:
    yield luigi
    for found in pkgutil.walk_packages(luigi.__path__, "luigi."):
        if not found.name.startswith(OTHERS) and not found.name.endswith(".__main__"):
            yield importlib.import_module(found.name)


def undocumented(module: ModuleType) -> Iterator[str]:
    """The public names defined in `module` that have no words of their own."""
    if not module.__doc__:
        yield module.__name__
    for name, thing in vars(module).items():
        if name.startswith("_") or getattr(thing, "__module__", None) != module.__name__:
            continue
        if inspect.isfunction(thing) and not thing.__doc__:
            yield f"{module.__name__}.{name}"
        if inspect.isclass(thing):
            yield from _in_class(thing)


def _in_class(cls: type[Any]) -> Iterator[str]:
    place = f"{cls.__module__}.{cls.__qualname__}"
    if not cls.__doc__ or cls.__doc__.startswith(f"{cls.__name__}("):  # what dataclass writes by itself
        yield place
    for name, member in vars(cls).items():
        if name.startswith(("_", "test_")) or not _is_method(member):  # a contract's test says what it means by name
            continue
        if not any(vars(base)[name].__doc__ for base in cls.__mro__ if name in vars(base)):
            yield f"{place}.{name}"


def _is_method(member: object) -> bool:
    return inspect.isfunction(member) or isinstance(member, (classmethod, staticmethod, property))


def test_what_says_nothing_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    silent = ModuleType("silent")
    monkeypatch.setitem(sys.modules, "silent", silent)  # dataclass looks its module up
    code = """
from dataclasses import dataclass
class Base:
    'Said.'
    def told(self): 'Said.'
class Child(Base):
    def told(self): ...
    def mute(self): ...
@dataclass
class Record:
    number: int
def f(): ...
def _private(): ...
"""
    exec(compile(code, "silent.py", "exec"), vars(silent))
    assert list(undocumented(silent)) == ["silent", "silent.Child", "silent.Child.mute", "silent.Record", "silent.f"]


def test_every_public_name_of_the_kernel_is_documented() -> None:
    found = {name for module in modules() for name in undocumented(module)}
    assert not found

"""Which modules and packages a task needs where it runs."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

from luigi.contrib._travel import script
from luigi.contrib._travel.imports import imported
from luigi.contrib._travel.members import Member, ModuleStays, members, spec_of

if TYPE_CHECKING:
    from luigi.task import Task

KERNEL: Final = ("luigi", "luigi.contrib", "luigi.plugins", "pluggy")
"""What runs a task anywhere."""
INSTALLED: Final = frozenset({"site-packages", "dist-packages"})
"""Folders of what is installed."""


def needs(task: Task, named: Iterable[str] = (), extra: Iterable[ModuleType | str] = ()) -> list[str]:
    """The modules and packages to send along with `task`; the kernel, which all need, is not among them.

    The root packages of its class and of those that are its bases; `extra`, modules or their names; of `named`, what
    its pickle imports, and of what all these import, that which is not installed: what is, is expected there, too.
    """
    bases = {_known_as(cls.__module__) for cls in type(task).__mro__}
    given = {_known_as(one.__name__ if isinstance(one, ModuleType) else one) for one in extra}
    found = {unit(name) for name in bases | given if _is_not_everywhere(name)}
    return sorted(_with_imports(found | {unit(name) for name in named if _is_own(name)}))


def _with_imports(names: set[str]) -> set[str]:
    found: set[str] = set()
    while names:
        name = names.pop()
        found.add(name)
        if not _is_installed(name):
            names |= {other for file in members(name) for other in _own_imports(file)} - found
    return found


def _own_imports(file: Member) -> Iterator[str]:
    for name in imported(file):
        try:
            if _is_own(name) and not _is_namespace(unit(name)):  # which may be any folder that has the name
                yield unit(name)
        except ModuleStays:  # an import that is tried, and need not succeed
            continue


def _is_own(name: str) -> bool:
    return _is_not_everywhere(name) and not _is_installed(name)


def unit(name: str) -> str:
    """What goes as a whole where the module `name` goes: its root package, or the first below namespace packages."""
    parts = name.split(".")
    above = (".".join(parts[:end]) for end in range(1, len(parts)))
    return next((package for package in above if not _is_namespace(package)), name)


def _known_as(name: str) -> str:
    return script.module_name() if name in script.NAMES else name


def _is_not_everywhere(name: str) -> bool:
    root = name.partition(".")[0]
    return root not in sys.stdlib_module_names and root not in KERNEL


def _is_namespace(package: str) -> bool:
    if script.is_script(package):
        return False
    spec = spec_of(package)
    return spec.submodule_search_locations is not None and spec.origin is None


def _is_installed(name: str) -> bool:
    origin = "" if script.is_script(unit(name)) else spec_of(unit(name)).origin
    return not INSTALLED.isdisjoint(Path(origin or "").parts)

"""What of a module or package goes into an archive: its files, wherever they are kept."""

from __future__ import annotations

import os
import sys
import zipfile
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, spec_from_file_location
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from luigi.contrib._travel import script
from luigi.errors import KernelError

LEFT_OUT = (".pyc", ".pyo")


class Member(NamedTuple):
    """A file of an archive."""

    name: str
    content: bytes


class ModuleStays(KernelError, ImportError):
    """A module cannot be sent to another machine."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"module {name!r} cannot be sent to another machine: {reason}")


class _Place(Protocol):
    """A file or folder, of this machine or of a zip archive."""

    @property
    def name(self) -> str: ...
    def is_dir(self) -> bool: ...
    def iterdir(self) -> Iterator[Any]: ...
    def read_bytes(self) -> bytes: ...


def members(name: str) -> Iterator[Member]:
    """All files of the module or package `name`, as they lie below a folder of sys.path. Raises ModuleStays.

    Compiled and hidden ones are left out. Of packages that have no `__init__.py` above it, nothing else comes along.
    """
    if script.is_script(name):
        yield Member(f"{name}.py", _source(script.script_file()))
        return
    spec = spec_of(name)
    if not spec.submodule_search_locations:  # of a module that poses as a package, as six does, there are none
        yield _file(name, spec)
        return
    for package in [name, *_packages_elsewhere(name)]:
        for location in _locations(package):
            yield from _below(_place(location), package.replace(".", "/"), ())


def spec_of(name: str) -> ModuleSpec:
    """Where the module `name` is. Raises ModuleStays."""
    loaded = sys.modules.get(name)
    spec = getattr(loaded, "__spec__", None)
    if spec is None and loaded is not None and getattr(loaded, "__file__", None):
        spec = spec_from_file_location(name, loaded.__file__)
    try:
        spec = spec or find_spec(name)
    except (ImportError, ValueError) as error:
        raise ModuleStays(name, str(error)) from error
    if spec is None:
        raise ModuleStays(name, "there is no such module here")
    return spec


def _file(name: str, spec: ModuleSpec) -> Member:
    if not spec.has_location or spec.origin is None:
        raise ModuleStays(name, "it is not in a file")
    path = Path(spec.origin)
    if path.suffix in LEFT_OUT:
        raise ModuleStays(name, f"there is no source of it, only {path}")
    suffix = path.name.removeprefix(name.rpartition(".")[2])
    return Member(name.replace(".", "/") + suffix, _source(path))


def _source(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else _place(str(path)).read_bytes()


def _locations(package: str) -> list[str]:
    loaded = sys.modules.get(package)
    found = getattr(loaded, "__path__", None) or spec_of(package).submodule_search_locations or []
    return list(found)


def _packages_elsewhere(name: str) -> list[str]:
    """Loaded packages of `name` that lie in other folders, as those of an editable installation may."""
    return sorted(
        other
        for other, module in list(sys.modules.items())
        if other.startswith(f"{name}.") and hasattr(module, "__path__") and not set(_locations(other)) & _inner(other)
    )


def _inner(package: str) -> set[str]:
    """Where a package lies when it lies within the one above."""
    above, _, last = package.rpartition(".")
    return {os.path.join(location, last) for location in _locations(above)}


def _place(location: str) -> Any:
    """The folder or file at `location`, which may lie within a zip archive."""
    path = Path(location)
    if path.exists():
        return path
    for outer in path.parents:
        if outer.is_file():
            inner = path.relative_to(outer).as_posix()
            folder = zipfile.Path(outer, f"{inner}/")
            return folder if folder.exists() else zipfile.Path(outer, inner)
    raise ModuleStays(path.stem, f"there is no {location}")


def _below(place: _Place, name: str, above: tuple[str, ...]) -> Iterator[Member]:
    real = os.path.realpath(str(place))
    if real in above:  # a link that leads back to where it is
        return
    for inner in sorted(place.iterdir(), key=lambda one: one.name):
        if inner.name.startswith(".") or inner.name == "__pycache__" or inner.name.endswith(LEFT_OUT):
            continue
        if inner.is_dir():
            yield from _below(inner, f"{name}/{inner.name}", (*above, real))
        elif inner.is_file():
            yield Member(f"{name}/{inner.name}", inner.read_bytes())

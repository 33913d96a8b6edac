"""Tasks on their way to another machine: by name where their module is there and the same, by value where it is not.

By name goes what pickle makes of the task: all its values, and the name of its class, with a digest of each module of
the program's own that the class is made of. By value goes what cloudpickle makes of it, with the source of the class.
"""

from __future__ import annotations

import hashlib
import pickle
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from luigi.errors import MissingExtra
from luigi.executors.frames import PROTOCOL, CannotTravel

if TYPE_CHECKING:
    from luigi.task import Task

MAIN: Final = b"__main__"
"""In a pickle: something of the program that was started, which is another one there."""

_registering = Lock()
"""What cloudpickle takes by value is known to the whole process."""


class OtherModule(ImportError):
    """A module that is there is not the one from here. Its `name` says which."""


class _Sent(NamedTuple):
    """A task as it travels."""

    modules: tuple[tuple[str, str], ...]
    """Those that have to be there, each with the digest of its source; empty where there is no source."""
    pickled: bytes


# --- at home -------------------------------------------------------------------------------------------------------


class Packing:
    """Packs tasks for one run, and remembers which modules are not where they go."""

    def __init__(self) -> None:
        self._by_value: set[str] = set()
        self.version = 0
        """Grows with what goes by value: what was sent before may be worth sending again."""

    def pack(self, task: Task) -> bytes:
        """The task as bytes. Raises CannotTravel."""
        own = own_modules(type(task))
        if self._by_value.isdisjoint(own):
            try:
                pickled = pickle.dumps(task, PROTOCOL)
            except Exception:  # a class inside a function, or what a value's own __reduce__ may raise
                pickled = MAIN
            if MAIN not in pickled:
                return _sent(tuple((name, digest(name)) for name in own), pickled)
        return _sent((), self._valued(task))

    def send_by_value(self, task: Task, missing: str) -> bool:
        """Take the task's modules by value from now on, and the one that was `missing`.

        False when that would change nothing, or the missing one is installed here and belongs there too.
        """
        modules = {*own_modules(type(task)), missing} - {""}
        if modules <= self._by_value or (missing and not is_own(missing)):
            return False
        self._by_value |= modules
        self.version += 1
        return True

    def _valued(self, task: Task) -> bytes:
        modules = {*own_modules(type(task)), *self._by_value}
        try:
            return by_value(task, modules)
        except MissingExtra as error:
            raise CannotTravel(task, f"{error} {error.hint}") from error
        except Exception as error:
            raise CannotTravel(task, error) from error


def by_value(what: Any, modules: set[str]) -> bytes:
    """What cloudpickle makes of something, with the sources of these modules and of what has no importable name.

    Raises MissingExtra where there is no cloudpickle, and whatever pickling raises.
    """
    with going_by_value(modules - {"__main__"}) as cloudpickle:
        pickled: bytes = cloudpickle.dumps(what, PROTOCOL)
    return pickled


@contextmanager
def going_by_value(modules: Iterable[str]) -> Iterator[Any]:
    """While this lasts cloudpickle, which it gives, takes these modules by value. Raises MissingExtra without it."""
    from luigi.extras import need

    cloudpickle: Any = need("cloudpickle", "dask", "what is not importable on other machines (cloudpickle)")
    with _registering, ExitStack() as later:
        for name in sorted({*modules} & {*sys.modules} - cloudpickle.list_registry_pickle_by_value()):
            cloudpickle.register_pickle_by_value(sys.modules[name])
            later.callback(cloudpickle.unregister_pickle_by_value, sys.modules[name])
        yield cloudpickle


def _sent(modules: tuple[tuple[str, str], ...], pickled: bytes) -> bytes:
    return pickle.dumps((modules, pickled), PROTOCOL)


@lru_cache(maxsize=1024)
def own_modules(cls: type) -> tuple[str, ...]:
    """The modules of the program's own that the class is made of."""
    return tuple(dict.fromkeys(base.__module__ for base in cls.__mro__ if is_own(base.__module__)))


@lru_cache(maxsize=1024)
def is_own(name: str) -> bool:
    """Whether the module is neither Python's, nor the kernel's, nor installed from a package."""
    top = name.partition(".")[0]
    if top in sys.stdlib_module_names or top == "luigi":
        return name == "__main__"
    file = getattr(sys.modules.get(name), "__file__", None)
    return file is None or not _is_installed(Path(file))


def _is_installed(path: Path) -> bool:
    """Whether it is where Python and its packages are."""
    if {"site-packages", "dist-packages"} & {*path.parts}:
        return True
    paths = sysconfig.get_paths()
    return any(path.is_relative_to(paths[name]) for name in ("stdlib", "platstdlib", "purelib", "platlib"))


@lru_cache(maxsize=1024)
def digest(name: str) -> str:
    """The digest of the source that the module was imported from; empty where there is none."""
    module: ModuleType | None = sys.modules.get(name)
    return _digest_of(getattr(module, "__file__", None))


def _digest_of(file: str | None) -> str:
    if file is None or not file.endswith(".py"):
        return ""
    try:
        return hashlib.sha256(Path(file).read_bytes()).hexdigest()
    except OSError:  # in an archive
        return ""


def sources() -> Iterator[str]:
    """Folders that the program imports its own modules from: those of `sys.path` that no packages are installed in."""
    for folder in dict.fromkeys(sys.path):
        path = Path(folder).absolute()
        if path.is_dir() and not _is_installed(path):
            yield str(path)


# --- there ---------------------------------------------------------------------------------------------------------


def opened(content: bytes) -> Task:
    """The task that was packed. Raises ImportError naming the module that is not there, or is another one."""
    sent = _Sent(*pickle.loads(content))
    for name, expected in sent.modules:
        _look_for(name, expected)
    task: Task = pickle.loads(sent.pickled)
    return task


@lru_cache(maxsize=1024)
def _look_for(name: str, expected: str) -> None:
    """Before it is imported: what is another one stays out."""
    try:
        spec = find_spec(name)
    except ImportError as error:  # a package above it
        raise ModuleNotFoundError(f"there is no module {name}: {error}", name=name) from error
    except ValueError:  # imported by other means than importing
        spec = None
    if spec is None:
        raise ModuleNotFoundError(f"there is no module {name}", name=name)
    found = _digest_of(spec.origin)
    if expected and found and found != expected:
        raise OtherModule(f"the module {name} in {spec.origin} has another source", name=name)
    import_module(name)

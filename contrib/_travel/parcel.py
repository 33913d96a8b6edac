"""A task on its way to another machine: a pickle that is read back only where it is known by its SHA-256."""

from __future__ import annotations

import io
import os
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from functools import reduce
from importlib import import_module
from types import FunctionType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from luigi.contrib._travel import script
from luigi.contrib._travel.sealed import Sealed, seal
from luigi.errors import KernelError

if TYPE_CHECKING:
    from luigi.task import Task

NAME: Final = "job-instance.pickle"
LISTENERS: Final = ("set_tracking_url", "set_status_message", "set_progress_percentage")


class TaskStays(KernelError):
    """A task cannot be sent to another machine."""

    def __init__(self, task: object, reason: object) -> None:
        super().__init__(f"{task} cannot be sent to another machine: {reason}")
        self.hint = "define its class at the top of a module, and give it values that can be pickled"


class Packed(NamedTuple):
    """A task as bytes."""

    content: bytes
    modules: frozenset[str]
    """What is imported when it is read."""

    def write(self, folder: str | os.PathLike[str]) -> Sealed:
        """Write it to the file NAME in `folder`. Raises FileExistsError."""
        return seal(os.path.join(folder, NAME), self.content)


def pack(task: Task, protocol: int | None = None) -> Packed:
    """The task as bytes, of pickle's `protocol`. Raises TaskStays, NoScript."""
    stream = io.BytesIO()
    pickler = _Pickler(stream, protocol)
    try:
        with task.no_unpicklable_properties(), _without_listeners(task):
            pickler.dump(task)
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        raise TaskStays(task, error) from error
    return Packed(stream.getvalue(), frozenset(pickler.modules))


def write(task: Task, folder: str | os.PathLike[str], protocol: int | None = None) -> Sealed:
    """Write the task to the file NAME in `folder`. Raises TaskStays, NoScript, FileExistsError."""
    return pack(task, protocol).write(folder)


def read(path: str, digest: str) -> Any:
    """The task that `write` has written. Raises SealBroken when the file is any other than that of `digest`."""
    return pickle.loads(Sealed(path, digest).read())


@contextmanager
def _without_listeners(task: Task) -> Iterator[None]:
    """Programs may put functions in place of a task's own: what they tell is told where the task runs."""
    kept: dict[str, Any] = {name: task.__dict__.pop(name) for name in LISTENERS if name in task.__dict__}
    try:
        yield
    finally:
        task.__dict__.update(kept)


class _Pickler(pickle.Pickler):
    """Keeps what modules it names, and names `__main__` by the module that it is elsewhere."""

    def __init__(self, stream: io.BytesIO, protocol: int | None) -> None:
        super().__init__(stream, protocol)
        self.modules: set[str] = set()

    def reducer_override(self, obj: Any) -> Any:
        """How `obj` is written: NotImplemented for as ever."""
        if not isinstance(obj, (type, FunctionType)) or obj.__module__ is None:
            return NotImplemented
        if obj.__module__ not in script.NAMES:
            self.modules.add(obj.__module__)
            return NotImplemented
        if "<locals>" in obj.__qualname__ or _named(obj.__module__, obj.__qualname__) is not obj:
            raise pickle.PicklingError(f"{obj.__qualname__} is not to be found by that name")
        name = script.module_name()
        self.modules.add(name)
        return _named, (name, obj.__qualname__)


def _named(module: str, path: str) -> Any:
    """What is called `path` in a module."""
    return reduce(getattr, path.split("."), import_module(module))

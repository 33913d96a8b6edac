"""What a run() has yielded, as it travels from a child to the supervisor."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from luigi.executors.frames import PROTOCOL, CannotTravel
from luigi.task_register import Register

if TYPE_CHECKING:
    from luigi.task import Task


class _Described(NamedTuple):
    """A task whose class has no importable name: what the register finds it by, and its values."""

    module: str
    family: str
    values: dict[str, Any]

    def make(self) -> Task:
        import_module(self.module)
        return Register.get_task_cls(self.family)(**self.values)


def pack_wanted(tasks: Sequence[Task]) -> bytes:
    """New requirements as bytes, for the supervisor. Raises CannotTravel."""
    try:
        return pickle.dumps(tuple(tasks), PROTOCOL)
    except Exception:  # a class inside a function, most of the time: both sides know it by its family
        described = [_Described(task.task_module, task.task_family, task.param_kwargs) for task in tasks]
    try:
        return pickle.dumps(described, PROTOCOL)
    except Exception as error:
        raise CannotTravel(f"what run() yielded ({', '.join(map(str, tasks))})", error) from error


def unpack_wanted(parcel: bytes) -> list[Task]:
    """The tasks that `pack_wanted` has packed. Raises CannotTravel."""
    try:
        return [one.make() if isinstance(one, _Described) else one for one in pickle.loads(parcel)]
    except Exception as error:
        raise CannotTravel("what run() yielded", f"it cannot be read here: {error!r}") from error

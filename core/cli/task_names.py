"""The task class a name on the command line means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from luigi.cli import own_classes
from luigi.errors import TaskClassNotFoundException, nearest
from luigi.task_register import Register

if TYPE_CHECKING:
    from luigi.task import Task


class UnknownTask(TaskClassNotFoundException):
    """No task has that name. The hint says which have one like it, or what the named module defines."""

    def __init__(self, name: str, module: str | None) -> None:
        super().__init__(name)
        known = task_families()
        alike = [family for family in known if family.rpartition(".")[2] == name] or nearest(name, known)
        if alike:
            self.hint = f"did you mean {' or '.join(alike)}?"
        elif module:
            self.hint = _contents(module)


def task_class(name: str, module: str | None = None) -> type[Task]:
    """The class of the task `name`; `module` is the one the user says defines it.

    Raises UnknownTask, or TaskClassAmbigiousException when several classes have the name.
    """
    families = Register._get_reg()
    if name not in families:
        own_classes.register_all()
        families = Register._get_reg()
    if name not in families:
        raise UnknownTask(name, module)
    return Register.get_task_cls(name)


def task_families() -> list[str]:
    """The families one can run: those of tasks which are neither configuration nor one of the base classes."""
    from luigi.task import Config

    return [family for family, cls in _known() if not issubclass(cls, Config) and cls.__module__ != "luigi.task"]


def _contents(module: str) -> str:
    there = sorted(family for family, cls in _known() if cls.__module__ == module)
    if not there:
        return f"module {module} defines no tasks"
    return f"module {module} defines {', '.join(there[:10])}" + (f" and {len(there) - 10} more" if there[10:] else "")


def _known() -> list[tuple[str, Any]]:
    found = Register._get_reg().items()
    return [(family, cls) for family, cls in found if cls is not Register.AMBIGUOUS_CLASS]

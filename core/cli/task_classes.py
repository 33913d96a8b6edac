"""The task classes that a module defines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from luigi.task_register import Register

if TYPE_CHECKING:
    from luigi.task import Task


def classes_of(module: str) -> list[type[Task]]:
    """The classes that `module`, which has been imported, and the modules in it define; in order of definition.

    Configuration is not among them, nor what is not in the register.
    """
    from luigi.task import Config

    inside = f"{module}."
    found: list[Any] = [
        cls
        for classes in Register._families.values()
        for cls in classes
        if (cls.__module__ == module or cls.__module__.startswith(inside)) and not issubclass(cls, Config)
    ]
    return list(dict.fromkeys(found))

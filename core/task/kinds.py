"""The special kinds of task: made elsewhere, only wrapping others, settings, and checks one by one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from luigi.structure import flatten
from luigi.task.base import Task
from luigi.task_register import Register


class ExternalTask(Task):
    """Something that another program makes: it has an output and no `run`."""

    run: ClassVar[Any] = None

    poke: ClassVar[Any] = None
    """How it is waited for, a `luigi.Poke` or a dict: looked for again and again, in no worker's place. None to leave
    out of the run what depends on it, if it is not there."""


class WrapperTask(Task):
    """A task that only requires others, and is complete when they are."""

    def complete(self) -> bool:
        """Whether every required task is complete."""
        return all(task.complete() for task in flatten(self.requires()))


class Config(Task):
    """Settings: each parameter is an option of the configuration section named as the class."""


def externalize(taskclass_or_taskobject: Any) -> Any:
    """A copy of a task, or of a task class, that is not run: its output is waited for instead."""
    if isinstance(taskclass_or_taskobject, Task):
        import copy

        task = copy.copy(taskclass_or_taskobject)
        task.__dict__["run"] = None
        return task
    cls = taskclass_or_taskobject
    made = Register(
        cls.__name__,
        (cls,),
        {"run": None, "_visible_in_registry": False, "__module__": cls.__module__, "__doc__": cls.__doc__},
    )
    made._namespace_at_class_time = cls._namespace_at_class_time  # another may hold by now
    return made


class MixinNaiveBulkComplete:
    """Gives a class `bulk_complete` by asking each task in turn: for checks that are cheap."""

    @classmethod
    def bulk_complete(cls, parameter_tuples: Iterable[Any]) -> list[Any]:
        """Those of the parameter values whose task is complete."""
        complete = []
        for given in parameter_tuples:
            if isinstance(given, list | tuple):
                task = cls(*given)
            elif isinstance(given, dict):
                task = cls(**given)
            else:
                task = cls(given)  # type: ignore[call-arg]
            if task.complete():  # type: ignore[attr-defined]
                complete.append(given)
        return complete

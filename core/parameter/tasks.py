"""A parameter for a task class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from luigi.parameter.base import Parameter

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    from luigi.task import Task

    TaskType = TypeVar("TaskType", bound=Task, default=Task)
else:
    from typing import TypeVar

    TaskType = TypeVar("TaskType")


class TaskParameter(Parameter[type[TaskType]]):
    """A task class, written by its family. Its module must have been imported."""

    def parse(self, x: Any) -> type[TaskType]:
        """The class of family `x`.

        Raises TaskClassNotFoundException, with the nearest families, or TaskClassAmbigiousException.
        """
        from luigi.task_register import Register

        if isinstance(x, Register):
            return x  # type: ignore[return-value]
        return Register.get_task_cls(x)  # type: ignore[return-value]

    def serialize(self, x: Any) -> str:
        return str(x) if x is None else str(x.get_task_family())

    def describe(self) -> str:
        return "the name of a task"

"""What a worker refuses: to schedule what is not a task, to run what is not the task it was assigned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from luigi.errors import KernelError
from luigi.task import Task


class TaskException(KernelError):
    """Something that is not a task, or not a whole one, was to be scheduled."""


class NotTheSameTask(KernelError):
    """What an assistant makes of family and parameters is another task than the one that was assigned.

    `made`: what it makes of `params`, the texts it was given.
    """

    def __init__(self, assigned: str, made: Task, params: Mapping[str, Any]) -> None:
        super().__init__(f"{assigned} is {made.task_id} when it is made here")
        self.hint = _what_differs(made, params)


def _what_differs(made: Task, params: Mapping[str, Any]) -> str:
    """Why a task made of `params` is not the one that they were taken from."""
    here = made.to_str_params()
    unknown = [name for name in params if name not in here]
    if unknown:
        return f"{made.task_family} has no parameter {', '.join(unknown)} here: the code is another version"
    read_otherwise = [name for name, text in params.items() if here[name] != text]
    if read_otherwise:
        name = read_otherwise[0]
        return f"parameter {name}: {params[name]!r} is {here[name]!r} when it is read and written again"
    missing = [name for name in here if name not in params]
    if missing:
        return f"{made.task_family} has a parameter {', '.join(missing)} here that nobody gave: another version"
    return "the parameters are the same: the code is another version, or one is significant here and was not there"


class CannotTravel(KernelError):
    """A task cannot be made by workers elsewhere, which are told its module, family and public parameters."""


class WasCancelled(KernelError):
    """What was assigned is not wanted any more."""

    def __init__(self, task_id: str) -> None:
        super().__init__(f"{task_id} was cancelled before it began")
        self.hint = "re-enable or retry it to have it run"


def explain(error: Exception) -> str:
    """A sentence for an error that explains itself, a traceback for any other. To be called where it was caught."""
    if isinstance(error, KernelError):
        return f"{error}\n{error.hint}".rstrip()
    import traceback

    return traceback.format_exc()


def refuse_what_is_no_task(task: object) -> None:
    """Raise TaskException for what is not a task, saying what it is instead."""
    if not isinstance(task, Task):
        raise TaskException(
            f"can not schedule {task!r}, which is not a task",
            hint=f"make an instance of it: {task.__name__}(…)" if isinstance(task, type) else "",
        )
    if not task.initialized():
        raise TaskException(
            f"{type(task).__name__}: its __init__ does not call Task's",
            hint="begin __init__ with super().__init__(*args, **kwargs)",
        )

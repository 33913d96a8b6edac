"""What a worker refuses: to schedule what is not a task, to run what is not the task it was assigned."""

from __future__ import annotations

from luigi.errors import KernelError
from luigi.task import Task


class TaskException(KernelError):
    """Something that is not a task, or not a whole one, was to be scheduled."""


class NotTheSameTask(KernelError):
    """What an assistant makes of family and parameters is another task than the one that was assigned."""

    def __init__(self, assigned: str, made: str) -> None:
        super().__init__(
            f"{assigned} is {made} when it is made here",
            hint="does each parameter's parse() give back what serialize() was given?",
        )


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

"""Whether a task can be made anew elsewhere, of its module, family and the texts of its parameters."""

from __future__ import annotations

from luigi.cmdline_parser import CmdlineParser
from luigi.signature import with_tuples
from luigi.task import Task
from luigi.worker.refusals import CannotTravel


class PrivateValue(CannotTravel):
    """A private parameter has a value that a worker elsewhere would not give it. The value is not told."""

    def __init__(self, task: Task, name: str) -> None:
        super().__init__(
            f"{task.task_id}: its private parameter {name} has another value than the configured one, "
            "and the scheduler, through which tasks reach workers, is not told private values"
        )
        self.hint = f"set {name} in section [{task.task_family}] of the configuration, here and where the workers are"


class OfTheProgram(CannotTravel):
    """The task's class is in the file that is run, which is no module elsewhere."""

    def __init__(self, task: Task) -> None:
        super().__init__(f"{task.task_id} is defined in the program itself: workers elsewhere cannot import it")
        self.hint = "put the task into a module of its own, and have the workers import that"


class Travelling:
    """Refuses tasks that cannot be made elsewhere, and remembers of each class what need not be worked out again."""

    def __init__(self) -> None:
        self._private: dict[type[Task], tuple[str, ...]] = {}

    def refuse(self, task: Task) -> None:
        """Raise CannotTravel for a task that workers elsewhere could not make."""
        cls = type(task)
        private = self._private.get(cls)
        if private is None:
            if task.task_module == "__main__":
                raise OfTheProgram(task)
            private = self._private[cls] = tuple(name for name, param in cls.get_params() if param._is_private())
        for name in private:
            if not _is_configured(task, name):
                raise PrivateValue(task, name)


def _is_configured(task: Task, name: str) -> bool:
    """Whether a worker whose configuration is the same gives the parameter the same value: flags of this command line
    do not reach it."""
    parameter = dict(task.get_params())[name]
    with CmdlineParser.set_aside():
        configured = with_tuples((parameter.resolve(task.task_family, name),))
    return configured == (task.param_kwargs[name],)

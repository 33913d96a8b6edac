"""Makes the task that was assigned of its module, family and parameters.

A worker that stays for long has many modules, and several may have a family of the same name: the module says which.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from luigi.errors import KernelError
from luigi.task_register import Register
from luigi.worker.refusals import NotTheSameTask

if TYPE_CHECKING:
    from luigi.interfaces import Assignment
    from luigi.task import Task
    from luigi.worker.pool.membership import Pool


class NotOfThePool(KernelError):
    """A task of a module was assigned that this worker was not started for."""

    def __init__(self, assignment: Assignment, pool: Pool) -> None:
        super().__init__(f"{assignment.task_id} is of module {assignment.module}, which is none of this worker's")
        self.hint = f"it was started for {', '.join(pool.modules)}: kernel worker --modules {assignment.module}"


class ModuleNotHere(KernelError):
    """The module of a task cannot be imported where the worker is."""

    def __init__(self, assignment: Assignment, error: ImportError) -> None:
        super().__init__(f"{assignment.task_id}: module {assignment.module} cannot be imported here: {error}")
        self.hint = "install it where the worker is, or keep the worker to modules it has: kernel worker --modules …"


def is_stand_in(assignment: Assignment) -> bool:
    """Whether what was assigned stands for a task whose id was not known where it was submitted."""
    from luigi.submissions import stand_in

    return bool(assignment.submission) and assignment.task_id == stand_in(assignment.family, assignment.submission)


def load(assignment: Assignment, pool: Pool) -> Task:
    """The task, imported and made here; of a stand-in, the one that it stands for.

    Raises NotOfThePool, ModuleNotHere, NotTheSameTask, what `Register.get_task_cls` raises for a family that the module
    does not have, and what making the task raises.
    """
    if not pool.has(assignment.module):
        raise NotOfThePool(assignment, pool)
    task = _class_of(assignment).from_str_params(assignment.params)
    if task.task_id != assignment.task_id and not is_stand_in(assignment):
        raise NotTheSameTask(assignment.task_id, task, assignment.params)
    return task


def _class_of(assignment: Assignment) -> type[Task]:
    if assignment.module is not None:
        try:
            import_module(assignment.module)
        except ImportError as error:
            raise ModuleNotHere(assignment, error) from error
    return Register.get_task_cls_of(assignment.module, assignment.family)

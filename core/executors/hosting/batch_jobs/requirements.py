"""New requirements of a task that runs in a job, as JSON: by module, family and texts, not by pickle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from luigi.errors import KernelError
from luigi.task_register import load_task

if TYPE_CHECKING:
    from luigi.task import Task


class RequirementStays(KernelError):
    """What a `run()` has yielded in a job cannot be told at home."""

    def __init__(self, task_id: str, why: object) -> None:
        super().__init__(f"what run() yielded, {task_id}, cannot be made again from its parameters: {why}")
        self.hint = "only texts come back from a job: yield tasks of modules, with parameters that can be read back"


def described(task: Task, *, openly: bool) -> dict[str, Any]:
    """A task as JSON has it; `openly` where others may read it: then without values of private parameters.

    Raises RequirementStays when it could not be made again of that.
    """
    texts = {**task.to_str_params(), **({} if openly else _private_texts(task))}
    try:
        same = type(task).from_str_params(texts).param_kwargs == task.param_kwargs
    except Exception as error:  # a private parameter without a default, or what a class makes of its values
        raise RequirementStays(task.task_id, type(error).__name__) from error
    if not same:
        what = "values of private parameters do not come with what a job prints" if openly else "the texts say others"
        raise RequirementStays(task.task_id, what)
    return {"id": task.task_id, "module": task.task_module, "family": task.task_family, "params": texts}


def made(told: Sequence[Mapping[str, Any]]) -> list[Task]:
    """The tasks that these describe, here. Raises RequirementStays."""
    return [_made(one) for one in told]


def _made(told: Mapping[str, Any]) -> Task:
    try:
        task = load_task(told["module"], told["family"], told["params"])
    except Exception as error:  # importing a module runs its code
        raise RequirementStays(told["id"], repr(error)) from error
    if task.task_id != told["id"]:
        raise RequirementStays(told["id"], f"here that is {task.task_id}")
    return task


def _private_texts(task: Task) -> dict[str, str]:
    return {name: param.serialize(task.param_kwargs[name]) for name, param in task.get_params() if param._is_private()}

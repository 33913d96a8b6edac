"""What the scheduler is told of a task, read from the task: its `TaskSpec`, and the `Batcher` of its family."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple

from luigi.interfaces import NOTHING, Batcher, RetryPolicy, TaskSpec
from luigi.parameter.base import ParameterVisibility
from luigi.task import Task
from luigi.task_status import DONE
from luigi.worker.refusals import TaskException

_SCHEDULERS_POLICY = RetryPolicy()


class _Traits(NamedTuple):
    """What is the same for all tasks of a class."""

    hidden: tuple[str, ...]
    batched: tuple[str, ...]
    """The parameters that a batch combines; none when tasks of the class are never run together."""
    own_deadline: bool
    """Whether `deadline` is a parameter of the class, which may mean anything."""


class Specs:
    """Makes specs, and remembers of each class what need not be worked out again."""

    def __init__(self) -> None:
        self._traits: dict[type[Task], _Traits] = {}
        self._batchers: dict[str, Batcher] = {}
        self._new_batchers: list[Batcher] = []

    def of(
        self,
        task: Task,
        status: str,
        deps: Sequence[str] | None,
        runnable: bool = True,
        explanation: str | None = None,
    ) -> TaskSpec:
        """The task as the scheduler is told of it; a complete one with no more than pages show of it."""
        traits = self._traits.get(type(task))
        if traits is None:
            traits = self._traits[type(task)] = _traits(type(task))
        if status == DONE:
            params = task.to_str_params()
            return TaskSpec(
                task.task_id, task.task_family, task.task_module, params, DONE, (), False, hidden=traits.hidden
            )
        spec = TaskSpec(
            task.task_id,
            task.task_family,
            task.task_module,
            task.to_str_params(),
            status,
            deps,
            runnable,
            task.priority,
            task.process_resources() or NOTHING,
            _retry_policy(task),
            explanation,
            self._is_batchable(task, traits.batched) if traits.batched else False,
            bool(task.accepts_messages),
            traits.hidden,
            () if task.owner_email is None else tuple(task._owner_list()),
            str(task.worker_queue) if task.worker_queue else "",
            labels_of(task) if task.worker_labels else (),
        )
        return spec if task.deadline is None or traits.own_deadline else spec._replace(deadline=deadline_of(task))

    def new_batchers(self) -> list[Batcher]:
        """How families are batched that were met since this was last asked."""
        new, self._new_batchers = self._new_batchers, []
        return new

    def batchers(self) -> list[Batcher]:
        """How all families met are batched."""
        return list(self._batchers.values())

    def _is_batchable(self, task: Task, batched: tuple[str, ...]) -> bool:
        if not task.batchable or task.max_batch_size <= 1:
            return False
        family = task.task_family
        if family not in self._batchers:
            batcher = self._batchers[family] = Batcher(family, batched, task.max_batch_size)
            self._new_batchers.append(batcher)
        return True


def spec_of(
    task: Task,
    status: str,
    deps: Sequence[str] | None,
    *,
    runnable: bool = True,
    explanation: str | None = None,
) -> TaskSpec:
    """One task as the scheduler is told of it, apart from any planning: it is not batchable."""
    spec = Specs().of(task, status, deps, runnable, explanation)
    return spec._replace(batchable=False)


def deadline_of(task: Task) -> float | None:
    """The seconds within which the task is to be done; None for any time.

    Programs that are older than deadlines may call something else so: that counts for nothing.
    """
    deadline = task.deadline
    if isinstance(deadline, timedelta):
        return deadline.total_seconds()
    if isinstance(deadline, int | float):
        return float(deadline)
    if not callable(deadline):
        told = (
            f"{type(task).__name__}.deadline = {deadline!r} is neither seconds nor a timedelta: it counts for nothing"
        )
        warnings.warn(told, stacklevel=2)
    return None


def labels_of(task: Task) -> Sequence[str]:
    """The labels that a pool's worker must have for the task; it may name a single one as a text.

    Raises TaskException for what is no label.
    """
    labels = task.worker_labels
    if isinstance(labels, str):
        return (labels,)
    if not isinstance(labels, Iterable):
        raise TaskException(
            f"{type(task).__name__}.worker_labels = {labels!r} names no label", hint='it is a list: ["gpu"]'
        )
    return tuple(map(str, labels))


def _traits(cls: type[Task]) -> _Traits:
    visibilities = {name: param.visibility for name, param in cls.get_params()}
    hidden = tuple(name for name, visibility in visibilities.items() if visibility == ParameterVisibility.HIDDEN)
    # The scheduler never learns private values, so it would merge tasks that differ in nothing else.
    secretive = ParameterVisibility.PRIVATE in visibilities.values()
    batched = () if secretive else tuple(cls.batch_param_names())
    return _Traits(hidden, batched, "deadline" in visibilities)


def _retry_policy(task: Task) -> RetryPolicy | None:
    """The task's own policy, its older attributes before `retry_policy`; None when it leaves all to the scheduler."""
    older = task.retry_count, task.disable_hard_timeout, task.disable_window
    own = task.retry_policy
    if not isinstance(own, RetryPolicy):
        if older == (None, None, None):
            return None
        return RetryPolicy(*older)
    given = {name: value for name, value in zip(RetryPolicy._fields, older, strict=False) if value is not None}
    policy = own._replace(**given)
    return None if policy == _SCHEDULERS_POLICY else policy

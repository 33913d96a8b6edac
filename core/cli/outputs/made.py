"""What tasks make, as commands list it: the outputs of a task, and all tasks that a task needs, complete or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from luigi.errors import BadOutput, KernelError
from luigi.graph import discover
from luigi.private_values import masked, masked_error
from luigi.structure import flatten
from luigi.target_names import target_name

if TYPE_CHECKING:
    from luigi.target import Target
    from luigi.task import Task


class CannotTell(KernelError):
    """A program's own method raised where it was asked what it makes or needs. The cause is what it raised."""

    def __init__(self, task: Task, method: str, error: BaseException) -> None:
        said = f"{task}: {method}() raised {type(error).__name__}: {error}"
        super().__init__(masked_error(task, error, said))
        self.hint = "nothing was changed; kernel plan says more about the task"


class Output(NamedTuple):
    """One thing that a task makes."""

    task: Task
    target: Target
    name: str
    """What people read; without the values of private parameters."""


class Needed(NamedTuple):
    """All tasks that some tasks need, themselves first."""

    tasks: list[Task]
    requires: dict[str, list[str]]
    """The ids that each of them requires, by its own."""
    untold: list[CannotTell]
    """Those that could not say what they require: what is behind them is not among the tasks."""


def outputs_of(task: Task) -> list[Output]:
    """What the task makes. Raises BadOutput for what is no target, and CannotTell."""
    try:
        targets = flatten(task.output())
    except Exception as error:
        raise CannotTell(task, "output", error) from error
    return [_output(task, target) for target in targets]


def _output(task: Task, target: Target) -> Output:
    if not hasattr(target, "exists"):
        raise BadOutput(task, target)
    return Output(task, target, masked(task, target_name(target)))


def outputs_of_all(tasks: Iterable[Task]) -> Iterator[Output]:
    """What the tasks make, one after the other. Raises as `outputs_of` does."""
    for task in tasks:
        yield from outputs_of(task)


def needed(roots: Iterable[Task]) -> Needed:
    """The tasks and all they require, however indirectly; none is asked whether it is complete.

    Raises BadRequirement.
    """
    everything = Needed([], {}, [])
    for found in discover(roots, lambda task: False):
        everything.tasks.append(found.task)
        everything.requires[found.task.task_id] = [dep.task_id for dep in found.deps]
        if found.error is not None:
            everything.untold.append(CannotTell(found.task, "requires", found.error))
    return everything


def exists(output: Output) -> bool:
    """Whether it is there. Raises CannotTell when the storage does not say."""
    try:
        return bool(output.target.exists())
    except Exception as error:
        raise CannotTell(output.task, "exists", error) from error


def tell_untold(untold: Iterable[CannotTell]) -> None:
    """Warn, on stderr, of tasks behind which more may be."""
    import sys

    for error in untold:
        print(f"warning: {error}; what it requires is not looked at", file=sys.stderr)

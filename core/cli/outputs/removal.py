"""Removing outputs: what is to go, what stands against it, and then all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from luigi.cli.outputs.made import Output, exists, outputs_of, outputs_of_all
from luigi.cli.outputs.places import Places, place_of
from luigi.errors import KernelError
from luigi.graph import is_external

if TYPE_CHECKING:
    from luigi.cli.outputs.choosing import Chosen
    from luigi.task import Task


class StoppedHalfway(KernelError):
    """An output could not be removed after all."""

    def __init__(self, output: Output, error: Exception, removed: int, of: int) -> None:
        super().__init__(f"{output.name}: cannot be removed: {type(error).__name__}: {error}")
        self.hint = f"{removed} of {of} outputs were removed before it, those of tasks that require others first"


class Removal(NamedTuple):
    """What is to be removed."""

    outputs: Sequence[Output]
    """What is there, each once, what requires others ahead of these."""
    refused: dict[str, str]
    """What cannot be removed, and why."""

    def carry_out(self) -> None:
        """Remove everything, in order. Raises StoppedHalfway at the first that cannot be."""
        for number, output in enumerate(self.outputs):
            target: Any = output.target
            try:
                target.remove()
            except FileNotFoundError:  # somebody else was quicker
                continue
            except Exception as error:
                raise StoppedHalfway(output, error, number, len(self.outputs)) from error


def removal(tasks: Sequence[Task], chosen: Chosen) -> Removal:
    """What of the outputs of `tasks` goes when those that are chosen go. What is chosen by the way, and is external,
    stays.

    Raises BadOutput, and CannotTell for a task or a storage that does not say what is there.
    """
    going = [task for task in tasks if _goes(task, chosen)]
    staying = Places(output for task in tasks if not _goes(task, chosen) for output in _told(task))
    outputs = [output for output in _each_once(outputs_of_all(going)) if exists(output)]
    refused = {output.name: why for output in outputs if (why := _why_not(output, staying)) is not None}
    return Removal(outputs, refused)


def _goes(task: Task, chosen: Chosen) -> bool:
    return task.task_id in chosen.meant or (task.task_id in chosen.along and not is_external(task))


def _told(task: Task) -> list[Output]:
    """The outputs of a task that stays; it may have none that it can name, as nothing is done to it."""
    try:
        return outputs_of(task)
    except KernelError:
        return []


def _each_once(outputs: Iterator[Output]) -> Iterator[Output]:
    met = set()
    for output in outputs:
        place = place_of(output)
        if place not in met:
            met.add(place)
            yield output


def _why_not(output: Output, staying: Places) -> str | None:
    """What stands against removing it, in words."""
    target: Any = output.target
    if is_external(output.task):
        return "an external task stands for it: nothing here could make it again"
    if not callable(getattr(target, "remove", None)):
        return f"a {type(target).__name__} has no remove()"
    other = staying.within(place_of(output))
    if other is not None:
        return f"it is, or holds, {other.name} of {other.task}, which stays"
    ask: Callable[[str], str | None] | None = getattr(getattr(target, "fs", None), "why_not_remove", None)
    return None if ask is None else ask(target.path)

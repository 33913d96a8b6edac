"""What tasks require: found while one runs, and replaced by its outputs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from luigi.errors import BadRequirement
from luigi.structure import flatten
from luigi.task.base import Task

if TYPE_CHECKING:
    from luigi.target import Target


class DynamicRequirements:
    """What a running task yields when it wants a say in how its new requirements are checked.

    `requirements` is a task or any nesting of tasks; `custom_complete`, if given, is called with a function that
    checks one task, and says whether all are complete (one listing instead of a thousand checks).
    """

    def __init__(self, requirements: Any, custom_complete: Callable[[Callable[[Any], bool]], bool] | None = None):
        # They are looked at twice, to check them and for their outputs; an iterator could be once.
        self.requirements = list(requirements) if isinstance(requirements, Iterator) else requirements
        self.custom_complete = custom_complete

    @property
    def flat_requirements(self) -> list[Any]:
        """The required tasks as a flat list."""
        if "_flat" not in self.__dict__:
            self._flat = flatten(self.requirements)
        return self._flat

    @property
    def paths(self) -> Any:
        """The outputs of the required tasks, in the same structure."""
        if "_paths" not in self.__dict__:
            self._paths = getpaths(self.requirements)
        return self._paths

    def complete(self, complete_fn: Callable[[Any], bool] | None = None) -> bool:
        """Whether all required tasks are complete; `complete_fn` checks one."""
        check = complete_fn if complete_fn is not None else _is_complete
        if self.custom_complete is not None:
            return self.custom_complete(check)
        return all(check(task) for task in self.flat_requirements)


def _is_complete(task: Task) -> bool:
    return task.complete()


def getpaths(struct: Any) -> Any:
    """`struct` with each task in it replaced by its output. Raises BadRequirement for what is not a task."""
    if isinstance(struct, Task):
        return struct.output()
    if isinstance(struct, Mapping):
        return type(struct)((key, getpaths(value)) for key, value in struct.items())  # type: ignore[call-arg]
    if isinstance(struct, list | tuple):
        return type(struct)(getpaths(value) for value in struct)
    if isinstance(struct, str | bytes) or not isinstance(struct, Iterable):
        raise BadRequirement("input()", struct)
    return [getpaths(value) for value in struct]


def flatten_output(task: Task) -> list[Target]:
    """The outputs of a task; for one without outputs, those of what it requires, all the way down."""
    outputs = flatten(task.output())
    if outputs:
        return outputs
    found: list[Target] = []
    for required in flatten(task.requires()):
        found.extend(flatten_output(required))
    return found

"""When targets were last written, as far as their file systems tell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from luigi.private_values import masked
from luigi.structure import flatten
from luigi.target import FileSystem
from luigi.target_names import target_name
from luigi.task import Task


class Times:
    """Asks for each path once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], float | None] = {}
        self._file_systems: dict[int, FileSystem] = {}  # kept, so that no other object gets the id of one of them

    def of(self, target: Any) -> float | None:
        """When the target was last written, in seconds since the epoch; None when nobody knows, or it is not there."""
        fs, path = getattr(target, "fs", None), getattr(target, "path", None)
        if not isinstance(fs, FileSystem) or not isinstance(path, str):
            return None
        key = id(fs), path
        if key not in self._known:
            self._file_systems[id(fs)] = fs
            self._known[key] = fs.modified_at(path)
        return self._known[key]

    def dated(self, outputs: Iterable[tuple[Task, Any]]) -> list[tuple[float, str]]:
        """When those outputs were written of which that is known, each with its name, without private values."""
        times = ((self.of(target), task, target) for task, target in outputs)
        return [(time, masked(task, target_name(target))) for time, task, target in times if time is not None]


def inputs_of(task: Task) -> list[tuple[Task, Any]]:
    """The outputs of what a task requires; for a requirement without outputs, those of what it requires itself."""
    found: list[tuple[Task, Any]] = []
    ahead, met = list(task.deps()), set()
    while ahead:
        dep = ahead.pop()
        if dep.task_id not in met:
            met.add(dep.task_id)
            outputs = outputs_of(dep)
            found += outputs
            ahead += [] if outputs else dep.deps()
    return found


def outputs_of(task: Task) -> list[tuple[Task, Any]]:
    """The task's outputs, each with the task."""
    return [(task, target) for target in flatten(task.output())]

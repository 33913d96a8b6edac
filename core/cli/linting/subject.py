"""What is looked at: classes of modules, a task of each, and the graph behind these. Nothing is run or checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from luigi.cli.linting.finding import Finding
from luigi.cli.linting.sources import Sources
from luigi.cli.linting.specimens import specimen
from luigi.errors import BadRequirement, KernelError
from luigi.graph import Found, discover
from luigi.structure import flatten
from luigi.target_names import identity, target_name
from luigi.task import Task

WALKED: Final = 2000
"""Tasks that are looked at in all. A task that requires the day before has no end."""


class Subject:
    """What rules look at."""

    def __init__(self, classes: Sequence[type[Task]]) -> None:
        """`classes`: those whose faults are told."""
        self.classes = classes
        self.sources = Sources()
        self.untried: dict[str, str] = {}
        """Family → why it was only read, or not looked at as a whole."""
        self.specimens: dict[type[Task], Task] = dict(self._specimens())
        self.nodes: Mapping[str, Found] = {found.task.task_id: found for found in islice(self._walk(), WALKED)}

    def finding(
        self, cls: type[Task], rule: str, sentence: str, hint: str = "", name: str = "", line: int = 0
    ) -> Finding:
        """One at the class's method or parameter `name`, at its head when there is none, or at `line` of its file."""
        path, own_line = self.sources.place(cls, name)
        return Finding(path, line or own_line, rule, sentence, hint)

    def requires(self) -> dict[str, list[str]]:
        """Of each task in the graph the ids that it requires."""
        return {task_id: [dep.task_id for dep in found.deps] for task_id, found in self.nodes.items()}

    def called(self, task: Task, method: str) -> list[Any] | None:
        """What the task's `requires` or `output` gives, flat. None, and noted, when it raises."""
        try:
            return flatten(getattr(task, method)())
        except Exception as error:
            self._note(type(task), f"{method}() raised {type(error).__name__} for made-up values")
            return None

    def outputs(self, task: Task) -> dict[str, str] | None:
        """The identities of the task's outputs, with their names; None, and noted, when it does not say."""
        targets = self.called(task, "output")
        return None if targets is None else {identity(one): target_name(one) for one in targets}

    def _specimens(self) -> Iterator[tuple[type[Task], Task]]:
        for cls in self.classes:
            try:
                yield cls, specimen(cls)
            except KernelError as error:
                self._note(cls, f"no task of it could be made: {error}")
            except Exception as error:  # its text may hold a value that is not for everyone
                self._note(cls, f"no task of it could be made: {type(error).__name__}")

    def _walk(self) -> Iterator[Found]:
        """Breadth first from all specimens; it ends where somebody requires what is no task."""
        sound = [task for task in self.specimens.values() if self.called(task, "requires") is not None]
        try:
            yield from discover(sound, lambda task: False)
        except BadRequirement as error:
            self.untried["the graph"] = f"walked only in part: {error}"

    def _note(self, cls: type[Task], why: str) -> None:
        self.untried.setdefault(cls.get_task_family(), why)

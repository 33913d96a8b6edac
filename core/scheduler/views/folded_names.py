"""Display names without regard to case, as searching and sorting read them: kept, so that each is made once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from luigi.scheduler.names import display_name
from luigi.scheduler.records import TaskRecord

MOST: Final = 64 * 1024 * 1024
"""Bytes that the names kept may take, about."""

OF_AN_ENTRY: Final = 200
"""Bytes that one takes beside its characters, about."""


class FoldedNames:
    """Tasks' names. Several threads may ask, without the scheduler's lock."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._names: dict[TaskRecord, str] = {}
        self._made_of: dict[TaskRecord, Mapping[str, str]] = {}
        self._taken = 0

    def __call__(self, task: TaskRecord) -> str:
        """The name of a task. One that is declared again has new parameters, and so another name."""
        if self._made_of.get(task) is task.params:
            name = self._names.get(task)
            if name is not None:
                return name
        return self._make(task)

    def forget(self) -> None:
        """Keep none of them."""
        self._made_of.clear()
        self._names.clear()
        self._taken = 0

    def _make(self, task: TaskRecord) -> str:
        params = task.params  # before the name: of a task that is declared meanwhile it is made again
        name = display_name(task).casefold()
        if self._taken > self._most:
            self.forget()
        self._taken += len(name) + OF_AN_ENTRY
        self._made_of[task] = params
        self._names[task] = name
        return name

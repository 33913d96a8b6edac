"""The tasks of a backfill, and which of them are not complete: asked of all at once wherever that can be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from luigi.backfill.moments import moment_of, value_at
from luigi.task import Task

IsComplete = Callable[[Task], bool]


class Instances:
    """What `task` is for other values of its parameter `name`."""

    def __init__(self, task: Task, name: str) -> None:
        self._task = task
        self._name = name
        self._param = dict(task.get_params())[name]

    def at(self, moment: datetime) -> Task:
        """The task of one moment."""
        task: Task = self._task.clone(**{self._name: value_at(moment, self._param)})
        return task

    def missing(self, moments: Sequence[datetime], is_complete: IsComplete) -> list[Task]:
        """The tasks that are not complete, in the order of their moments, none twice.

        A class's own `bulk_complete` is asked, or directories are listed; where neither can say, each task by itself.
        """
        tasks = {task.task_id: task for task in map(self.at, self._missing(list(moments), is_complete))}
        return list(tasks.values())

    def _missing(self, moments: list[datetime], is_complete: IsComplete) -> list[datetime]:
        cls = type(self._task)
        if not moments:
            return []
        if cls.bulk_complete.__func__ is not Task.bulk_complete.__func__:  # type: ignore[attr-defined]
            from luigi.tools.range.bulk import missing_in_bulk

            return missing_in_bulk(self._range(), moments)
        if cls.complete is Task.complete and self.at(moments[0]).output():
            from luigi.tools.range import infer_bulk_complete_from_fs

            return infer_bulk_complete_from_fs(moments, self.at)
        return [moment for moment in moments if not is_complete(self.at(moment))]

    def _range(self) -> Any:
        """A range task that makes the same tasks: it knows how to ask `bulk_complete`."""
        from luigi.tools.range import RangeDaily, RangeHourly

        others = {name: param for name, param in self._task.get_params() if name != self._name}
        texts = {name: param.serialize(getattr(self._task, name)) for name, param in others.items()}
        first = moment_of(getattr(self._task, self._name))
        kind = RangeHourly if isinstance(value_at(first, self._param), datetime) else RangeDaily
        return kind(of=type(self._task), of_params=texts, param_name=self._name)

"""Tells how far a job of Spark's is, by what spark-submit logs of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from luigi.task import Task

STATE: Final = re.compile(r"\((?:state|phase): (\w+)\)|State of (?:driver )?driver-\S+ is (\w+)")
"""Of YARN, Kubernetes, and a standalone master."""
TASKS: Final = re.compile(r"Finished task \S+ in stage (\d+)\.\d+ .*\((\d+)/(\d+)\)$")


class Status:
    """The status message of a task."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._told: object = None

    def hear(self, stream: str, line: str) -> None:
        """Look through a line of spark-submit's."""
        if found := STATE.search(line):
            state = found[1] or found[2]
            self._tell(state, f"Spark says {state}")
        elif found := TASKS.search(line):
            stage, done, tasks = map(int, found.groups())
            self._tell((stage, 100 * done // tasks), f"stage {stage}: {done} of {tasks} tasks")

    def _tell(self, news: object, message: str) -> None:
        if news != self._told:
            self._told = news
            self._task.set_status_message(message)

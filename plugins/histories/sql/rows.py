"""Which rows this process writes to: one of `tasks` for each task it has told of, one of `runs` for each run."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final, NamedTuple, Protocol

REMEMBERED: Final = 100_000
"""Tasks whose rows are remembered. One that was not told of for so long begins another."""


class Row(NamedTuple):
    """A row of `tasks`."""

    id: int
    host: str | None = None


class Learned(NamedTuple):
    """What one transaction makes known, once it is through."""

    tasks: dict[str, Row]
    runs: dict[str, int]
    ended: list[str]
    """Runs that are over."""


class RowsSoFar(Protocol):
    """What is known: for good, or within a transaction."""

    def task(self, task_id: str) -> Row | None:
        """The row of a task, if there is one. It may have been deleted since."""
        ...

    def run(self, run_id: str) -> int | None:
        """The row of a run that goes on."""
        ...


class Rows:
    """What is known so far."""

    def __init__(self, remembered: int = REMEMBERED) -> None:
        self._tasks: OrderedDict[str, Row] = OrderedDict()
        self._runs: dict[str, int] = {}
        self._remembered = remembered

    def task(self, task_id: str) -> Row | None:
        """The row of a task, if there is one. It may have been deleted since."""
        return self._tasks.get(task_id)

    def run(self, run_id: str) -> int | None:
        """The row of a run that goes on."""
        return self._runs.get(run_id)

    def learn(self, learned: Learned) -> None:
        """Take in what a transaction brought."""
        for task_id, row in learned.tasks.items():
            self._tasks[task_id] = row
            self._tasks.move_to_end(task_id)
        while len(self._tasks) > self._remembered:
            self._tasks.popitem(last=False)
        self._runs.update(learned.runs)
        for run_id in learned.ended:
            self._runs.pop(run_id, None)


class Ahead:
    """What is known within a transaction. `rows` learn of it by `keep`, once it is through."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._tasks: dict[str, Row] = {}
        self._runs: dict[str, int | None] = {}
        self._learned: list[Learned] = []

    def task(self, task_id: str) -> Row | None:
        """As `Rows.task`."""
        return self._tasks.get(task_id) or self._rows.task(task_id)

    def run(self, run_id: str) -> int | None:
        """As `Rows.run`."""
        return self._runs[run_id] if run_id in self._runs else self._rows.run(run_id)

    def learn(self, learned: Learned) -> None:
        """Take in what a part of the transaction brought."""
        self._learned.append(learned)
        self._tasks.update(learned.tasks)
        self._runs.update(learned.runs)
        self._runs.update(dict.fromkeys(learned.ended))

    def keep(self) -> None:
        """The transaction is through."""
        for learned in self._learned:
            self._rows.learn(learned)

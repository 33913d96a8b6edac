"""What is forgotten: tasks nothing happened to for so many days, or beyond so many of them; and runs likewise."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from luigi.clock import Clock
from luigi.plugins.histories.sql.attempts import in_utc
from luigi.plugins.histories.sql.engine import HistoryError, explained
from luigi.plugins.histories.sql.tables import tables

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Select

DAY: Final = 86_400
EVERY: Final = 3_600.0
"""Seconds between two times; the first is when something is first recorded."""

LONGEST: Final = 5.0
"""Seconds after which the rest waits for another time: new facts wait meanwhile."""

AT_ONCE: Final = 1_000
"""Rows that are deleted in one transaction: others want to write too."""

logger = logging.getLogger("luigi.plugins")


class Retention:
    """Deletes what is too old or too much, whoever wrote it. 0 days or rows are no limit."""

    def __init__(self, days: float, rows: int, clock: Clock) -> None:
        self._days, self._rows, self._clock = days, rows, clock
        self._due = 0.0 if days > 0 or rows > 0 else float("inf")

    def apply_when_due(self, engine: Engine) -> None:
        """Delete, if it is time to. What was recorded stays recorded if that fails: the log tells of it."""
        began = self._clock.monotonic()
        if began < self._due:
            return
        self._due = began + EVERY
        try:
            with explained(engine):
                deleted = self._delete(engine, began + LONGEST)
        except HistoryError as error:
            logger.warning("the task history could not forget what is old: %s", error)
        else:
            if deleted:
                logger.info("the task history forgot %d old tasks and runs", deleted)

    def _delete(self, engine: Engine, until: float) -> int:
        """Delete as much as there is time for; how many tasks and runs."""
        deleted = 0
        for choose, delete in ((self._old_tasks, _delete_tasks), (self._old_runs, _delete_runs)):
            for choice in choose():
                found = AT_ONCE
                while found == AT_ONCE:
                    if self._clock.monotonic() > until:
                        self._due = until + LONGEST
                        return deleted
                    with engine.begin() as connection:
                        ids = list(connection.scalars(choice.limit(AT_ONCE)))
                        delete(connection, ids)
                    found = len(ids)
                    deleted += found
        return deleted

    def _old_tasks(self) -> Iterator[Select[Any]]:
        from sqlalchemy import func, select

        kept = tables()
        tasks, events = kept.tasks.c, kept.task_events.c
        if self._days > 0:
            oldest = datetime.fromtimestamp(self._clock.now() - self._days * DAY)
            last = func.max(events.ts)
            yield (
                select(events.task_id).group_by(events.task_id).having(last < oldest).where(events.task_id.is_not(None))
            )
        if self._rows > 0:
            yield select(tasks.id).where(tasks.id <= _beyond(tasks.id, self._rows)).order_by(tasks.id)

    def _old_runs(self) -> Iterator[Select[Any]]:
        """Not those whose attempts are still there."""
        from sqlalchemy import func, select

        runs, attempts = tables().runs.c, tables().attempts.c
        alone = ~select(attempts.id).where(attempts.run_id == runs.id).exists()
        if self._days > 0:
            oldest = in_utc(self._clock.now() - self._days * DAY)
            yield select(runs.id).where(func.coalesce(runs.ended, runs.began) < oldest, alone)
        if self._rows > 0:
            yield select(runs.id).where(runs.id <= _beyond(runs.id, self._rows), alone).order_by(runs.id)


def _beyond(column: Any, rows: int) -> Any:
    """The newest id that is one too many; nothing is below it when there is none."""
    from sqlalchemy import select

    return select(column).order_by(column.desc()).offset(rows).limit(1).scalar_subquery()


def _delete_tasks(connection: Connection, ids: list[int]) -> None:
    kept = tables()
    for table, column in (
        (kept.task_events, kept.task_events.c.task_id),
        (kept.task_parameters, kept.task_parameters.c.task_id),
        (kept.hidden_parameters, kept.hidden_parameters.c.task_id),
        (kept.attempts, kept.attempts.c.record_id),
        (kept.tasks, kept.tasks.c.id),
    ):
        connection.execute(table.delete().where(column.in_(ids)))


def _delete_runs(connection: Connection, ids: list[int]) -> None:
    runs = tables().runs
    connection.execute(runs.delete().where(runs.c.id.in_(ids)))

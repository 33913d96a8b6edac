"""The history in a database, to be asked: every question is a statement or two, however much there is.

Pages go on from the last row they had, not by counting rows: the thousandth page costs what the first does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from luigi.history_reading import (
    MOST,
    AttemptsWanted,
    Family,
    Page,
    PastAttempt,
    PastEvent,
    PastRun,
    PastTask,
    TasksWanted,
)
from luigi.plugins.histories.sql.cursors import LARGEST, Moment, moment, number
from luigi.plugins.histories.sql.engine import explained
from luigi.plugins.histories.sql.past import (
    attempt_of,
    attempts_query,
    event_of,
    is_hidden,
    past_tasks,
    run_of,
    runs_query,
)
from luigi.plugins.histories.sql.tables import LONG, NAME, TASK_ID, tables
from luigi.plugins.histories.sql.texts import storable, within_bytes

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Select

Item = TypeVar("Item")


class SqlReading:
    """Answers from the database that `engine` reaches. Any thread may ask, each with a connection of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # --- tasks -------------------------------------------------------------------------------------------------

    def latest(self, since: float, limit: int, after: str = "") -> Page[PastTask]:
        """Tasks to which something happened since then, those to which it happened last first."""
        begins = moment(after) if after else None
        with self._connection() as connection:
            found = connection.execute(_last_events(since, begins).limit(_at_most(limit) + 1)).all()
            there = found[: _at_most(limit)]
            last = Moment(there[-1].ts, there[-1].id).written() if len(found) > len(there) else ""
            return Page(past_tasks(connection, [row.task_id for row in there]), last)

    def tasks(self, wanted: TasksWanted, limit: int, after: str = "") -> Page[PastTask]:
        """The tasks that are wanted, those that came last first."""
        from sqlalchemy import select

        kept = tables()
        query = select(kept.tasks.c.id)
        if wanted.family:
            query = query.where(kept.tasks.c.name == storable(wanted.family, NAME))
        if wanted.task_id:
            query = query.where(kept.tasks.c.task_id == storable(wanted.task_id, TASK_ID))
        for name, value in wanted.params.items():
            query = query.where(_has(name, value))
        with self._connection() as connection:
            records = _page(connection, query, kept.tasks.c.id, limit, after, lambda row: int(row.id))
            return Page(past_tasks(connection, records.items), records.next)

    def task(self, record: int) -> PastTask | None:
        """One task, whole; None when there is none."""
        with self._connection() as connection:
            return next(iter(past_tasks(connection, [_row(record)], whole=True)), None)

    def events(self, record: int, limit: int, after: str = "") -> Page[PastEvent]:
        """What happened to one task, the last first."""
        from sqlalchemy import select

        events = tables().task_events.c
        query = select(events.id, events.event_name, events.ts).where(events.task_id == _row(record))
        with self._connection() as connection:
            return _page(connection, query, events.id, limit, after, event_of)

    def families(self, limit: int, after: str = "") -> Page[Family]:
        """The names of all tasks, in the order of the alphabet."""
        from sqlalchemy import func, select

        tasks = tables().tasks.c
        query = select(tasks.name, func.count(), func.max(tasks.id)).where(tasks.name > storable(after, NAME))
        with self._connection() as connection:
            found = connection.execute(query.group_by(tasks.name).order_by(tasks.name).limit(_at_most(limit) + 1)).all()
        families = [Family(*row) for row in found[: _at_most(limit)]]
        return Page(families, families[-1].name if len(found) > len(families) else "")

    # --- attempts and runs -------------------------------------------------------------------------------------

    def attempts(self, wanted: AttemptsWanted, limit: int, after: str = "") -> Page[PastAttempt]:
        """The attempts that are wanted, the newest first."""
        attempts = tables().attempts.c
        query = attempts_query()
        if wanted.task_id:
            query = query.where(attempts.task_id == storable(wanted.task_id, TASK_ID))
        if wanted.record is not None:
            query = query.where(attempts.record_id == _row(wanted.record))
        if wanted.run is not None:
            query = query.where(attempts.run_id == _row(wanted.run))
        with self._connection() as connection:
            return _page(connection, query, attempts.id, limit, after, attempt_of)

    def attempt(self, attempt: int) -> PastAttempt | None:
        """One attempt, whole; None when there is none."""
        with self._connection() as connection:
            query = attempts_query(whole=True).where(tables().attempts.c.id == _row(attempt))
            row = connection.execute(query).first()
            return None if row is None else attempt_of(row, whole=True)

    def runs(self, limit: int, after: str = "") -> Page[PastRun]:
        """Runs, the newest first."""
        with self._connection() as connection:
            return _page(connection, runs_query(), tables().runs.c.id, limit, after, run_of)

    def run(self, run: int) -> PastRun | None:
        """One run, whole; None when there is none."""
        from sqlalchemy import func, select

        kept = tables()
        of_run = select(kept.attempts.c.status, func.count().label("many")).where(kept.attempts.c.run_id == _row(run))
        with self._connection() as connection:
            row = connection.execute(runs_query(whole=True).where(kept.runs.c.id == _row(run))).first()
            if row is None:
                return None
            counts = connection.execute(of_run.group_by(kept.attempts.c.status).order_by(kept.attempts.c.status))
            return run_of(row, whole=True)._replace(attempts={one.status: one.many for one in counts})

    def close(self) -> None:
        """Let go of connections. Another question opens new ones."""
        self._engine.dispose()

    # --- asking ------------------------------------------------------------------------------------------------

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        with explained(self._engine), self._engine.connect() as connection:
            yield connection


def _page(
    connection: Connection, query: Select[Any], column: Any, limit: int, after: str, made: Callable[[Any], Item]
) -> Page[Item]:
    """Rows by their number, the largest first, from below that of the last row of the page before."""
    if after:
        query = query.where(column < number(after))
    rows = connection.execute(query.order_by(column.desc()).limit(_at_most(limit) + 1)).all()
    there = rows[: _at_most(limit)]
    return Page([made(row) for row in there], str(there[-1].id) if len(rows) > len(there) else "")


def _at_most(limit: int) -> int:
    return max(1, min(limit, MOST))


def _row(wanted: int) -> int:
    return wanted if 0 <= wanted <= LARGEST else -1


def _has(name: str, value: str) -> Any:
    """Whether a task has a parameter of this value that pages may show: who guesses a hidden one learns nothing."""
    from sqlalchemy import select

    tasks, parameters = tables().tasks.c, tables().task_parameters.c
    is_it = (parameters.name == storable(name, NAME)) & (parameters.value == within_bytes(storable(value, LONG), LONG))
    return select(parameters.name).where(parameters.task_id == tasks.id, is_it, ~is_hidden(parameters)).exists()


def _last_events(since: float, begins: Moment | None) -> Select[Any]:
    """Events since then that are the last of their task, the latest first: read along the index of times."""
    from sqlalchemy import and_, or_, select

    events = tables().task_events
    later = events.alias("later")
    is_followed = select(later.c.id).where(later.c.task_id == events.c.task_id, later.c.id > events.c.id).exists()
    query = select(events.c.id, events.c.ts, events.c.task_id).where(
        events.c.ts >= datetime.fromtimestamp(since), events.c.task_id.is_not(None), ~is_followed
    )
    if begins is not None:
        before = or_(events.c.ts < begins.ts, and_(events.c.ts == begins.ts, events.c.id < begins.event))
        query = query.where(events.c.ts <= begins.ts, before)
    return query.order_by(events.c.ts.desc(), events.c.id.desc())

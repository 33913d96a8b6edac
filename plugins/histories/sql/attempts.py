"""The attempts of one transaction: those that begin in it, and the ends of those that began before."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from luigi.plugins.histories.sql.tables import HOST, RUN_ID, TASK_ID, tables
from luigi.plugins.histories.sql.texts import storable
from luigi.task_status import DONE, FAILED, PENDING, RUNNING
from luigi.telling import AttemptEnded, AttemptStarted, TaskScheduled

if TYPE_CHECKING:
    from sqlalchemy import Connection


def in_utc(at: float) -> datetime:
    """A time of ours as it is stored. `at` is in seconds since the epoch."""
    return datetime.fromtimestamp(at, UTC).replace(tzinfo=None)


class Attempts:
    """Collected while facts are gone through, then written at once."""

    def __init__(self) -> None:
        self._begun: list[dict[str, Any]] = []
        self._open: dict[tuple[str, int], dict[str, Any]] = {}
        self._ends: list[dict[str, Any]] = []

    def begin(self, started: AttemptStarted, record: int, run: int | None) -> None:
        """One that begins: `record` and `run` are the rows of its task and its run."""
        task = started.task
        row = self._open[task.id, task.token] = {
            "record_id": record,
            "run_id": run,
            "task_id": storable(task.id, TASK_ID),
            "worker_id": storable(task.worker_running or "", RUN_ID),
            "token": task.token,
            "host": storable(started.host, HOST),
            "started": in_utc(started.at),
            "ended": None,
            "status": RUNNING,
            "error": None,
        }
        self._begun.append(row)

    def end(self, ended: AttemptEnded | TaskScheduled) -> None:
        """The last of its task, if it is open, ends so. One whose task waits again gave way to new requirements."""
        if isinstance(ended, TaskScheduled):
            how = {"status": PENDING, "error": None}
        else:
            how = {"status": DONE if ended.successful else FAILED, "error": storable(ended.error) or None}
        task = ended.task
        row = self._open.pop((task.id, task.token), None)
        if row is not None:
            row.update(how, ended=in_utc(ended.at))
        elif task.token:
            of = {"of_task": storable(task.id, TASK_ID), "of_token": task.token, "of_worker": task.worker_running}
            self._ends.append({**of, "ended": in_utc(ended.at), **how})

    def write(self, connection: Connection) -> None:
        """First the ends, then those that begin."""
        if self._ends:
            connection.execute(_ending(), self._ends)
        if self._begun:
            connection.execute(tables().attempts.insert(), self._begun)


def _ending() -> Any:
    """The open attempt of a task: also one that began in a process before this one. A lost worker is not named."""
    from sqlalchemy import bindparam, func

    table = tables().attempts
    columns = table.c
    return (
        table.update()
        .where(columns.task_id == bindparam("of_task"), columns.token == bindparam("of_token"))
        .where(columns.worker_id == func.coalesce(bindparam("of_worker"), columns.worker_id), columns.ended.is_(None))
        .values(ended=bindparam("ended"), status=bindparam("status"), error=bindparam("error"))
    )

"""One transaction: facts become rows, by a statement or two for each table, however many facts there are."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from luigi.plugins.histories.sql.attempts import Attempts, in_utc
from luigi.plugins.histories.sql.rows import Learned, Row, RowsSoFar
from luigi.plugins.histories.sql.tables import HOST, LONG, NAME, RUN_ID, STATUS, TASK_ID, tables
from luigi.plugins.histories.sql.texts import storable, within_bytes
from luigi.task_status import DONE, FAILED, PENDING, RUNNING
from luigi.telling import AttemptEnded, AttemptStarted, Happened, RunBegan, RunEnded, TaskFacts, TaskScheduled

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

CHUNK: Final = 1_000
"""Ids that are asked for in one statement: databases take only so many values."""

_IGNORING: Final = ("mysql", "mariadb")
"""Where Luigi may have made tables that tell no `x` from `X`, or take no `é`: better a lesser row than none."""


def pieces(happened: Sequence[Happened]) -> Iterator[Sequence[Happened]]:
    """Parts in which no run begins that has ended before: so that one that begins again is another."""
    piece: list[Happened] = []
    ended: set[str] = set()
    for one in happened:
        if isinstance(one, RunBegan) and one.run_id in ended:
            yield piece
            piece, ended = [], set()
        elif isinstance(one, RunEnded):
            ended.add(one.run_id)
        piece.append(one)
    yield piece


class Writing:
    """What becomes of the facts of one piece of a call."""

    def __init__(self, connection: Connection, rows: RowsSoFar) -> None:
        self._connection, self._rows = connection, rows
        self._tables = tables()
        self._learned = Learned({}, {}, [])

    def write(self, happened: Sequence[Happened]) -> Learned:
        """Write all of it. What is learned holds once the transaction is through."""
        self._begin_runs([one for one in happened if isinstance(one, RunBegan)])
        self._find_rows([one for one in happened if not isinstance(one, RunBegan | RunEnded)])
        runs = self._runs_there(happened)
        attempts, events = Attempts(), []
        for one in happened:
            if isinstance(one, AttemptStarted):
                row = self._row(one.task)
                attempts.begin(one, row, runs.get(one.task.worker_running or ""))
                events.append(_event(row, RUNNING, one.at))
            elif isinstance(one, AttemptEnded):
                attempts.end(one)
                events.append(_event(self._row(one.task), DONE if one.successful else FAILED, one.at))
            elif isinstance(one, TaskScheduled):
                attempts.end(one)
                events.append(_event(self._row(one.task), PENDING, one.at))
        if events:
            self._connection.execute(self._tables.task_events.insert(), events)
        attempts.write(self._connection)
        self._end_runs([one for one in happened if isinstance(one, RunEnded)])
        return self._learned

    # --- tasks -------------------------------------------------------------------------------------------------

    def _row(self, task: TaskFacts) -> int:
        return self._learned.tasks[task.id].id

    def _find_rows(self, of_tasks: Sequence[TaskScheduled | AttemptStarted | AttemptEnded]) -> None:
        """The row of every task: one that is known and still there, or a new one."""
        tasks = {one.task.id: one.task for one in of_tasks}
        hosts = {one.task.id: storable(one.host, HOST) for one in of_tasks if isinstance(one, AttemptStarted)}
        known = {task_id: row for task_id in tasks if (row := self._rows.task(task_id)) is not None}
        there = set(self._there(self._tables.tasks, [row.id for row in known.values()]))
        self._learned.tasks.update({task_id: row for task_id, row in known.items() if row.id in there})
        self._set_hosts(hosts)
        self._add([task for task_id, task in tasks.items() if task_id not in self._learned.tasks], hosts)

    def _set_hosts(self, hosts: Mapping[str, str]) -> None:
        from sqlalchemy import bindparam

        tasks, learned = self._tables.tasks, self._learned.tasks
        moved = {
            task_id: host for task_id, host in hosts.items() if task_id in learned and learned[task_id].host != host
        }
        if moved:
            update = tasks.update().where(tasks.c.id == bindparam("row")).values(host=bindparam("on"))
            self._connection.execute(
                update, [{"row": learned[key].id, "on": host or None} for key, host in moved.items()]
            )
            learned.update({task_id: learned[task_id]._replace(host=host) for task_id, host in moved.items()})

    def _add(self, tasks: Sequence[TaskFacts], hosts: Mapping[str, str]) -> None:
        if not tasks:
            return
        rows = [
            {
                "task_id": storable(one.id, TASK_ID),
                "name": storable(one.family, NAME),
                "host": hosts.get(one.id) or None,
            }
            for one in tasks
        ]
        for task, row in zip(tasks, self._new_ids(self._tables.tasks, rows), strict=True):
            self._learned.tasks[task.id] = Row(row, hosts.get(task.id))
        parameters = [parameter for task in tasks for parameter in self._parameters(task)]
        if parameters:
            self._connection.execute(self._insert(self._tables.task_parameters), parameters)
        hidden = [{"task_id": self._row(task), "name": name} for task in tasks for name in _hidden(task)]
        if hidden:
            self._connection.execute(self._insert(self._tables.hidden_parameters), hidden)

    def _parameters(self, task: TaskFacts) -> Iterator[dict[str, Any]]:
        values = {storable(name, NAME): storable(value, LONG) for name, value in task.params.items()}
        for name, value in values.items():
            yield {"task_id": self._row(task), "name": name, "value": within_bytes(value, LONG)}

    # --- runs --------------------------------------------------------------------------------------------------

    def _begin_runs(self, began: Sequence[RunBegan]) -> None:
        """A row for each run; one that goes on already, here or before a restart, keeps its row and its beginning."""
        told: dict[str, RunBegan] = {}
        for one in began:
            told[one.run_id] = one._replace(at=told.get(one.run_id, one).at)
        going_on = self._going_on(told)
        for name, row in going_on.items():
            of_run = self._tables.runs.update().where(self._tables.runs.c.id == row)
            self._connection.execute(of_run.values(_said_of(told[name])))
        new = [one for name, one in told.items() if name not in going_on]
        if new:
            ids = self._new_ids(self._tables.runs, [_run(one) for one in new])
            self._learned.runs.update(zip([one.run_id for one in new], ids, strict=True))
        self._learned.runs.update(going_on)

    def _runs_there(self, happened: Iterable[Happened]) -> dict[str, int]:
        """The rows of the runs that attempts of this call belong to: run id → row."""
        runs = self._learned.runs
        started = (one.task.worker_running for one in happened if isinstance(one, AttemptStarted))
        workers = {worker for worker in started if worker} - runs.keys()
        known = {name: row for name in workers if (row := self._rows.run(name)) is not None}
        there = set(self._there(self._tables.runs, list(known.values())))
        runs.update({name: row for name, row in known.items() if row in there})
        runs.update(self._going_on(workers - runs.keys()))
        return runs

    def _going_on(self, names: Iterable[str]) -> dict[str, int]:
        """The runs that have a row without an end: run id → row. A process before this one may have begun them."""
        from sqlalchemy import func, select

        runs, stored = self._tables.runs.c, {storable(name, RUN_ID): name for name in names}
        wanted, found = list(stored), dict[str, int]()
        for start in range(0, len(wanted), CHUNK):
            some = runs.worker_id.in_(wanted[start : start + CHUNK]) & runs.ended.is_(None)
            query = select(runs.worker_id, func.max(runs.id)).where(some).group_by(runs.worker_id)
            found.update({stored[name]: row for name, row in self._connection.execute(query)})
        return found

    def _end_runs(self, ended: Sequence[RunEnded]) -> None:
        from sqlalchemy import bindparam

        runs = self._tables.runs.c
        if ended:
            update = (
                self._tables.runs.update()
                .where(runs.worker_id == bindparam("of_worker"), runs.ended.is_(None))
                .values(ended=bindparam("at"), status=bindparam("how"))
            )
            rows = [
                {"of_worker": storable(one.run_id, RUN_ID), "at": in_utc(one.at), "how": storable(one.status, STATUS)}
                for one in ended
            ]
            self._connection.execute(update, rows)
            self._learned.ended.extend(one.run_id for one in ended)

    # --- statements --------------------------------------------------------------------------------------------

    def _there(self, table: Table, ids: Sequence[int]) -> Iterator[int]:
        """Those of the rows that nobody has deleted meanwhile."""
        from sqlalchemy import select

        for start in range(0, len(ids), CHUNK):
            yield from self._connection.scalars(select(table.c.id).where(table.c.id.in_(ids[start : start + CHUNK])))

    def _new_ids(self, table: Table, rows: Sequence[dict[str, Any]]) -> Sequence[int]:
        """Insert rows; their ids in the same order."""
        insert = self._insert(table)
        if self._connection.dialect.insert_executemany_returning_sort_by_parameter_order:
            return self._connection.scalars(insert.returning(table.c.id, sort_by_parameter_order=True), rows).all()
        inserted = [self._connection.execute(insert, row).inserted_primary_key for row in rows]
        return [key[0] for key in inserted if key is not None]

    def _insert(self, table: Table) -> Any:
        insert = table.insert()
        for dialect in _IGNORING:
            insert = insert.prefix_with("IGNORE", dialect=dialect)
        return insert


def _event(row: int, name: str, at: float) -> dict[str, Any]:
    """Luigi's times are those of this machine's time zone."""
    return {"task_id": row, "event_name": name, "ts": datetime.fromtimestamp(at)}


def _hidden(task: TaskFacts) -> Iterator[str]:
    names = {storable(name, NAME) for name in task.params}
    yield from sorted({storable(name, NAME) for name in task.hidden} & names)


def _run(began: RunBegan) -> dict[str, Any]:
    return {"worker_id": storable(began.run_id, RUN_ID), "began": in_utc(began.at), **_said_of(began)}


def _said_of(began: RunBegan) -> dict[str, Any]:
    return {
        "host": storable(began.host, HOST),
        "username": storable(began.user, NAME),
        "command": storable(began.command),
        "code_version": storable(began.code_version, NAME),
        "roots": json.dumps(list(began.roots)),
    }

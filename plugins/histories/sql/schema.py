"""Brings a database into the shape that `tables` says, and tells in which it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luigi.clock import SYSTEM
from luigi.plugins.histories.sql.engine import HistoryError, engine_for, explained, place
from luigi.plugins.histories.sql.tables import TASK_ID, VERSION, Tables, tables

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

TRIES, PAUSE = 10, 0.1  # seconds
"""Several processes may start at once, and all but one find that a table they are making is there."""


def prepare(engine: Engine) -> None:
    """Make what is missing; a history that Luigi made, of whatever age, is gone on with.

    Raises HistoryError when the tables are not ours, or newer than this program.
    """
    with explained(engine), engine.connect() as connection:  # one that cannot be reached is not tried again
        for left in reversed(range(TRIES)):
            try:
                with explained(engine), connection.begin():
                    _prepare(connection)
                return
            except HistoryError:
                if not left:
                    raise
                SYSTEM.sleep(PAUSE)


def _prepare(connection: Connection) -> None:
    from sqlalchemy import inspect

    kept = tables()
    there = set(inspect(connection).get_table_names())
    _refuse_strangers(connection, kept, there)
    kept.metadata.create_all(connection)
    if "tasks" in there:
        _add_task_id(connection, kept)
    version = _version(connection, kept)
    if version is None:
        connection.execute(kept.history_schema.insert().values(version=VERSION))
    elif version < VERSION:  # from 1 to 2 nothing changed but that a table came
        connection.execute(kept.history_schema.update().values(version=VERSION))


def _refuse_strangers(connection: Connection, kept: Tables, there: set[str]) -> None:
    strangers = {kept.runs.name, kept.attempts.name, kept.hidden_parameters.name} & there
    if kept.history_schema.name in there:
        version = _version(connection, kept)
        if version is not None and version > VERSION:
            raise HistoryError(
                f"the task history in {place(connection.engine)} is of version {version}, made by a newer luigi-kernel",
                hint=f"this one knows version {VERSION}: upgrade it, or keep the history elsewhere",
            )
    elif strangers:
        raise HistoryError(
            f"the database {place(connection.engine)} has a table {' and '.join(sorted(strangers))} of somebody else's",
            hint="give the task history a database or schema of its own: [task_history] db_connection",
        )


def _version(connection: Connection, kept: Tables) -> int | None:
    return connection.scalar(kept.history_schema.select())


def _add_task_id(connection: Connection, kept: Tables) -> None:
    """Luigi's first histories had no task ids. Their rows go without."""
    from sqlalchemy import Index, inspect, text

    columns = {column["name"] for column in inspect(connection).get_columns("tasks")}
    if "task_id" not in columns:
        connection.execute(text(f"ALTER TABLE tasks ADD COLUMN task_id VARCHAR({TASK_ID})"))
        for index in kept.tasks.indexes:
            if isinstance(index, Index) and "task_id" in index.columns:
                index.create(connection)


def described(db_connection: str) -> str:
    """What is in the database; only looked at. Raises HistoryError when it cannot be."""
    from pathlib import Path

    engine = engine_for(db_connection)
    from sqlalchemy import func, inspect, select

    if engine.url.get_backend_name() == "sqlite" and engine.url.database and not Path(engine.url.database).exists():
        return f"{place(engine)} is not there yet: the first start makes it"
    try:
        with explained(engine), engine.connect() as connection:
            if not inspect(connection).has_table("tasks"):
                return f"{place(engine)} can be reached; the first start makes the tables"
            count = connection.scalar(select(func.count()).select_from(tables().tasks))
            return f"{place(engine)} can be reached, and has {count} tasks"
    finally:
        engine.dispose()

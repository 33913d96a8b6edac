"""The tables: Luigi's three, as Luigi makes them, and ours beside them.

Luigi's times are those of the machine's own time zone, ours are UTC. A row of `tasks` is a task as one process knew it:
Luigi begins another one after a restart, and so do we.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from luigi.extras import need

if TYPE_CHECKING:
    from sqlalchemy import MetaData, Table

VERSION: Final = 2
"""Of our tables. It grows when they change; 2 brought `hidden_parameters`."""

LONG: Final = 65_535
"""Bytes of the longest text that MySQL takes where Luigi's tables say TEXT."""

TASK_ID, NAME, HOST, RUN_ID, STATUS = 200, 128, 128, 200, 40
"""How many characters there is room for."""


class Tables(NamedTuple):
    """What is kept."""

    metadata: MetaData
    tasks: Table
    task_parameters: Table
    task_events: Table
    runs: Table
    attempts: Table
    hidden_parameters: Table
    history_schema: Table

    @property
    def ours(self) -> tuple[Table, ...]:
        """Those that Luigi knows nothing of."""
        return (self.runs, self.attempts, self.hidden_parameters, self.history_schema)


@cache
def tables() -> Tables:
    """Made once a process. Raises MissingExtra without SQLAlchemy."""
    sa: Any = need("sqlalchemy", "sql", "the task history")
    metadata = sa.MetaData()
    return Tables(metadata, *_luigis(sa, metadata), *_ours(sa, metadata))


def _luigis(sa: Any, metadata: Any) -> tuple[Any, ...]:
    own_row = {"primary_key": True}
    tasks = sa.Table(
        "tasks",
        metadata,
        sa.Column("id", sa.Integer, **own_row),
        sa.Column("task_id", sa.String(TASK_ID), index=True),
        sa.Column("name", sa.String(NAME), index=True),
        sa.Column("host", sa.String(HOST)),
        **_MYSQL,
    )
    task_parameters = sa.Table(
        "task_parameters",
        metadata,
        sa.Column("task_id", sa.Integer, sa.ForeignKey("tasks.id"), **own_row),
        sa.Column("name", sa.String(NAME), **own_row),
        sa.Column("value", sa.Text),
        **_MYSQL,
    )
    task_events = sa.Table(
        "task_events",
        metadata,
        sa.Column("id", sa.Integer, **own_row),
        sa.Column("task_id", sa.Integer, sa.ForeignKey("tasks.id"), index=True),
        sa.Column("event_name", sa.String(20)),
        sa.Column("ts", _time(sa, sa.TIMESTAMP()), index=True, nullable=False),
        **_MYSQL,
    )
    return tasks, task_parameters, task_events


def _ours(sa: Any, metadata: Any) -> tuple[Any, ...]:
    time, text = _time(sa, sa.DateTime()), _text(sa)
    runs = sa.Table(
        "runs",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("worker_id", sa.String(RUN_ID), index=True, nullable=False),
        sa.Column("host", sa.String(HOST)),
        sa.Column("username", sa.String(NAME)),
        sa.Column("command", text),
        sa.Column("code_version", sa.String(NAME)),
        sa.Column("roots", text),  # a JSON list of task ids
        sa.Column("began", time, index=True, nullable=False),
        sa.Column("ended", time),
        sa.Column("status", sa.String(STATUS)),
        **_MYSQL,
    )
    attempts = sa.Table(
        "attempts",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("record_id", sa.Integer, sa.ForeignKey("tasks.id"), index=True, nullable=False),
        sa.Column("run_id", sa.Integer, sa.ForeignKey("runs.id"), index=True),
        sa.Column("task_id", sa.String(TASK_ID), index=True, nullable=False),
        sa.Column("worker_id", sa.String(RUN_ID)),
        sa.Column("token", sa.BigInteger, nullable=False),
        sa.Column("host", sa.String(HOST)),
        sa.Column("started", time, nullable=False),
        sa.Column("ended", time),
        sa.Column("status", sa.String(STATUS), nullable=False),  # RUNNING, DONE, FAILED; PENDING when it gave way
        sa.Column("error", text),
        **_MYSQL,
    )
    return runs, attempts, _hidden(sa, metadata), _schema(sa, metadata)


def _hidden(sa: Any, metadata: Any) -> Any:
    """Names of the parameters that pages do not show, of the tasks that have any."""
    return sa.Table(
        "hidden_parameters",
        metadata,
        sa.Column("task_id", sa.Integer, sa.ForeignKey("tasks.id"), primary_key=True),
        sa.Column("name", sa.String(NAME), primary_key=True),
        **_MYSQL,
    )


def _schema(sa: Any, metadata: Any) -> Any:
    return sa.Table("history_schema", metadata, sa.Column("version", sa.Integer, primary_key=True, autoincrement=False))


_MYSQL: Final = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_bin"}
"""So that any text fits, and names that differ in case differ."""


def _time(sa: Any, plain: Any) -> Any:
    """MySQL would keep whole seconds, and knows no TIMESTAMP in the hour that summer time skips."""
    from sqlalchemy.dialects.mysql import DATETIME

    return plain.with_variant(DATETIME(fsp=6), "mysql", "mariadb")


def _text(sa: Any) -> Any:
    from sqlalchemy.dialects.mysql import MEDIUMTEXT

    return sa.Text().with_variant(MEDIUMTEXT(), "mysql", "mariadb")

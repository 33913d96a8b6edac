"""Luigi's classes for the rows of its tables: what `luigi.db_task_history` offers under these names.

They are plain classes until `mapped` has told SQLAlchemy of them, so that this module can be imported without it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NoReturn

from luigi.errors import MissingExtra
from luigi.extras import Absent, need
from luigi.plugins.histories.sql.tables import tables


class TaskRecord:
    """A task as one process knew it."""

    id: int
    task_id: str
    name: str
    """Its family."""
    host: str | None
    """Where it ran last."""
    parameters: Mapping[str, TaskParameter]
    events: Sequence[TaskEvent]
    """The newest first."""

    def __repr__(self) -> str:
        return f"TaskRecord(name={self.name}, host={self.host})"


class TaskParameter:
    """A parameter of a task."""

    task_id: int
    """The row of the task: `TaskRecord.id`."""
    name: str
    value: str

    def __repr__(self) -> str:
        return f"TaskParameter(task_id={self.task_id}, name={self.name}, value={self.value})"


class TaskEvent:
    """Something that happened to a task."""

    id: int
    task_id: int
    """The row of the task: `TaskRecord.id`."""
    event_name: str
    """PENDING, RUNNING, DONE or FAILED."""
    ts: datetime
    """In the time zone of the machine that wrote it."""
    task: TaskRecord

    def __repr__(self) -> str:
        return f"TaskEvent(task_id={self.task_id}, event_name={self.event_name}, ts={self.ts})"


@cache
def mapped() -> Any:
    """Make the classes SQLAlchemy's, once; gives their declarative base. Raises MissingExtra without it."""
    orm: Any = need("sqlalchemy.orm", "sql", "luigi.db_task_history")
    kept = tables()
    registry = orm.registry(metadata=kept.metadata)
    registry.map_imperatively(
        TaskRecord,
        kept.tasks,
        properties={
            "parameters": orm.relationship(
                TaskParameter,
                collection_class=orm.attribute_keyed_dict("name"),
                cascade="all, delete-orphan",
                lazy="selectin",
            ),
            "events": orm.relationship(
                TaskEvent,
                order_by=(kept.task_events.c.ts.desc(), kept.task_events.c.id.desc()),
                back_populates="task",
                lazy="selectin",
            ),
        },
    )
    registry.map_imperatively(TaskParameter, kept.task_parameters)
    registry.map_imperatively(
        TaskEvent,
        kept.task_events,
        properties={"task": orm.relationship(TaskRecord, back_populates="events", lazy="selectin")},
    )
    return registry.generate_base()


def unmapped(missing: MissingExtra) -> Any:
    """Without SQLAlchemy the classes are there, and say what they lack when they are used; gives their base."""
    absent = Absent(missing)

    def refuse(*args: Any, **kwargs: Any) -> NoReturn:
        raise missing

    for cls in (TaskRecord, TaskParameter, TaskEvent):
        for name in cls.__annotations__:
            setattr(cls, name, absent)
        cls.__init__ = refuse  # type: ignore[method-assign]
    return absent

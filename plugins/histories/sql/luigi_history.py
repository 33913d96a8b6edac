"""Luigi's `DbTaskHistory`: its three calls write through `SqlHistory`, and its questions read the same tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from luigi.clock import SYSTEM
from luigi.plugins.histories.sql.history import SqlHistory
from luigi.plugins.histories.sql.luigi_names import TaskEvent, TaskParameter, TaskRecord, mapped
from luigi.task_history import TaskHistory
from luigi.telling import AttemptEnded, AttemptStarted, Happened, TaskFacts, TaskScheduled

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.orm import Session

LATELY: Final = timedelta(hours=24)
"""How far back `find_latest_runs` looks."""


class DbTaskHistory(TaskHistory):
    """The history in the database of `[task_history] db_connection`.

    Questions take a `session` of the caller's, or open one for themselves; what they give can be read after it.
    """

    CURRENT_SOURCE_VERSION = 1

    def __init__(self) -> None:
        from luigi.plugin_settings import configured
        from luigi.plugins.histories.sql import SECTION, Settings

        mapped()
        from sqlalchemy.orm import sessionmaker

        settings = configured(Settings, SECTION)
        self._history = SqlHistory(settings.db_connection, keep_days=settings.keep_days, keep_rows=settings.keep_rows)
        self.engine = self._history.engine
        self.session_factory = sessionmaker(bind=self.engine, expire_on_commit=False)

    # --- writing -----------------------------------------------------------------------------------------------

    def task_scheduled(self, task: Any) -> None:
        """A task waits for its turn."""
        self.record([TaskScheduled(_facts(task), SYSTEM.now())])

    def task_started(self, task: Any, worker_host: str) -> None:
        """A task was handed out to a worker on that machine."""
        self.record([AttemptStarted(_facts(task), SYSTEM.now(), worker_host or "")])

    def task_finished(self, task: Any, successful: bool) -> None:
        """An attempt ended, or the task was found done."""
        self.record([AttemptEnded(_facts(task), SYSTEM.now(), bool(successful))])

    def record(self, happened: Sequence[Happened]) -> None:
        """Keep all of it: as the kernel tells its own histories, many facts at once."""
        self._history.record(happened)

    def close(self) -> None:
        """Let go of connections."""
        self._history.close()

    # --- questions ---------------------------------------------------------------------------------------------

    def find_all_by_parameters(
        self, task_name: str, session: Session | None = None, **task_params: str
    ) -> Iterator[TaskRecord]:
        """The tasks of family `task_name` whose parameters have these values, given as texts."""
        from sqlalchemy import select

        query = select(TaskRecord).where(_column(TaskRecord.name) == task_name)
        for name, value in task_params.items():
            having = (_column(TaskParameter.name) == name) & (_column(TaskParameter.value) == str(value))
            query = query.where(_column(TaskRecord.parameters).any(having))
        yield from self._found(query.order_by(_column(TaskRecord.id)), session)

    def find_all_by_name(self, task_name: str, session: Session | None = None) -> Iterator[TaskRecord]:
        """The tasks of family `task_name`."""
        return self.find_all_by_parameters(task_name, session)

    def find_latest_runs(self, session: Session | None = None) -> list[TaskRecord]:
        """The tasks to which something happened in the last 24 hours, the latest first."""
        from sqlalchemy import func, select

        event = _column(TaskEvent.task_id)
        since = datetime.fromtimestamp(SYSTEM.now()) - LATELY
        last = select(event, func.max(_column(TaskEvent.ts)).label("at")).where(_column(TaskEvent.ts) >= since)
        lately = last.group_by(event).subquery()
        query = select(TaskRecord).join(lately, lately.c.task_id == _column(TaskRecord.id))
        return self._found(query.order_by(lately.c.at.desc(), _column(TaskRecord.id).desc()), session)

    def find_all_runs(self, session: Session | None = None) -> list[TaskRecord]:
        """All tasks."""
        from sqlalchemy import select

        return self._found(select(TaskRecord).order_by(_column(TaskRecord.id)), session)

    def find_all_events(self, session: Session | None = None) -> list[TaskEvent]:
        """All that happened to any task, in the order it was written."""
        from sqlalchemy import select

        return self._found(select(TaskEvent).order_by(_column(TaskEvent.id)), session)

    def find_task_by_id(self, id: int, session: Session | None = None) -> TaskRecord | None:
        """The task in the row `id`, or None."""
        with self._session(session) as its:
            return its.get(TaskRecord, id)

    def find_task_by_task_id(self, task_id: str, session: Session | None = None) -> TaskRecord:
        """The task with that id, as it was known last. Raises IndexError when there is none."""
        from sqlalchemy import select

        query = select(TaskRecord).where(_column(TaskRecord.task_id) == task_id)
        found = self._found(query.order_by(_column(TaskRecord.id).desc()).limit(1), session)
        if not found:
            raise IndexError(f"the task history has no task {task_id!r}")
        return found[0]  # type: ignore[no-any-return]

    def _found(self, query: Select[Any], session: Session | None) -> list[Any]:
        with self._session(session) as its:
            return list(its.scalars(query))

    @contextmanager
    def _session(self, session: Session | None) -> Iterator[Session]:
        if session is not None:
            yield session
            return
        with self.session_factory() as own:
            yield own


def _column(attribute: Any) -> Any:
    """To a type checker an attribute of a mapped class is its value."""
    return attribute


def _facts(task: Any) -> TaskFacts:
    """What of one of the scheduler's tasks is kept."""
    if isinstance(task, TaskFacts):
        return task
    return TaskFacts(
        task.id,
        task.family,
        task.params,
        worker_running=getattr(task, "worker_running", None),
    )

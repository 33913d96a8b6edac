"""Rows of the tables as the records that a reader gets: times in seconds, long texts cut unless all is wanted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from luigi.history_reading import PastAttempt, PastEvent, PastRun, PastTask
from luigi.plugins.histories.sql.tables import tables

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select

SHORT: Final = 300
"""Characters of a long text in a list."""

SEVERAL: Final = 2_000
"""Characters of the task ids that a run in a list was asked for."""


def seconds(utc: datetime | None) -> float | None:
    """A time of our tables, in seconds since the epoch."""
    return None if utc is None else utc.replace(tzinfo=UTC).timestamp()


def _beginning(column: Any, length: int) -> Any:
    """So much of a text, and one more to tell by that there is more. Databases differ in what a length is."""
    from sqlalchemy import func

    return func.substr(column, 1, length + 1).label(column.name)


def _ending(column: Any, length: int) -> Any:
    """The same from the end."""
    from sqlalchemy import case, func

    there = func.char_length(column)
    return case((there > length, func.substr(column, there - length)), else_=column).label(column.name)


def _cut(text: str, length: int, *, whole: bool) -> tuple[str, bool]:
    """The text, no longer than that, and whether it was longer."""
    return (text, False) if whole or len(text) <= length else (text[:length], True)


# --- attempts ------------------------------------------------------------------------------------------------------


def attempts_query(*, whole: bool = False) -> Select[Any]:
    """What `attempt_of` makes an attempt of; `whole`: with all of its error."""
    from sqlalchemy import select

    a = tables().attempts.c
    error = a.error if whole else _ending(a.error, SHORT)
    return select(a.id, a.record_id, a.run_id, a.task_id, a.worker_id, a.host, a.started, a.ended, a.status, error)


def attempt_of(row: Any, *, whole: bool = False) -> PastAttempt:
    """An attempt."""
    error = row.error or ""
    cut = not whole and len(error) > SHORT
    return PastAttempt(
        row.id,
        row.record_id,
        row.run_id,
        row.task_id,
        row.worker_id or "",
        row.host or "",
        seconds(row.started) or 0.0,
        seconds(row.ended),
        row.status,
        error[-SHORT:] if cut else error,
        cut,
    )


# --- runs ----------------------------------------------------------------------------------------------------------


def runs_query(*, whole: bool = False) -> Select[Any]:
    """What `run_of` makes a run of; `whole`: with all of its command and roots."""
    from sqlalchemy import select

    r = tables().runs.c
    texts = (r.command, r.roots) if whole else (_beginning(r.command, SHORT), _beginning(r.roots, SEVERAL))
    return select(r.id, r.worker_id, r.began, r.ended, r.status, r.host, r.username, *texts, r.code_version)


def run_of(row: Any, *, whole: bool = False) -> PastRun:
    """A run."""
    command, long_command = _cut(row.command or "", SHORT, whole=whole)
    roots, many_roots = _cut(row.roots or "[]", SEVERAL, whole=whole)
    return PastRun(
        row.id,
        row.worker_id,
        seconds(row.began) or 0.0,
        seconds(row.ended),
        row.status or "",
        row.host or "",
        row.username or "",
        command,
        row.code_version or "",
        _whole_roots(roots) if many_roots else tuple(json.loads(roots)),
        cut=long_command or many_roots,
    )


def _whole_roots(text: str) -> Sequence[str]:
    """The ids in a JSON list of texts that has been cut off somewhere: those that are whole."""
    before, between, _ = text.rpartition('", "')  # in an id a quote has a backslash before it
    return tuple(json.loads(before + '"]')) if between else ()


# --- tasks ---------------------------------------------------------------------------------------------------------


def past_tasks(connection: Connection, records: Sequence[int], *, whole: bool = False) -> list[PastTask]:
    """The tasks in these rows, in this order, each with its parameters, its last event and its last attempt."""
    from sqlalchemy import select

    tasks = tables().tasks
    if not records:
        return []
    rows = {row.id: row for row in connection.execute(select(tasks).where(tasks.c.id.in_(records)))}
    params, cut = _parameters(connection, records, whole=whole)
    events, attempts = _last_events(connection, records), _last_attempts(connection, records)
    return [
        PastTask(
            record,
            rows[record].task_id or "",
            rows[record].name or "",
            rows[record].host or "",
            params.get(record, {}),
            status=events[record].status if record in events else "",
            at=events[record].at if record in events else None,
            attempt=attempts.get(record),
            cut=record in cut,
        )
        for record in records
        if record in rows
    ]


def _parameters(
    connection: Connection, records: Sequence[int], *, whole: bool
) -> tuple[Mapping[int, Mapping[str, str]], set[int]]:
    """What pages may show of parameters, by row of the task; and the rows in which one is cut."""
    from sqlalchemy import select

    p = tables().task_parameters.c
    value = p.value if whole else _beginning(p.value, SHORT)
    query = select(p.task_id, p.name, value).where(p.task_id.in_(records), ~is_hidden(p))
    found: dict[int, dict[str, str]] = {}
    cut = set()
    for row in connection.execute(query.order_by(p.task_id, p.name)):
        found.setdefault(row.task_id, {})[row.name], is_cut = _cut(row.value or "", SHORT, whole=whole)
        if is_cut:
            cut.add(row.task_id)
    return found, cut


def is_hidden(parameters: Any) -> Any:
    """Whether a row of `task_parameters`, whose columns these are, is one that pages do not show."""
    from sqlalchemy import select

    hidden = tables().hidden_parameters.c
    return select(hidden.name).where(hidden.task_id == parameters.task_id, hidden.name == parameters.name).exists()


def event_of(row: Any) -> PastEvent:
    """An event. Its time is in the machine's time zone, as Luigi keeps it."""
    return PastEvent(row.event_name or "", row.ts.timestamp())


def _last_events(connection: Connection, records: Sequence[int]) -> Mapping[int, PastEvent]:
    from sqlalchemy import func, select

    events = tables().task_events.c
    last = select(func.max(events.id)).where(events.task_id.in_(records)).group_by(events.task_id)
    query = select(events.task_id, events.event_name, events.ts).where(events.id.in_(last))
    return {row.task_id: event_of(row) for row in connection.execute(query)}


def _last_attempts(connection: Connection, records: Sequence[int]) -> Mapping[int, PastAttempt]:
    from sqlalchemy import func, select

    attempts = tables().attempts.c
    last = select(func.max(attempts.id)).where(attempts.record_id.in_(records)).group_by(attempts.record_id)
    found = connection.execute(attempts_query().where(attempts.id.in_(last)))
    return {row.record_id: attempt_of(row) for row in found}

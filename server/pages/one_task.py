"""What a page says of one task of the history, and of one attempt at it."""

from __future__ import annotations

from typing import Final

from luigi.history_reading import AttemptsWanted, HistoryReading, PastAttempt, PastTask, TasksWanted
from luigi.server.pages import tables
from luigi.server.pages.html import Content, Html, element
from luigi.server.pages.times import moment

SHOWN: Final = 50
"""Of attempts, events and other rows."""


def content(way: str, history: HistoryReading, task: PastTask) -> list[Content]:
    """All there is to say of a task. `way` leads to the server's first page."""
    tried = history.attempts(AttemptsWanted(record=task.record), SHOWN)
    happened = history.events(task.record, SHOWN)
    others = history.tasks(TasksWanted(task_id=task.task_id), SHOWN).items if task.task_id else ()
    return [
        _facts(way, task),
        tables.table("Parameters", ("Name", "Value"), task.params.items(), "It has no parameters."),
        tables.attempts(way, "Attempts, the newest first", tried.items, "No attempt is known.", named=False),
        _error(task.attempt),
        tables.events("Actions, the newest first", happened.items),
        _others(way, [other for other in others if other.record != task.record]),
    ]


def _facts(way: str, task: PastTask) -> Html:
    all_of_it = tables.link(way, "history/by_name", f"all of {task.family}", task.family) if task.family else None
    same = tables.same_parameters(way, task)
    return tables.facts(
        (
            ("Task id", tables.code(task.task_id)),
            ("Name", task.family),
            ("Host", task.host),
            ("Status", tables.status(task.status)),
            ("Last action", moment(task.at)),
            ("More", [all_of_it, " · " if same else None, same] if task.family else None),
        )
    )


def _error(attempt: PastAttempt | None) -> Content:
    if attempt is None or not attempt.error:
        return None
    return [element("h2", "Error of the last attempt"), element("pre", "…" if attempt.cut else "", attempt.error)]


def _others(way: str, others: list[PastTask]) -> Content:
    if not others:
        return None
    return tables.tasks(way, "The same task, as it was known at other times", others, "")


def attempt_content(way: str, attempt: PastAttempt) -> list[Content]:
    """All there is to say of an attempt."""
    run = None if attempt.run is None else tables.link(way, "history/runs", f"run {attempt.run}", str(attempt.run))
    facts = (
        ("Task", tables.link(way, "history/by_id", tables.code(attempt.task_id), str(attempt.record))),
        ("Status", tables.status(attempt.status)),
        ("Started", moment(attempt.started)),
        ("Ended", moment(attempt.ended)),
        ("Took", tables.took(attempt.started, attempt.ended)),
        ("Host", attempt.host),
        ("Worker", tables.code(attempt.worker)),
        ("Run", run),
    )
    return [tables.facts(facts), *([element("h2", "Error"), element("pre", attempt.error)] if attempt.error else [])]

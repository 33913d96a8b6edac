"""The history as pages: what ran lately, by name, by parameters, by id; attempts, runs. Luigi's paths, and more."""

from __future__ import annotations

from collections.abc import Mapping
from functools import wraps
from typing import Any, Final

import falcon

from luigi.history_reading import AttemptsWanted, HistoryReading, PastTask, TasksWanted
from luigi.server.archive import NotKept
from luigi.server.guard.identity import Role
from luigi.server.office import Office
from luigi.server.pages import one_run, one_task, tables
from luigi.server.pages.asking import after, following, nothing_like, number, wanted_params
from luigi.server.pages.html import Content, Html, element
from luigi.server.pages.layout import page, root
from luigi.server.pages.problem_page import Shows, shown
from luigi.server.pages.times import zone
from luigi.server.routes import Route

LATELY: Final = 24 * 3600.0
"""Seconds that the first page of the history looks back."""

ROWS: Final = 100
"""Of a table, on a page."""


def routes(office: Office) -> list[Route]:
    """What there is to see of the history."""
    pages = HistoryPages(office)
    table: Mapping[str, tuple[Shows, str]] = {
        "/history": (pages.lately, "Tasks of the last 24 hours"),
        "/history/by_id/{record}": (pages.by_id, "A task, by its number in the history"),
        "/history/by_name/{name:path}": (pages.by_name, "Tasks of a family"),
        "/history/by_params/{name:path}": (pages.by_params, "Tasks of a family, by values of parameters"),
        "/history/by_task_id/{task_id:path}": (pages.by_task_id, "A task, by its id"),
        "/history/attempts/{attempt}": (pages.attempt, "An attempt"),
        "/history/runs": (pages.runs, "Runs"),
        "/history/runs/{run}": (pages.run, "A run"),
        "/tasklist": (pages.families, "Families of tasks"),
        "/tasklist/{name:path}": (pages.family, "How long the tasks of a family took"),
    }
    return [
        Route("GET", path, Role.VIEWER, shown(or_how_to_keep_it(shows)), summary=summary)
        for path, (shows, summary) in table.items()
    ]


class HistoryPages:
    """What is on each page."""

    def __init__(self, office: Office) -> None:
        self._archive = office.archive
        self._clock = office.clock

    # --- tasks -------------------------------------------------------------------------------------------------

    def lately(self, request: falcon.Request) -> Html:
        """What happened to tasks in the last 24 hours."""
        now = self._clock.now()
        with self._archive.asked() as history:
            found = history.latest(now - LATELY, ROWS, after(request))
        caption = f"Tasks to which something happened in the last 24 hours, the latest first; times in {zone(now)}"
        shows = tables.tasks(root(request), caption, found.items, "Nothing happened in the last 24 hours.")
        return page(request, "History", shows, following(request, found.next))

    def by_name(self, request: falcon.Request, name: str) -> Html:
        """The tasks of a family."""
        return self._tasks(request, name, TasksWanted(family=name), name)

    def by_params(self, request: falcon.Request, name: str) -> Html:
        """The tasks of a family with these values of parameters."""
        params = wanted_params(request)
        title = f"{name}({', '.join(f'{one}={value}' for one, value in params.items())})" if params else name
        return self._tasks(request, title, TasksWanted(family=name, params=params), name)

    def _tasks(self, request: falcon.Request, title: str, wanted: TasksWanted, name: str) -> Html:
        way = root(request)
        with self._archive.asked() as history:
            found = history.tasks(wanted, ROWS, after(request))
        times = tables.link(way, "tasklist", "How long they took", name)
        shows = tables.tasks(way, "The newest first", found.items, "The history has no such task.")
        return page(request, title, element("p", times), shows, following(request, found.next))

    def by_id(self, request: falcon.Request, record: str) -> Html:
        """A task, by the number of its row."""
        with self._archive.asked() as history:
            found = history.task(number(record))
            if found is None:
                raise nothing_like("task", record)
            return self._task(request, history, found)

    def by_task_id(self, request: falcon.Request, task_id: str) -> Html:
        """A task as it was known last, by its id."""
        with self._archive.asked() as history:
            known = history.tasks(TasksWanted(task_id=task_id), ROWS)
            found = history.task(known.items[0].record) if known.items else None
            if found is None:
                raise nothing_like("task", task_id)
            return self._task(request, history, found)

    def _task(self, request: falcon.Request, history: HistoryReading, task: PastTask) -> Html:
        title = task.task_id or f"{task.family} {task.record}"
        return page(request, title, *one_task.content(root(request), history, task))

    def attempt(self, request: falcon.Request, attempt: str) -> Html:
        """One try at a task, with all that its error says."""
        with self._archive.asked() as history:
            found = history.attempt(number(attempt))
        if found is None:
            raise nothing_like("attempt", attempt)
        return page(request, f"Attempt {found.attempt}", *one_task.attempt_content(root(request), found))

    # --- families ----------------------------------------------------------------------------------------------

    def families(self, request: falcon.Request) -> Html:
        """The names of all tasks."""
        with self._archive.asked() as history:
            found = history.families(ROWS, after(request))
        shows = tables.families(root(request), "Names of tasks", found.items, "The history has no task.")
        return page(request, "Families", shows, following(request, found.next))

    def family(self, request: falcon.Request, name: str) -> Html:
        """How long the tasks of a family took."""
        with self._archive.asked() as history:
            found = history.tasks(TasksWanted(family=name), ROWS, after(request))
        shows = tables.durations(root(request), f"{name}: how long it took, the newest first", found.items)
        return page(request, name, shows, following(request, found.next))

    # --- runs --------------------------------------------------------------------------------------------------

    def runs(self, request: falcon.Request) -> Html:
        """Runs."""
        with self._archive.asked() as history:
            found = history.runs(ROWS, after(request))
        shows = tables.runs(root(request), "The newest first", found.items, "The history has no run.")
        return page(request, "Runs", shows, following(request, found.next))

    def run(self, request: falcon.Request, run: str) -> Html:
        """One run, with its attempts."""
        way = root(request)
        with self._archive.asked() as history:
            found = history.run(number(run))
            if found is None:
                raise nothing_like("run", run)
            tried = history.attempts(AttemptsWanted(run=found.run), ROWS, after(request))
        facts = one_run.facts(way, found)
        shows = tables.attempts(
            way, "Attempts, the newest first", tried.items, "It has not tried anything.", of_runs=False
        )
        return page(request, f"Run {found.run}", facts, shows, following(request, tried.next))


def or_how_to_keep_it(shows: Shows) -> Shows:
    """The same page, or one that says how to have a history."""

    @wraps(shows)
    def show(request: falcon.Request, **fields: Any) -> Html:
        try:
            return shows(request, **fields)
        except NotKept as missing:
            return page(request, "No history", *_how(missing))

    return show


def _how(missing: NotKept) -> list[Content]:
    lines = (
        "[scheduler]\nrecord_task_history = true\n\n[task_history]\ndb_connection = sqlite:////var/lib/luigi/history.db"
    )
    return [
        element("p", f"{missing.detail}.".capitalize(), class_="notice"),
        element("p", "What happens to tasks and runs is kept from the next start on with this in the configuration:"),
        element("pre", lines),
    ]

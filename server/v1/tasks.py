"""Tasks to look at: page by page, one by one, what changed, what failed, how many there are."""

from __future__ import annotations

from typing import Any

from luigi.server.v1 import cursors, fitting, graphs, queries
from luigi.server.v1 import task_shapes as shapes
from luigi.server.v1.asking import ask, given
from luigi.server.v1.known import the_task
from luigi.server.v1.operations import Call, Operation, looking
from luigi.server.v1.versions import Versions

MOST_CHANGES = 200
"""More rows than that are not told as changes: pages of tasks are cheaper."""


class Tasks:
    """Answers what is asked of tasks."""

    def __init__(self, versions: Versions) -> None:
        self._versions = versions

    def tag(self, call: Call) -> str:
        """What tells one state from the next."""
        return self._versions.of_all(call.scheduler)

    def page(self, call: Call) -> Any:
        """A page of rows."""
        version = self._versions.of(call.scheduler)
        told = ask(
            call, "tasks", after=call.said["cursor"], **given(call, "status", "upstream", "family", "search", "limit")
        )
        page = fitting.page(told["rows"], call.said["limit"], "task_id")
        after = page.rows[-1]["version"] if page.more else told["next"]
        return {
            "tasks": page.rows,
            "next": cursors.numbered("tasks", after),
            "total": told["total"],
            "version": version,
        }

    def changes(self, call: Call) -> Any:
        """What changed since a version."""
        since = self._versions.number(call.scheduler, call.said["since"])
        told = ask(call, "changes", since=since, limit=MOST_CHANGES)
        room = fitting.ROOM - fitting.size(told["removed"])
        page = fitting.page(told["rows"], MOST_CHANGES, "task_id", room)
        reset = told["reset"] or page.more or room < 0
        return {
            "reset": reset,
            "version": self._versions.numbered(call.scheduler, told["version"]),
            "tasks": [] if reset else page.rows,
            "removed": [] if reset else told["removed"],
        }

    def counts(self, call: Call) -> Any:
        """How many there are."""
        return {
            "version": self._versions.of(call.scheduler),
            **{noun: ask(call, noun) for noun in ("counts", "stopped", "paused")},
        }

    def counts_tag(self, call: Call) -> str:
        """What tells one count from the next: a pause is no change of a task."""
        return f"{self._versions.of(call.scheduler)}.{call.scheduler.machine.paused:d}"


def families(call: Call) -> Any:
    """A page of families."""
    after, limit = call.said["cursor"], call.said["limit"]
    told = [{"family": family, "counts": counts} for family, counts in ask(call, "families").items()]
    page = fitting.page([one for one in told if after is None or one["family"] > after], limit, "family")
    return {"families": page.rows, "next": cursors.named("families", page.rows[-1]["family"] if page.more else None)}


def whole(call: Call) -> Any:
    """All there is to say of a task."""
    task_id = call.said["task_id"]
    the_task(call.scheduler, task_id)
    return fitting.fitted(ask(call, "task", task_id), fitting.ROOM)


def story(call: Call) -> Any:
    """What happened to it."""
    the_task(call.scheduler, call.said["task_id"])
    return fitting.fitted({"story": ask(call, "story", call.said["task_id"])}, fitting.ROOM)


def explanation(call: Call) -> Any:
    """Why it is where it is."""
    the_task(call.scheduler, call.said["task_id"])
    return fitting.fitted({"steps": ask(call, "explain", call.said["task_id"])}, fitting.ROOM)


def errors(call: Call) -> Any:
    """What failed last."""
    told = ask(call, "errors", limit=call.said["limit"])
    return {"tasks": fitting.page(told, call.said["limit"], "task_id").rows}


def operations(versions: Versions) -> list[Operation]:
    """Everything one can look at."""
    tasks, of_task = Tasks(versions), "/tasks/{task_id}"
    return [
        looking(
            "/tasks",
            "listTasks",
            "Tasks, a page at a time",
            tasks.page,
            shapes.TaskPage,
            queries.TaskQuery,
            tasks.tag,
        ),
        looking("/tasks/{task_id}", "getTask", "All there is to say of a task", whole, shapes.WholeTask),
        looking("/tasks/{task_id}/story", "getStory", "What happened to a task lately", story, shapes.Story),
        looking(
            "/tasks/{task_id}/explanation", "explain", "Why a task is not running", explanation, shapes.Explanation
        ),
        looking(
            f"{of_task}/graph",
            "getGraph",
            "What a task needs, or what needs it",
            graphs.graph,
            shapes.Graph,
            queries.GraphQuery,
        ),
        looking(
            "/changes",
            "listChanges",
            "What changed since a version",
            tasks.changes,
            shapes.Changes,
            queries.ChangesQuery,
        ),
        looking(
            "/counts",
            "getCounts",
            "How many tasks there are",
            tasks.counts,
            shapes.AllCounts,
            None,
            tasks.counts_tag,
        ),
        looking(
            "/families",
            "listFamilies",
            "How many tasks of which family",
            families,
            shapes.FamilyPage,
            queries.FamilyQuery,
            tasks.tag,
        ),
        looking("/errors", "listErrors", "What failed last", errors, shapes.Failures, queries.ErrorQuery, tasks.tag),
    ]

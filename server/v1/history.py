"""What was: runs, and attempts at tasks, as the history has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from luigi.history_reading import AttemptsWanted, HistoryReading, Page, PastAttempt, PastRun
from luigi.server.archive import Archive, row_number
from luigi.server.office import Office
from luigi.server.v1 import cursors, fitting, history_shapes
from luigi.server.v1.operations import Call, Operation, looking
from luigi.server.v1.queries import Limit
from luigi.server.v1.schemas import Strict


class RunQuery(Strict):
    """Where the page begins."""

    limit = Limit()
    cursor = cursors.Named("runs")


class AttemptQuery(Strict):
    """Where the page begins."""

    limit = Limit()
    cursor = cursors.Named("attempts")


class History:
    """Answers what is asked of the history."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def runs(self, call: Call) -> Any:
        """A page of runs."""
        return self._page(call, "runs", lambda history, limit, after: history.runs(limit, after), run_row)

    def run(self, call: Call) -> Any:
        """One run."""
        number = row_number(call.said["run"])
        with self._archive.asked() as history:
            found = None if number is None else history.run(number)
        return None if found is None else fitting.fitted(run_row(found), fitting.ROOM)

    def attempts_of_run(self, call: Call) -> Any:
        """A page of the attempts of a run; None for a run that there is not."""
        number = row_number(call.said["run"])
        with self._archive.asked() as history:
            if number is None or history.run(number) is None:
                return None
        return self._attempts(call, AttemptsWanted(run=number))

    def attempts_at_task(self, call: Call) -> Any:
        """A page of the attempts at a task."""
        return self._attempts(call, AttemptsWanted(task_id=call.said["task_id"]))

    def attempt(self, call: Call) -> Any:
        """One attempt."""
        number = row_number(call.said["attempt"])
        with self._archive.asked() as history:
            found = None if number is None else history.attempt(number)
        return None if found is None else fitting.fitted(attempt_row(found), fitting.ROOM)

    def _attempts(self, call: Call, wanted: AttemptsWanted) -> Any:
        def ask(history: HistoryReading, limit: int, after: str) -> Page[PastAttempt]:
            return history.attempts(wanted, limit, after)

        return self._page(call, "attempts", ask, attempt_row)

    def _page(
        self,
        call: Call,
        kind: str,
        ask: Callable[[HistoryReading, int, str], Page[Any]],
        row: Callable[[Any], Mapping[str, Any]],
    ) -> Any:
        """As many rows as fit. Only the history knows where a page goes on: one that is too long is asked for anew."""
        limit, after = call.said["limit"], call.said["cursor"] or ""
        with self._archive.asked() as history:
            found = ask(history, limit, after)
            page = fitting.page([row(one) for one in found.items], limit)
            if page.more:
                found = ask(history, len(page.rows), after)
        return {kind: page.rows, "next": cursors.named(kind, found.next or None)}


def run_row(run: PastRun) -> Mapping[str, Any]:
    """A run as JSON has it."""
    row = run._asdict() | {"attempts": dict(run.attempts)}
    return row | {"cut": ["command", "roots"] if row["cut"] else []}


def attempt_row(attempt: PastAttempt) -> Mapping[str, Any]:
    """An attempt as JSON has it."""
    row = attempt._asdict()
    return row | {"cut": ["error"] if row["cut"] else []}


def operations(office: Office) -> list[Operation]:
    """What can be asked."""
    history = History(office.archive)
    pages, attempts = history_shapes.RunPage, history_shapes.AttemptPage
    return [
        looking("/runs", "listRuns", "Runs, the newest first", history.runs, pages, RunQuery, may_be_missing=True),
        looking("/runs/{run}", "getRun", "All there is to say of a run", history.run, history_shapes.Run),
        looking(
            "/runs/{run}/attempts",
            "listAttemptsOfRun",
            "Attempts of a run, the newest first",
            history.attempts_of_run,
            attempts,
            AttemptQuery,
        ),
        looking(
            "/tasks/{task_id}/attempts",
            "listAttemptsAtTask",
            "Attempts at a task, the newest first",
            history.attempts_at_task,
            attempts,
            AttemptQuery,
        ),
        looking(
            "/attempts/{attempt}",
            "getAttempt",
            "All there is to say of an attempt",
            history.attempt,
            history_shapes.Attempt,
        ),
    ]

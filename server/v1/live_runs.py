"""Runs that are under way: the workers that want tasks done, and how far they are."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from luigi.clock import Clock
from luigi.scheduler.records import TaskRecord
from luigi.scheduler.views.runs import live_runs, run_row, stopped, tally, tasks_of
from luigi.scheduler.workers import WorkerRecord
from luigi.server.v1 import cursors, fitting, queries
from luigi.server.v1.idleness import Idleness
from luigi.server.v1.lately_shapes import LiveRunPage
from luigi.server.v1.operations import Call, Operation, looking
from luigi.server.v1.reuse import Reused
from luigi.server.v1.versions import Versions

MOST: Final = 1000
"""How many runs' counts are kept: they are small."""


class LiveRuns:
    """Counts the tasks of runs, and keeps the counts that were asked for last."""

    def __init__(self, versions: Versions, clock: Clock) -> None:
        self._versions = versions
        self._tallies: Reused[Any] = Reused(clock, most=MOST)
        self._stopped: Reused[dict[str, Collection[TaskRecord]]] = Reused(clock)
        self._idleness = Idleness(clock, self._forget)

    def page(self, call: Call) -> Any:
        """A page of runs."""
        self._idleness.asked()
        after, limit = call.said["cursor"], call.said["limit"]
        state = self._versions.of_all(call.scheduler)
        runs = [run for run in call.scheduler.look(live_runs) if after is None or run.worker_id > after]
        rows = [{**run_row(run), **self._tally(call, run, state)} for run in runs[:limit]]
        page = fitting.page(rows, limit, "worker_id")
        more = len(page.rows) < len(runs)
        return {"runs": page.rows, "next": cursors.named("live-runs", page.rows[-1]["worker_id"] if more else None)}

    def _tally(self, call: Call, run: WorkerRecord, state: str) -> Any:
        epoch = self._versions.epoch(call.scheduler)

        def make() -> Any:
            waiting = self._stopped.get(epoch, state, lambda: stopped(call.scheduler)).value
            return tally(run, call.scheduler.look(lambda machine: tasks_of(run)), waiting)

        return self._tallies.get((epoch, run.worker_id), state, make).value

    def _forget(self) -> None:
        self._tallies.forget()
        self._stopped.forget()


def operations(versions: Versions, clock: Clock) -> list[Operation]:
    """The list of them."""
    return [
        looking(
            "/live-runs",
            "listLiveRuns",
            "Runs that are under way, a page at a time",
            LiveRuns(versions, clock).page,
            LiveRunPage,
            queries.LiveRunQuery,
        )
    ]

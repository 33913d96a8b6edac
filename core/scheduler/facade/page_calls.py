"""What Luigi's page asks for: lists, graphs and single facts. Before a list, what time has brought is done."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from itertools import islice
from typing import Any, Final

from luigi.scheduler.facade.luigi_records import Row, task_row, worker_load, worker_row
from luigi.scheduler.names import display_name, shown_params
from luigi.scheduler.records import TaskRecord
from luigi.scheduler.service import Service
from luigi.scheduler.upstream import UPSTREAM_SEVERITY_ORDER, waiting_for
from luigi.task_status import DONE, PENDING, RUNNING

AT_A_TIME: Final = 1000
"""Rows made before somebody else may ask the scheduler something."""


class PageCalls(Service):
    """The state as Luigi's page shows it."""

    # --- lists -------------------------------------------------------------------------------------------------

    def task_list(
        self,
        status: str = "",
        upstream_status: str = "",
        limit: bool = True,
        search: str | None = None,
        max_shown_tasks: int | None = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Tasks by id: those with a status (PENDING ones only if the worst they wait for is `upstream_status`), of them
        those with all words of `search` in their names.

        Where `limit` and there are more than `max_shown_tasks` (by default the setting): just `num_tasks`, which is -1
        when the chains would have to be looked at to know.
        """
        most = (max_shown_tasks or self._config.max_shown_tasks) if limit else None
        with self._lock:
            if not search and most is not None and self._count(status) > most:
                return {"num_tasks": -1 if upstream_status else self._count(status)}
        self.tick()
        found = self._matching(status, upstream_status, (search or "").lower().split())
        if most is not None and len(found) > most:
            return {"num_tasks": len(found)}
        return self._rows(found)

    def _rows(self, tasks: Iterable[TaskRecord]) -> dict[str, Row]:
        """A few at a time, so that nobody waits while many are made."""
        rows: dict[str, Row] = {}
        left = iter(tasks)
        while some := list(islice(left, AT_A_TIME)):
            with self._lock:
                rows.update((task.task_id, task_row(task)) for task in some)
        return rows

    def _count(self, status: str) -> int:
        return len(self._of_status(status))

    def _of_status(self, status: str) -> Collection[TaskRecord]:
        return self._machine.index.by_status.get(status, ()) if status else self._machine.tasks.values()

    def _matching(self, status: str, upstream_status: str, words: Collection[str]) -> list[TaskRecord]:
        """Names are read without the lock: nobody waits while many are."""
        state = upstream_status if upstream_status in UPSTREAM_SEVERITY_ORDER else ""
        with self._lock:
            waiting = waiting_for(state, self._machine.index.by_status) if state else {}
            found = list(self._of_status(status))
        if upstream_status:
            found = [task for task in found if task.status != PENDING or task in waiting]
        return [task for task in found if _has(words, display_name(task))] if words else found

    def task_search(self, task_str: str, max_shown_tasks: int | None = None, **kwargs: Any) -> dict[str, Any]:
        """Tasks with `task_str` in their id, by status and id; just `num_tasks`, if they are more than so many."""
        self.tick()
        with self._lock:
            known = list(self._machine.tasks.values())
        matching = [task for task in known if task_str in task.task_id and task.family]
        if max_shown_tasks is not None and len(matching) > max_shown_tasks:
            return {"num_tasks": len(matching)}
        found: dict[str, dict[str, Row]] = {}
        for task_id, row in self._rows(matching).items():
            found.setdefault(row["status"], {})[task_id] = row
        return found

    def worker_list(self, include_running: bool = True, **kwargs: Any) -> list[Row]:
        """All workers, the one that came last first; with what they run, unless told otherwise."""
        self.tick()
        with self._lock:
            workers = sorted(self._machine.workers, key=lambda worker: worker.known_since, reverse=True)
            rows = [worker_row(worker, self._machine.tasks) for worker in workers]
            if include_running:
                rows = [row | worker_load(worker) for row, worker in zip(rows, workers, strict=True)]
            return rows

    def resource_list(self) -> list[Row]:
        """All resources that have a limit, with the tasks that hold some of them."""
        self.tick()
        with self._lock:
            holding = [task for task in self._machine.index.by_status[RUNNING] if task.lease and task.lease.held]
            rows = []
            for name, total in self._machine.resources.limits.items():
                running = {
                    task.task_id: task_row(task) for task in holding if task.lease and dict(task.lease.held).get(name)
                }
                used = self._machine.resources.used.get(name, 0)
                rows.append(
                    {
                        "name": name,
                        "num_total": total,
                        "num_used": used,
                        "num_consumer": len(running),
                        "running": running,
                    }
                )
            return rows

    def resources(self) -> dict[str, dict[str, int]]:
        """How much there is, and how much is used, of each resource that has a limit."""
        with self._lock:
            resources = self._machine.resources
            return {
                name: {"total": total, "used": resources.used.get(name, 0)} for name, total in resources.limits.items()
            }

    # --- graphs ------------------------------------------------------------------------------------------------

    def graph(self, max_nodes: int | None = None, **kwargs: Any) -> dict[str, Row]:
        """All tasks with what they depend on, or those that have been known longest."""
        self.tick()
        with self._lock:
            return {
                task.task_id: task_row(task, deps=[dep.task_id for dep in task.deps])
                for task in islice(self._machine.tasks.values(), max_nodes)
            }

    def dep_graph(
        self, task_id: str, include_done: bool = True, max_nodes: int | None = None, **kwargs: Any
    ) -> dict[str, Row]:
        """A task and all it depends on, near ones first: `max_nodes` at most, by default the setting
        `max_graph_nodes`.
        """
        return self._graph(task_id, lambda task: task.deps, include_done, max_nodes)

    def inverse_dep_graph(
        self, task_id: str, include_done: bool = True, max_nodes: int | None = None, **kwargs: Any
    ) -> dict[str, Row]:
        """A task and all that depends on it; `deps` of each are what does."""
        return self._graph(task_id, lambda task: task.dependents, include_done, max_nodes)

    def _graph(
        self,
        task_id: str,
        neighbours: Callable[[TaskRecord], Iterable[TaskRecord]],
        include_done: bool,
        max_nodes: int | None,
    ) -> dict[str, Row]:
        most = self._config.max_graph_nodes if max_nodes is None else max_nodes
        self.tick()
        with self._lock:
            root = self._machine.tasks.get(task_id)
            if root is None:
                return {}
            reached = {root: None}
            rows: dict[str, Row] = {}
            for task in (queue := [root]):
                if len(rows) >= most:
                    break
                near = [other for other in neighbours(task) if include_done or other.status != DONE]
                rows[task.task_id] = task_row(task, deps=[other.task_id for other in near], named=task is root)
                queue += [other for other in near if other not in reached]
                reached |= dict.fromkeys(near)
            return rows

    # --- single facts ------------------------------------------------------------------------------------------

    def fetch_error(self, task_id: str, **kwargs: Any) -> dict[str, Any]:
        """What a task's last report explained. Parameters that pages do not show are left out."""
        self.tick()
        with self._lock:
            task = self._machine.tasks.get(task_id)
            if task is None or not task.family:
                return {"taskId": task_id, "error": ""}
            return {
                "taskId": task_id,
                "error": task.explanation,
                "displayName": display_name(task),
                "taskParams": shown_params(task),
                "taskModule": task.module,
                "taskFamily": task.family,
            }

    def get_task_status_message(self, task_id: str) -> dict[str, Any]:
        """What a task said it is at."""
        task = self._machine.tasks.get(task_id)
        if task is None or not task.family:
            return {"taskId": task_id, "statusMessage": ""}
        return {"taskId": task_id, "statusMessage": task.lease.status_message if task.lease else None}

    def get_task_progress_percentage(self, task_id: str) -> dict[str, Any]:
        """How far a task said it is."""
        task = self._machine.tasks.get(task_id)
        return {"taskId": task_id, "progressPercentage": task.lease.percentage if task and task.lease else None}

    def get_running_task_resources(self, task_id: str) -> dict[str, Any]:
        """What a task took when it began, less what it gave back; None for one that never ran."""
        task = self._machine.tasks.get(task_id)
        return {"taskId": task_id, "resources": dict(task.lease.taken) if task and task.lease else None}

    def has_task_history(self) -> bool:
        """Whether runs are kept in a database."""
        return self._config.record_task_history

    @property
    def task_history(self) -> Any:
        """Where runs are kept; None while they are not."""
        return None

    def prune(self) -> None:
        """Do what time has brought: retries, lost workers, tasks that nobody wants any more."""
        self.tick()


def _has(words: Collection[str], text: str) -> bool:
    lowered = text.lower()
    return all(word in lowered for word in words)

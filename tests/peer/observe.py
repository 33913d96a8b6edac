"""Run one graph with whatever package this interpreter calls `luigi`, and print what it did as JSON.

usage: observe.py GRAPH, in the directory where the graph shall run, with the folder of graphs on PYTHONPATH.
Knows nothing of either package but the names that Luigi documents.
"""

from __future__ import annotations

import importlib
import json
import sys
from typing import Any

import luigi

EVENTS = [
    "DEPENDENCY_DISCOVERED",
    "DEPENDENCY_MISSING",
    "DEPENDENCY_PRESENT",
    "BROKEN_TASK",
    "START",
    "FAILURE",
    "SUCCESS",
    "PROCESSING_TIME",
]


class Observer:
    """Listens to every task's events, and keeps the tasks it met."""

    def __init__(self) -> None:
        self.events: dict[str, list[str]] = {}
        self.started: list[str] = []
        self.tasks: dict[str, luigi.Task] = {}
        for name in EVENTS:
            luigi.Task.event_handler(getattr(luigi.Event, name))(self._listener(name))

    def _listener(self, name: str) -> Any:
        def listen(task: luigi.Task, *rest: Any) -> None:
            self.meet(task)
            self.events.setdefault(task.task_id, []).append(" ".join([name, *self._told(name, rest)]))
            if name == "START":
                self.started.append(task.task_id)

        return listen

    def _told(self, name: str, rest: tuple[Any, ...]) -> list[str]:
        if name == "PROCESSING_TIME":  # seconds are never the same twice
            return [type(seconds).__name__ for seconds in rest]
        if name == "DEPENDENCY_DISCOVERED":
            return [self.meet(dep).task_id for dep in rest]
        return [f"{builtin_kind(error)}: {error}" for error in rest]

    def meet(self, task: luigi.Task) -> luigi.Task:
        return self.tasks.setdefault(task.task_id, task)


def builtin_kind(error: Exception) -> str:
    """The name of the kind of error that a program can catch without importing it."""
    return next(kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins")


def described(task: luigi.Task) -> dict[str, Any]:
    """How a task names itself; of names that are usually the same, only those that are not."""
    usual = {
        "family": type(task).__name__,
        "namespace": "",
        "str": repr(task),
        "identity": task.to_str_params(),
    }
    found = {
        "family": task.get_task_family(),
        "namespace": task.get_task_namespace(),
        "str": str(task),
        "identity": task.to_str_params(only_significant=True, only_public=True),
    }
    unusual = {name: told for name, told in found.items() if told != usual[name]}
    return {"repr": repr(task), "params": task.to_str_params(), **unusual}


def run_of(result: Any) -> dict[str, Any]:
    return {
        "str": str(result),
        "status": result.status.name,
        "scheduling_succeeded": result.scheduling_succeeded,
        "one_line_summary": result.one_line_summary,
        "summary": result.summary_text.split("\n"),
    }


def observe(name: str) -> dict[str, Any]:
    graph = importlib.import_module(name)
    observer = Observer()
    runs = []
    for roots in getattr(graph, "BUILDS", []):
        tasks = roots()
        for task in tasks:
            observer.meet(task)
        settings = {"local_scheduler": True, "log_level": "CRITICAL"} | getattr(graph, "SETTINGS", {})
        runs.append(run_of(luigi.build(tasks, detailed_summary=True, **settings)))
    return {
        "tasks": {task_id: described(task) for task_id, task in observer.tasks.items()},
        "events": observer.events,
        # Luigi leaves the order of equals to chance, so a graph must say that its order is determined.
        "started": observer.started if getattr(graph, "ORDERED", False) else [],
        "runs": runs,
        "facts": graph.facts() if hasattr(graph, "facts") else {},
    }


if __name__ == "__main__":
    told = json.dumps(observe(sys.argv[1]))
    print(f"\x1e{told}")

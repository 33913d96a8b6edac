"""The command `luigi-grep`: find tasks that a scheduler knows, by how their ids begin or by status.

    luigi-grep --scheduler-host scheduler.example.com --prefix Report --status FAILED

Each is shown with the tasks it requires, by their status.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypedDict

from luigi import task_status
from luigi.errors import KernelError

if TYPE_CHECKING:
    import argparse

STATUSES = sorted(
    value for name, value in vars(task_status).items() if name.isupper() and isinstance(value, str) and name == value
)

TIMEOUT = 60.0
"""Seconds to wait for the scheduler."""


class Job(TypedDict):
    """A task of the scheduler: its id, its status, and the ids it requires, by their status."""

    name: str
    status: str
    deps_by_status: dict[str, list[str]]


class SchedulerUnreachable(KernelError):
    """Nothing that is a scheduler answers at the address."""

    def __init__(self, url: str, reason: object) -> None:
        super().__init__(f"no scheduler at {url}: {reason}")
        self.hint = "does `luigid` run there? --scheduler-host and --scheduler-port say where to look"


class LuigiGrep:
    """The tasks of the scheduler at `host` and `port`, searched. Each search asks it anew."""

    def __init__(self, host: str, port: int | str) -> None:
        self._host = host
        self._port = port

    @property
    def graph_url(self) -> str:
        """Where the scheduler answers with all its tasks."""
        return f"http://{self._host}:{self._port}/api/graph"

    def prefix_search(self, job_name_prefix: str) -> Iterator[Job]:
        """The tasks whose id begins with `job_name_prefix`. Raises SchedulerUnreachable."""
        return self._search(lambda name, status: name.startswith(job_name_prefix))

    def status_search(self, status: str) -> Iterator[Job]:
        """The tasks with this status, in whatever case it is written. Raises SchedulerUnreachable."""
        return self._search(lambda name, found: found == status.upper())

    def _search(self, wanted: Callable[[str, str], bool]) -> Iterator[Job]:
        graph = self._graph()
        for name, task in graph.items():
            if wanted(name, task["status"]):
                yield _job(name, graph)

    def _graph(self) -> dict[str, Any]:
        import urllib.request

        try:
            with urllib.request.urlopen(self.graph_url, timeout=TIMEOUT) as answer:
                graph = json.load(answer)["response"]
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise SchedulerUnreachable(self.graph_url, getattr(error, "reason", error)) from error
        if not isinstance(graph, dict):
            raise SchedulerUnreachable(self.graph_url, "its answer is no graph of tasks")
        return graph


def _job(name: str, graph: dict[str, Any]) -> Job:
    by_status: dict[str, list[str]] = {}
    for required in graph[name]["deps"]:
        # A scheduler may have forgotten a task that others still name.
        status = graph[required]["status"] if required in graph else task_status.UNKNOWN
        by_status.setdefault(status, []).append(required)
    return {"name": name, "status": graph[name]["status"], "deps_by_status": by_status}


def main() -> int:
    """Print the tasks that the command line asks for. Returns the exit code, or raises SystemExit with one."""
    from luigi.cli.guard import mistakes_told

    arguments = _arguments(sys.argv[1:])
    with mistakes_told():
        _print_jobs(arguments)
    return 0


def _print_jobs(arguments: argparse.Namespace) -> None:
    grep = LuigiGrep(arguments.scheduler_host, arguments.scheduler_port)
    print(f"Fetching from url: {grep.graph_url}")
    found = grep.status_search(arguments.status) if arguments.prefix is None else grep.prefix_search(arguments.prefix)
    for job in found:
        if arguments.status is not None and job["status"] != arguments.status:
            continue
        print(f"{job['name']}: {job['status']}, Dependencies:")
        for status, names in job["deps_by_status"].items():
            print(f"  status={status}")
            for name in names:
                print(f"    {name}")


def _arguments(given: Sequence[str]) -> argparse.Namespace:
    import argparse

    parser = argparse.ArgumentParser("luigi-grep", description="Find tasks that a scheduler knows.")
    parser.add_argument("--scheduler-host", default="localhost", help="where the scheduler runs (%(default)s)")
    parser.add_argument("--scheduler-port", type=int, default=8082, help="the port it listens on (%(default)s)")
    parser.add_argument("--prefix", help="how the ids of the tasks begin")
    parser.add_argument("--status", type=str.upper, choices=STATUSES, help="the status they have")
    arguments = parser.parse_args(given)
    if arguments.prefix is None and arguments.status is None:
        parser.error("what to look for is missing: give --prefix, --status, or both")
    return arguments


if __name__ == "__main__":
    sys.exit(main())

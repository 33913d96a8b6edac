"""The command `luigi-deps`: the tasks on the way from a task to those of a family it depends on, and their outputs.

    luigi-deps --module reports Report --date 2015-01-02 --upstream-family Extract

Without `--upstream-family`, everything the task depends on.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Any

from luigi.errors import BadRequirement
from luigi.parameter import OptionalParameter
from luigi.structure import flatten
from luigi.target import FileSystemTarget
from luigi.task import Config, Task
from luigi.tools.named_task import named_task


class upstream(Config):
    """The section `[upstream]`, and the flag `--upstream-family`."""

    family = OptionalParameter(default=None, description="the family to find the ways to; all tasks if not given")


def get_task_requires(task: Task) -> set[Task]:
    """The tasks that `task` requires. Raises BadRequirement for what is not a task."""
    return set(_requirements(task))


def dfs_paths(start_task: Task, goal_task_family: str | None, path: Sequence[Task] | None = None) -> Iterator[Task]:
    """The tasks on any way from `start_task` to a task of the family, each once, along the ways.

    `path` is how the start was reached, if not from itself: it comes first. None for the family means any task.
    """
    required_by: dict[Task, list[Task]] = {start_task: []}
    goals = []
    stack = [start_task]
    while stack:
        task = stack.pop()
        if goal_task_family is None or task.task_family == goal_task_family:
            goals.append(task)
        found = len(required_by)
        for required in _requirements(task):
            required_by.setdefault(required, []).append(task)
        stack.extend(reversed(list(required_by)[found:]))
    on_a_way = _reachable(goals, required_by)
    if on_a_way:
        before = [start_task] if path is None else path
        yield from before
        yield from (task for task in required_by if task in on_a_way and task not in before and task is not start_task)


def _reachable(tasks: Sequence[Task], neighbours: dict[Task, list[Task]]) -> set[Task]:
    found = set(tasks)
    stack = list(tasks)
    while stack:
        for task in neighbours[stack.pop()]:
            if task not in found:
                found.add(task)
                stack.append(task)
    return found


def _requirements(task: Task) -> list[Task]:
    required = flatten(task.requires())
    for found in required:
        if not isinstance(found, Task):
            raise BadRequirement(task, found)
    return required


def find_deps(task: Task, upstream_task_family: str | None) -> set[Task]:
    """The tasks on any way from `task` to a task of the family; everything it depends on when that is None.

    Raises BadRequirement for a requirement that is not a task.
    """
    return set(dfs_paths(task, upstream_task_family))


def find_deps_cli() -> set[Task]:
    """`find_deps` for the task and the family that the process's own command line names."""
    with named_task(sys.argv[1:]) as task:
        return find_deps(task, upstream().family)


def get_task_output_description(task_output: Any) -> str:
    """Where a target is, for people: `[FileSystem] path`, `[S3] path`, `[SSH] host:path`, `[DB] host:table`."""
    if isinstance(task_output, FileSystemTarget):
        host = getattr(getattr(task_output.fs, "remote_context", None), "host", None)
        if host:
            return f"[SSH] {host}:{task_output.path}"
        store = "S3" if task_output.path.startswith(("s3://", "s3a://", "s3n://")) else "FileSystem"
        return f"[{store}] {task_output.path}"
    if hasattr(task_output, "host") and hasattr(task_output, "table"):
        return f"[DB] {task_output.host}:{task_output.table}"
    return "to be determined"


def main() -> int:
    """Print the tasks that the command line asks for, each with its outputs.

    Returns the exit code, or raises SystemExit with one.
    """
    from luigi.cli.guard import mistakes_told

    with mistakes_told():
        _print_tasks()
    return 0


def _print_tasks() -> None:
    with named_task(sys.argv[1:]) as start:
        family = upstream().family
        found = list(dfs_paths(start, family))
        for task in found:
            print(f"   TASK: {task}")
            for output in flatten(task.output()):
                print(f"                       : {get_task_output_description(output)}")
    if not found:
        print(f"there is no {family} upstream of {start}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())

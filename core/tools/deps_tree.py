"""The command `luigi-deps-tree`: a task and all it requires as a tree, with the state of each.

    luigi-deps-tree --module reports Report --date 2015-01-02

States are coloured on a terminal, unless NO_COLOR is set.
"""

from __future__ import annotations

import sys

from luigi.errors import BadRequirement
from luigi.structure import flatten
from luigi.task import Task
from luigi.tools.named_task import named_task


class bcolors:
    """The colours of the states, as codes for a terminal."""

    OKBLUE = "\033[94m"
    OKGREEN = "\033[92m"
    ENDC = "\033[0m"


def print_tree(task: Task, indent: str = "", last: bool = True) -> str:
    """The tree of what `task` requires, a line each, every line begun by a line break.

    `indent` comes before each line; `last` says whether nothing follows on the task's own level. A task that several
    others require is shown below each. Raises BadRequirement for a requirement that is not a task.
    """
    lines = []
    states: dict[Task, str] = {}
    stack = [(task, indent, last)]
    while stack:
        task, indent, last = stack.pop()
        if task not in states:
            states[task] = _state(task)
        parameters = task.to_str_params(only_significant=True, only_public=True)
        lines.append(f"\n{indent}{'└─--' if last else '|---'}[{type(task).__name__}-{parameters} ({states[task]})]")
        below = indent + ("    " if last else "|   ")
        required = flatten(task.requires())
        for position in reversed(range(len(required))):
            if not isinstance(required[position], Task):
                raise BadRequirement(task, required[position])
            stack.append((required[position], below, position == len(required) - 1))
    return "".join(lines)


def _state(task: Task) -> str:
    if task.complete():
        return f"{bcolors.OKGREEN}COMPLETE{bcolors.ENDC}"
    return f"{bcolors.OKBLUE}PENDING{bcolors.ENDC}"


def main() -> int:
    """Print the tree of the task that the command line names. Returns the exit code, or raises SystemExit with one."""
    from luigi.cli.guard import mistakes_told

    with mistakes_told():
        _print_named()
    return 0


def _print_named() -> None:
    from luigi.cli.complain import coloured

    with named_task(sys.argv[1:]) as task:
        tree = print_tree(task)
    if not coloured(sys.stdout):
        for code in (bcolors.OKBLUE, bcolors.OKGREEN, bcolors.ENDC):
            tree = tree.replace(code, "")
    print(tree)


if __name__ == "__main__":
    sys.exit(main())

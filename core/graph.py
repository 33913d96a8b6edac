"""From the tasks somebody asked for to the whole graph: who requires whom, and what is complete already.

The walk goes breadth first, roots before requirements, and does not look behind a complete task. It never recurses,
so a chain may be as long as memory allows. It is taken a task at a time, so whoever takes it can act on the first
tasks before the last are known.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from luigi.errors import BadOutput, BadRequirement, CircularRequirement, KernelError
from luigi.target import Target
from luigi.task import Task
from luigi.task_status import DISABLED, DONE, PENDING, UNKNOWN

logger = logging.getLogger("luigi-interface")

FRONTIER = 10_000
"""How many tasks at most are looked at ahead together: enough for any listing to be worth it, few enough to begin."""


@dataclass(slots=True)
class Found:
    """One task the walk came to."""

    task: Task
    status: str
    """DONE, PENDING, DISABLED, or UNKNOWN when `complete()` or `requires()` raised."""
    deps: Collection[Task] = ()
    error: BaseException | None = None
    broken: str = ""
    """The method that raised: complete or deps."""
    explanation: str | None = None


def discover(
    roots: Iterable[Task],
    is_complete: Callable[[Task], bool],
    met: set[str] | None = None,
    look_ahead: Callable[[Sequence[Task]], None] | None = None,
    behind: bool = False,
) -> Iterator[Found]:
    """Every task the roots need, each once, leaving out those whose id is in `met`; met ones are added to it.

    `is_complete` checks one task. `look_ahead` is shown the tasks it is going to be asked about, all at once, whenever
    more than one is known: where it can check them together, `is_complete` need only remember. With `behind` the walk
    goes on behind complete tasks, too, as far as these say what they require.

    Raises BadRequirement for a requirement that is not a task and BadOutput for an output that is not a target; any
    other exception of a program's `complete()` or `requires()` is a fact about that task, and the walk goes on.
    """
    met = set() if met is None else met
    queue = deque(_unmet(roots, met))
    shown = 0
    while queue:
        if not shown:
            shown = min(len(queue), FRONTIER)
            if shown > 1 and look_ahead is not None:
                look_ahead(list(islice(queue, shown)))
        shown -= 1
        found = _look_at(queue.popleft(), is_complete, behind)
        queue.extend(_unmet(found.deps, met))
        yield found


def _unmet(tasks: Iterable[Task], met: set[str]) -> Iterator[Task]:
    for task in tasks:
        task_id = task.task_id
        if task_id not in met:
            met.add(task_id)
            yield task


def _look_at(task: Task, is_complete: Callable[[Task], bool], behind: bool) -> Found:
    try:
        if is_complete(task):
            return Found(task, DONE, _deps_behind(task) if behind else ())
    except BadOutput:
        raise
    except Exception as error:
        return Found(task, UNKNOWN, error=error, broken="complete", explanation=_explain(task, error))
    if is_external(task):  # whatever it requires is the business of whoever makes it
        return Found(task, PENDING)
    try:
        deps = task.deps()
    except Exception as error:
        return Found(task, UNKNOWN, error=error, broken="deps", explanation=_explain(task, error))
    for dep in deps:
        if not isinstance(dep, Task):
            raise BadRequirement(task, dep)
    return Found(task, DISABLED if task.disabled else PENDING, deps)


def _deps_behind(task: Task) -> Collection[Task]:
    """What a complete task requires. Nothing when it does not say: it need not be able to any more."""
    if is_external(task):
        return ()
    try:
        return [dep for dep in task.deps() if isinstance(dep, Task)]
    except Exception:
        logger.debug("%s is complete, and its requires() raised", task, exc_info=True)
        return ()


def is_external(task: Task) -> bool:
    """Whether the task has no `run`: somebody else makes its output."""
    return task.run is None or task.run is NotImplemented


def is_dynamic(task: Task) -> bool:
    """Whether `run()` is a generator, as far as can be seen: it may require more while it runs, which no walk finds."""
    import inspect

    return inspect.isgeneratorfunction(inspect.unwrap(task.run)) if callable(task.run) else False


def _explain(task: Task, error: Exception) -> str:
    """A sentence for an error that explains itself, a traceback for any other; without values of private parameters."""
    from luigi.private_values import masked_error

    return masked_error(task, error, _explained(error))


def _explained(error: Exception) -> str:
    if isinstance(error, KernelError):
        return f"{error}\n{error.hint}".rstrip()
    trace = getattr(error, "trace", None)  # brought along from the process where it was raised
    if isinstance(trace, str):
        return trace
    import traceback

    return traceback.format_exc()


def required_by(requires: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    """Who requires each id, of what each requires."""
    turned: dict[str, list[str]] = {task_id: [] for task_id in requires}
    for task_id, deps in requires.items():
        for dep in deps:
            turned.setdefault(dep, []).append(task_id)
    return turned


def reached(starts: Iterable[str], onwards: Mapping[str, Collection[str]], depth: int | None = None) -> dict[str, int]:
    """How many steps each id is away that `onwards` lead to, the nearest first; at most `depth`, if that is given."""
    steps = dict.fromkeys(starts, 0)
    ahead = deque(steps)
    while ahead:
        here = ahead.popleft()
        if steps[here] == depth:
            break  # what is left is as far away
        for other in onwards[here]:
            if other not in steps:
                steps[other] = steps[here] + 1
                ahead.append(other)
    return steps


def refuse_circles(requires: Mapping[str, Collection[str]], name: Callable[[str], Any]) -> None:
    """Raise CircularRequirement, naming the path, if tasks require each other in a ring.

    `requires` maps a task's id to the ids it requires; `name` gives what to show for an id.
    """
    open_counts: dict[str, int] = {}
    dependents: dict[str, list[str]] = {}
    for task_id, deps in requires.items():
        inside = [dep for dep in dict.fromkeys(deps) if dep in requires]
        open_counts[task_id] = len(inside)
        for dep in inside:
            dependents.setdefault(dep, []).append(task_id)
    free = [task_id for task_id, count in open_counts.items() if not count]
    while free:
        task_id = free.pop()
        del open_counts[task_id]
        for dependent in dependents.get(task_id, ()):
            open_counts[dependent] -= 1
            if not open_counts[dependent]:
                free.append(dependent)
    if open_counts:
        raise CircularRequirement([name(task_id) for task_id in _ring(requires, open_counts)])


def refuse_ring_through(
    task_id: str, new_deps: Iterable[str], requires: Callable[[str], Iterable[str]], name: Callable[[str], Any]
) -> None:
    """Raise CircularRequirement, naming the path, if one of `new_deps` waits, however indirectly, for `task_id`.

    `requires` gives the ids a task waits for; `name` what to show for an id.
    """
    wanted_by = dict.fromkeys(new_deps, task_id)
    ahead = list(wanted_by)
    while ahead and task_id not in wanted_by:
        at = ahead.pop()
        for dep in requires(at):
            if dep not in wanted_by:
                wanted_by[dep] = at
                ahead.append(dep)
    if task_id in wanted_by:
        path = [task_id, wanted_by[task_id]]
        while path[-1] != task_id:
            path.append(wanted_by[path[-1]])
        raise CircularRequirement([name(step) for step in reversed(path)])


def _ring(requires: Mapping[str, Collection[str]], stuck: Mapping[str, int]) -> list[str]:
    """A ring among tasks that all wait for each other: follow any of them until one comes again."""
    place: dict[str, int] = {}
    path: list[str] = []
    task_id = next(iter(stuck))
    while task_id not in place:
        place[task_id] = len(path)
        path.append(task_id)
        task_id = next(dep for dep in requires[task_id] if dep in stuck)
    return [*path[place[task_id] :], task_id]


def describe_outputs(task: Task) -> str:
    """The outputs of a task for an error message: paths where they have one."""
    from luigi.structure import flatten

    outputs = [target for target in flatten(task.output()) if isinstance(target, Target)]
    return ", ".join(str(getattr(target, "path", target)) for target in outputs)

"""Looks at the graph of tasks: walks it, takes the part that is wanted, and makes a picture of it. Linear."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from luigi.drawing.picture import COMPLETE, DISABLED, MISSING, PENDING, UNKNOWN, Node, Picture
from luigi.graph import Found, discover, is_dynamic, is_external, reached, refuse_circles, required_by
from luigi.task_status import DISABLED as IS_DISABLED
from luigi.task_status import DONE
from luigi.task_status import UNKNOWN as IS_UNKNOWN

if TYPE_CHECKING:
    from luigi.task import Task
    from luigi.worker.checks.checking import Checking


class Part(NamedTuple):
    """Which part of a graph is wanted. Patterns are those of `luigi.task_patterns`."""

    depth: int | None = None
    """How many steps from where it begins; None for all."""
    up: Sequence[str] = ()
    """Patterns: these tasks, and what they require."""
    down: Sequence[str] = ()
    """Patterns: these tasks, and what waits for them."""


WHOLE = Part()


def picture_of(roots: Sequence[Task], part: Part = WHOLE, checking: Checking | None = None) -> Picture:
    """The graph of what `roots` need, or a part of it, with statuses where there is a `checking`.

    Raises UnmatchedPattern for a pattern that means no task of the graph, CircularRequirement, and what
    `luigi.graph.discover` raises.
    """
    found = _walked(roots, part, checking)
    refuse_circles(_requires(found.values()), lambda task_id: found[task_id].task)
    starts, wanted = _wanted(found, roots, part)
    inside = {task_id: found[task_id] for task_id in wanted}
    nodes = {task_id: _node(one, inside, checking is not None) for task_id, one in inside.items()}
    requires = {
        task_id: {dep.task_id: 1 for dep in one.deps if dep.task_id in inside} for task_id, one in inside.items()
    }
    return Picture(nodes, requires, starts)


# --- walking -------------------------------------------------------------------------------------------------------


def _walked(roots: Sequence[Task], part: Part, checking: Checking | None) -> dict[str, Found]:
    """What was found, by id. Where the part begins at the roots, the walk does not go beyond it."""
    if checking is None:
        walk = discover(roots, _not_asked)
    else:
        walk = discover(roots, checking.is_complete, None, checking.look_ahead, behind=True)
    depth = None if part.up or part.down else part.depth
    return {one.task.task_id: one for one in (walk if depth is None else _down_to(depth, roots, walk))}


def _not_asked(_: Task) -> bool:
    return False


def _down_to(depth: int, roots: Sequence[Task], walk: Iterator[Found]) -> Iterator[Found]:
    """The first steps of a walk, which goes breadth first."""
    steps = dict.fromkeys((root.task_id for root in roots), 0)
    for one in walk:
        step = steps[one.task.task_id]
        if step > depth:
            return
        for dep in one.deps:
            steps.setdefault(dep.task_id, step + 1)
        yield one


def _requires(found: Collection[Found]) -> dict[str, list[str]]:
    return {one.task.task_id: [dep.task_id for dep in one.deps] for one in found}


# --- the part that is wanted ---------------------------------------------------------------------------------------


def _wanted(found: Mapping[str, Found], roots: Sequence[Task], part: Part) -> tuple[list[str], Iterable[str]]:
    """The ids where to begin to read, and all ids in the picture, in the order they were found."""
    if not (part.up or part.down):
        return list(dict.fromkeys(root.task_id for root in roots)), found
    requires = _requires(found.values())
    up = reached(_meant(part.up, found), requires, part.depth)
    down = reached(_meant(part.down, found), required_by(requires), part.depth)
    wanted = [task_id for task_id in found if task_id in up or task_id in down]
    required = {dep for task_id in wanted for dep in requires[task_id]}
    return [task_id for task_id in wanted if task_id not in required], wanted


def _meant(patterns: Sequence[str], found: Mapping[str, Found]) -> list[str]:
    from luigi.task_patterns import chosen

    return [task.task_id for task in chosen(patterns, [one.task for one in found.values()])]


# --- nodes ---------------------------------------------------------------------------------------------------------


def _node(one: Found, inside: Collection[str], is_checked: bool) -> Node:
    task, status = one.task, _status(one)
    return Node(
        task.task_id,
        task.task_family,
        task.to_str_params(only_significant=True, only_public=True),
        Counter([status] if is_checked or status == UNKNOWN else []),
        external=is_external(task),
        beyond=sum(dep.task_id not in inside for dep in one.deps),
        dynamic=is_dynamic(task),
        problem=_last_line(one.explanation),
    )


def _status(one: Found) -> str:
    if one.status == DONE:
        return COMPLETE
    if one.status == IS_UNKNOWN:
        return UNKNOWN
    if one.status == IS_DISABLED:
        return DISABLED
    return MISSING if is_external(one.task) else PENDING


def _last_line(explanation: str | None) -> str:
    """Of a traceback what was raised."""
    lines = (explanation or "").strip().splitlines()
    return lines[-1].strip() if lines else ""

"""A plan for people: what would happen to which tasks and why, as lists or as a tree, and counts by family."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from luigi.cli.complain import coloured
from luigi.cli.explaining.planned import BLOCKED, BROKEN, COMPLETE, DISABLED_HERE, MISSING, RUN, STANDINGS

if TYPE_CHECKING:
    from luigi.cli.explaining.planned import Plan, Planned

HEADINGS: Final = {
    RUN: "would run",
    BLOCKED: "blocked",
    MISSING: "external and missing",
    DISABLED_HERE: "disabled",
    BROKEN: "cannot be checked",
    COMPLETE: "complete",
}
COLOURS: Final = {RUN: "36", BLOCKED: "33", MISSING: "33", DISABLED_HERE: "33", BROKEN: "31", COMPLETE: "32"}
LISTED: Final = 50
"""Tasks listed of a standing, or lines of a tree, unless all are asked for."""

NAMED: Final = 5
"""Families that a sentence names."""

WIDEST: Final = 60
"""Characters of a task's text that the column beside it makes room for."""


def lines(plan: Plan, *, tree: bool, everything: bool) -> Iterator[str]:
    """The plan: tasks first, counts last."""
    limit = len(plan.tasks) if everything else LISTED
    yield from _limited(_tree(plan), limit) if tree else _lists(plan, limit)
    yield from _families(plan)
    yield ""
    yield _sentence(plan)
    yield from _dynamic(plan)


# --- lists ---------------------------------------------------------------------------------------------------------


def _lists(plan: Plan, limit: int) -> Iterator[str]:
    by_standing: dict[str, list[Planned]] = {}
    for planned in plan.tasks.values():
        by_standing.setdefault(planned.standing, []).append(planned)
    for standing in STANDINGS:
        tasks = by_standing.get(standing, [])
        if tasks:
            yield _shown(standing, f"{HEADINGS[standing]}:")
            yield from _rows(tasks[:limit])
            yield from _left(len(tasks) - limit)
            yield ""


def _rows(tasks: Sequence[Planned]) -> Iterator[str]:
    names = [str(planned.task) for planned in tasks]
    room = min(max(map(len, names)), WIDEST)
    for name, planned in zip(names, tasks, strict=True):
        yield f"  {name.ljust(room)}  {planned.why}".rstrip()


def _left(count: int) -> Iterator[str]:
    if count > 0:
        yield f"  … and {count} more (--all)"


# --- tree ----------------------------------------------------------------------------------------------------------


def _tree(plan: Plan) -> Iterator[str]:
    """Each task below who requires it; what has been shown with all below it is not opened again."""
    room = max(map(len, STANDINGS))
    opened: set[str] = set()
    ahead = [(0, task.task_id) for task in reversed(plan.roots)]
    while ahead:
        depth, task_id = ahead.pop()
        planned = plan.tasks[task_id]
        again = task_id in opened and planned.requires
        opened.add(task_id)
        why = "as above" if again else planned.why
        yield f"{_shown(planned.standing, planned.standing.ljust(room))}  {'  ' * depth}{planned.task}  {why}".rstrip()
        if not again:
            ahead += [(depth + 1, dep) for dep in reversed(planned.requires)]
    yield ""


def _limited(rows: Iterator[str], limit: int) -> Iterator[str]:
    for number, row in enumerate(rows):
        if number == limit:
            yield from _left(1 + sum(1 for left in rows if left))
            yield ""
            return
        yield row


# --- counts --------------------------------------------------------------------------------------------------------


def _families(plan: Plan) -> Iterator[str]:
    counts = plan.counts()
    columns = [standing for standing in STANDINGS if counts[standing]]
    rows = [["family", *columns]]
    for family, counted in plan.families().items():
        rows.append([family, *(str(counted[standing] or "") for standing in columns)])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        yield "  ".join(cells).rstrip()


def _sentence(plan: Plan) -> str:
    counts = plan.counts()
    if counts[COMPLETE] == counts.total():
        return f"nothing to do: {counts.total()} complete"
    return ", ".join(f"{counts[standing]} {HEADINGS[standing]}" for standing in STANDINGS if counts[standing])


def _dynamic(plan: Plan) -> Iterator[str]:
    """Whose requirements are not all in the plan."""
    families = {
        one.task.task_family for one in plan.tasks.values() if one.standing in (RUN, BLOCKED) and one.is_dynamic
    }
    if families:
        named = sorted(families)
        more = f" and {len(named) - NAMED} more" if named[NAMED:] else ""
        yield f"not in the plan, as it is not known before: what run() of {', '.join(named[:NAMED])}{more} yields"


def _shown(standing: str, text: str) -> str:
    return f"\x1b[{COLOURS[standing]}m{text}\x1b[0m" if coloured(sys.stdout) else text

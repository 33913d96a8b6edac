"""The plan of a run: every task it would meet, what becomes of it, and why. Nothing is run, written or declared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Final

from luigi import collector
from luigi.cli.explaining.looking import checking
from luigi.cli.explaining.missing import NOTHING, Missing, missing_of
from luigi.graph import Found, discover, is_dynamic, is_external, refuse_circles
from luigi.private_values import masked, masked_error
from luigi.redo.of_run import of_run
from luigi.redo.redo import Reason, Redo
from luigi.task_status import DISABLED, DONE, PENDING, UNKNOWN

if TYPE_CHECKING:
    from luigi.plugin_manager import PluginManager
    from luigi.redo.forcing import Forcing
    from luigi.task import Task

RUN: Final = "run"
COMPLETE: Final = "complete"
BLOCKED: Final = "blocked"
MISSING: Final = "missing"
DISABLED_HERE: Final = "disabled"
BROKEN: Final = "broken"

STANDINGS: Final = (RUN, BLOCKED, MISSING, DISABLED_HERE, BROKEN, COMPLETE)
"""What may become of a task, in the order it is told: it would run; what it needs is not to be had; it is external and
not there; its class takes it out of runs; its check or its requirements raised; there is nothing to do."""


@dataclass(slots=True)
class Planned:
    """One task of a plan."""

    task: Task
    standing: str
    why: str = ""
    """Half a sentence; empty for what is complete."""
    requires: Sequence[str] = ()
    """Ids of what it requires, as far as the walk looked: nothing of what is complete."""
    missing: Missing = NOTHING
    """Its outputs that are not there."""
    reason: Reason | None = None
    """Why it is done again, if that is so."""
    blocked_by: list[str] = field(default_factory=list)
    """Ids of those among what it requires that it cannot have."""
    cause: str = ""
    """The id of the first task, at the beginning of all that, that is missing, disabled or broken."""

    @property
    def is_dynamic(self) -> bool:
        """Whether it may require more while it runs, of which the plan has nothing."""
        return is_dynamic(self.task)


@dataclass(slots=True)
class Plan:
    """What a run would do."""

    roots: Sequence[Task]
    """What it is asked for, and what is done again besides."""
    tasks: Mapping[str, Planned]
    """Every task by its id, each behind what it requires."""

    def counts(self) -> Counter[str]:
        """Tasks by standing."""
        return Counter(planned.standing for planned in self.tasks.values())

    def families(self) -> dict[str, Counter[str]]:
        """Tasks by family and standing, the families in the order of their names."""
        counted: dict[str, Counter[str]] = {}
        for planned in self.tasks.values():
            counted.setdefault(planned.task.task_family, Counter())[planned.standing] += 1
        return dict(sorted(counted.items()))


def plan(roots: Sequence[Task], forcing: Forcing | None, plugins: PluginManager) -> Plan:
    """The plan for `roots` and all they need.

    Raises CircularRequirement, BadRequirement and BadOutput for a graph that cannot be, and what `luigi.redo.of_run`
    raises.
    """
    with collector.paused():
        redo = of_run(roots, forcing, plugins).redo
        everything = [*roots, *redo.roots]
        found = _walked(everything, redo, plugins)
        planned = {task_id: _planned(found[task_id], redo) for task_id in _in_order(found)}
        _block(planned)
    return Plan(everything, planned)


def _walked(roots: Sequence[Task], redo: Redo, plugins: PluginManager) -> dict[str, Found]:
    with checking(plugins) as checks:
        is_complete = redo.until_done(checks.is_complete, {})
        return {found.task.task_id: found for found in discover(roots, is_complete, None, checks.look_ahead)}


def _in_order(found: Mapping[str, Found]) -> Iterable[str]:
    """The ids of the tasks, each behind those of what it requires. Raises CircularRequirement."""
    requires = {task_id: [dep.task_id for dep in one.deps] for task_id, one in found.items()}
    refuse_circles(requires, lambda task_id: found[task_id].task)
    return TopologicalSorter(requires).static_order()


# --- one task ------------------------------------------------------------------------------------------------------


def _planned(found: Found, redo: Redo) -> Planned:
    task = found.task
    requires = [dep.task_id for dep in found.deps]
    if found.status == DONE:
        return Planned(task, COMPLETE)
    if found.status == UNKNOWN:
        return Planned(task, BROKEN, f"{_method(found)} raised {_raised(found)}")
    if found.status == DISABLED:
        return Planned(task, DISABLED_HERE, "its class is disabled", requires)
    assert found.status == PENDING
    missing = missing_of(task)
    if is_external(task):
        return Planned(task, MISSING, f"{missing.sentence()}, and nothing here makes it", missing=missing)
    reason = redo.reasons.get(task.task_id)
    why = missing.sentence() if reason is None else masked(task, reason.text)
    return Planned(task, RUN, why, requires, missing, reason)


def _method(found: Found) -> str:
    return "requires()" if found.broken == "deps" else "complete()"


def _raised(found: Found) -> str:
    """The error on one line, without values of private parameters."""
    text = f"{type(found.error).__name__}: {found.error}".strip(": ")
    return masked_error(found.task, found.error, " ".join(text.split()))


# --- what cannot run -----------------------------------------------------------------------------------------------


def _block(planned: Mapping[str, Planned]) -> None:
    """Find those that would run, but cannot have what they need. Each comes behind what it requires."""
    for one in planned.values():
        lacking = [dep for dep in dict.fromkeys(one.requires) if planned[dep].standing not in (RUN, COMPLETE)]
        if one.standing == RUN and lacking:
            first = planned[lacking[0]]
            one.standing, one.blocked_by = BLOCKED, lacking
            one.cause = first.cause or first.task.task_id
            one.why = f"by {planned[one.cause].task}" + (f" and {len(lacking) - 1} more" if lacking[1:] else "")

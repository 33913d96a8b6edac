"""Finds what is to be done again: walks the whole graph, behind complete tasks too, once, in linear time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from luigi.errors import KernelError
from luigi.graph import Found, discover, is_external, reached, refuse_circles, required_by
from luigi.redo.choosing import Choosing, Policy
from luigi.redo.fingerprints import Fingerprints
from luigi.redo.forcing import Forcing
from luigi.redo.policy import Noted
from luigi.redo.redo import FORCED, STALE, ByPolicy, Reason, Redo
from luigi.task_patterns import chosen
from luigi.task_status import DONE, PENDING

if TYPE_CHECKING:
    from luigi.task import Task

IsComplete = Callable[["Task"], bool]
LookAhead = Callable[[Sequence["Task"]], None]


class CannotForce(KernelError):
    """A pattern means only tasks that no run makes."""

    def __init__(self, pattern: str, task: Task) -> None:
        why = "external" if is_external(task) else "disabled"
        super().__init__(f"{pattern!r} means only tasks that no run makes, such as {task}, which is {why}")
        self.hint = "force what requires them: --force-downstream"


def find(
    roots: Iterable[Task],
    forcing: Forcing,
    choosing: Choosing | None,
    fingerprints: Fingerprints,
    is_complete: IsComplete,
    look_ahead: LookAhead | None = None,
) -> Redo:
    """What of all that `roots` need is to be done again. `choosing` is None when all have the default policy.

    Raises UnmatchedPattern and CannotForce for a pattern that means nothing that could be run, CircularRequirement, and
    what `luigi.graph.discover` and policies raise.
    """
    asked_for = list(roots)
    nodes = {found.task.task_id: found for found in discover(asked_for, is_complete, None, look_ahead, behind=True)}
    finding = _Finding(nodes, {task.task_id for task in asked_for})
    refuse_circles(finding.requires, lambda task_id: nodes[task_id].task)
    finding.force(forcing)
    if choosing is not None:
        finding.judge(choosing, fingerprints)
    finding.spread()
    return finding.redo()


class _Finding:
    """The graph, and what of it runs."""

    def __init__(self, nodes: dict[str, Found], roots: set[str]) -> None:
        self._nodes = nodes
        self._roots = roots
        self.requires = {task_id: [dep.task_id for dep in found.deps] for task_id, found in nodes.items()}
        self._required_by = required_by(self.requires)
        self._reasons: dict[str, Reason] = {}
        self._runs: dict[str, None] = {}
        self._policies: dict[str, Sequence[Policy]] = {}
        self._marks: dict[str, ByPolicy] = {}
        self._remembered: dict[str, Mapping[str, Noted]] = {}

    # --- forced ------------------------------------------------------------------------------------------------

    def force(self, forcing: Forcing) -> None:
        """Take in what the patterns mean: of each, with one walk up or down the graph."""
        for pattern in forcing.these:
            self._force("--force", pattern, self._makeable(pattern))
        for pattern in forcing.upstream:
            self._force("--force-upstream", pattern, reached(self._makeable(pattern), self.requires))
        for pattern in forcing.downstream:
            self._force("--force-downstream", pattern, reached(self._meant(pattern), self._required_by))

    def _meant(self, pattern: str) -> list[str]:
        return [task.task_id for task in chosen([pattern], [found.task for found in self._nodes.values()])]

    def _makeable(self, pattern: str) -> list[str]:
        meant = self._meant(pattern)
        makeable = [task_id for task_id in meant if self._is_made(task_id)]
        if not makeable:
            raise CannotForce(pattern, self._nodes[meant[0]].task)
        return makeable

    def _force(self, option: str, pattern: str, task_ids: Iterable[str]) -> None:
        reason = Reason(FORCED, f"{option} {pattern}", f"forced by {option} {pattern}")
        for task_id in task_ids:
            if self._is_made(task_id):
                self._reasons.setdefault(task_id, reason)

    def _is_made(self, task_id: str) -> bool:
        """Whether runs make the task at all."""
        task = self._nodes[task_id].task
        return not (is_external(task) or task.disabled)

    # --- stale -------------------------------------------------------------------------------------------------

    def judge(self, choosing: Choosing, fingerprints: Fingerprints) -> None:
        """Ask the policies of every task that is complete."""
        for task_id, found in self._nodes.items():
            policies = choosing.of(found.task) if self._is_made(task_id) else ()
            if not policies:
                continue
            self._policies[task_id] = policies
            marks = self._marks[task_id] = marks_of(found.task, policies)
            if found.status == DONE:
                remembered = self._remembered[task_id] = fingerprints.of(found.task) if marks else {}
                self._judge(found.task, policies, remembered)

    def _judge(self, task: Task, policies: Sequence[Policy], remembered: Mapping[str, Noted]) -> None:
        for policy in policies:
            why = policy.judge.stale(task, remembered.get(policy.name))
            if why is not None:
                self._reasons.setdefault(task.task_id, Reason(STALE, policy.asked_as, why))
                return

    # --- what follows ------------------------------------------------------------------------------------------

    def spread(self) -> None:
        """What runs needs its incomplete requirements to run, and makes those that follow it stale."""
        missing = [task_id for task_id in self._roots if self._nodes[task_id].status != DONE]
        ahead = [task_id for task_id in (*missing, *self._reasons) if self._can_run(task_id)]
        self._runs = dict.fromkeys(ahead)
        while ahead:
            task_id = ahead.pop()
            for other in (*self._needed(task_id), *self._followers(task_id)):
                if other not in self._runs:
                    self._runs[other] = None
                    ahead.append(other)

    def _can_run(self, task_id: str) -> bool:
        return self._nodes[task_id].status in (DONE, PENDING) and self._is_made(task_id)

    def _needed(self, task_id: str) -> Iterator[str]:
        for dep in self.requires[task_id]:
            if self._nodes[dep].status != DONE and self._can_run(dep):
                yield dep

    def _followers(self, task_id: str) -> Iterator[str]:
        for other in self._required_by[task_id]:
            if self._nodes[other].status != DONE or other in self._reasons:
                continue
            for policy in self._policies.get(other, ()):
                if policy.judge.follows:
                    made = self._nodes[task_id].task
                    self._reasons[other] = Reason(STALE, policy.asked_as, f"{made} is made anew")
                    yield other
                    break

    # --- the answer --------------------------------------------------------------------------------------------

    def redo(self) -> Redo:
        """What was found."""
        led_to = {dep for task_id in self._runs for dep in self.requires[task_id]} | self._roots
        roots = [self._nodes[task_id].task for task_id in self._reasons if task_id not in led_to]
        redo = Redo(self._reasons, roots)
        for task_id, marks in self._marks.items():
            if task_id in self._runs:
                redo.marks[task_id] = marks
            elif self._nodes[task_id].status == DONE:
                remembered = self._remembered[task_id]
                new = {name: one for name, one in marks.items() if name not in remembered}
                if new:
                    redo.adopted.append((self._nodes[task_id].task, new, remembered))
        return redo


def marks_of(task: Task, policies: Sequence[Policy]) -> ByPolicy:
    """What the policies of a task want to be remembered."""
    found = {policy.name: policy.judge.note(task) for policy in policies}
    return {name: marks for name, marks in found.items() if marks is not None}

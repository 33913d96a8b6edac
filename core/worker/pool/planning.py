"""What a pool's worker plans: of each task that nobody has planned, what it requires, for the submission that wants it.

Walks are taken in slices between the worker's rounds, in turn, so that a big graph holds up neither what runs nor a
small one. The task itself is leased meanwhile: when this worker dies, another begins anew.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from luigi.graph import is_external
from luigi.interfaces import Report
from luigi.task_status import DISABLED, DONE, FAILED, PENDING, UNKNOWN
from luigi.worker.planning.planning import SLICE_SECONDS, SLICE_TASKS
from luigi.worker.pool.on_behalf import OnBehalf
from luigi.worker.record import RunRecord, Seen
from luigi.worker.refusals import explain

if TYPE_CHECKING:
    from luigi.interfaces import Assignment
    from luigi.task import Task
    from luigi.worker.planning.planning import Hearer, Planning

MakePlanning = Callable[["Hearer", str, RunRecord], "Planning"]
"""Makes what walks and declares to a hearer, under an id, keeping a record."""

SWITCHED_OFF = "its class is disabled: nothing of it is run"


class Walk(NamedTuple):
    """A task that is being planned here, under a lease."""

    task: Task
    task_id: str
    """The id by which it is leased: of a stand-in, not the task's own."""
    token: int
    planning: Planning
    declared: OnBehalf
    record: RunRecord


class Planned(NamedTuple):
    """A task whose walk has ended."""

    task: Task
    task_id: str
    """The id by which it is leased."""
    token: int
    report: Report | None
    """What to tell the scheduler; None when the task is to be run, here and now."""


class PoolPlanning:
    """Plans for whoever wants what this worker was assigned.

    `make` makes a Planning; `declare_for` is the line's.
    """

    def __init__(self, make: MakePlanning, worker_id: str, declare_for: Callable[..., None]) -> None:
        self._make = make
        self._worker_id = worker_id
        self._declare_for = declare_for
        self._submissions: dict[str, str] = {}
        """Of what is assigned to this worker, or waits in it: who wants it. Empty for the run of a process."""
        self._walks: deque[Walk] = deque()
        self._planned: list[Planned] = []

    def note(self, assignment: Assignment) -> None:
        """What this task turns out to require is declared for the submission it is assigned for."""
        self._submissions[assignment.task_id] = assignment.submission

    def forget(self, task_id: str) -> None:
        """The task is not this worker's any more, planned or not."""
        self._submissions.pop(task_id, None)
        for walk in [one for one in self._walks if one.task_id == task_id]:
            walk.planning.close()
            self._walks.remove(walk)

    # --- tasks that nobody has planned ---------------------------------------------------------------------------

    def begin(self, task: Task, task_id: str, token: int) -> None:
        """Get ready to plan a task that was assigned by that id and token; `step` does it."""
        record = RunRecord()
        declared = self._on_behalf(task_id, record)
        planning = self._make(declared, self._worker_id, record)
        planning.begin([task])
        self._walks.append(Walk(task, task_id, token, planning, declared, record))

    @property
    def under_way(self) -> int:
        """How many tasks are being planned."""
        return len(self._walks)

    def is_planning(self, task_id: str) -> bool:
        """Whether that task is being planned."""
        return any(walk.task_id == task_id for walk in self._walks)

    @property
    def walking(self) -> bool:
        """Whether any task is being planned."""
        return bool(self._walks)

    def step(self, tasks: float = SLICE_TASKS, seconds: float = SLICE_SECONDS) -> bool:
        """Plan on, whose turn it is; False when nothing is left to plan."""
        if self._walks:
            walk = self._walks.popleft()
            try:
                ended = not walk.planning.step(tasks, seconds)
            except Exception as error:  # a graph that cannot be, or what a program's own code raises
                self._planned.append(_planned(walk, _failed(walk, explain(error))))
            else:
                if ended:
                    self._planned.append(_planned(walk, _outcome(walk)))
                else:
                    self._walks.append(walk)
        return self.walking

    def take_planned(self) -> list[Planned]:
        """Those whose walk has ended since this was asked last."""
        planned, self._planned = self._planned, []
        return planned

    def give_up(self, is_unwanted: Callable[[int], bool], why: str) -> list[str]:
        """Plan no further what somebody does not want any more, by the tokens of the assignments; the ids of it."""
        unwanted = [walk for walk in self._walks if is_unwanted(walk.token)]
        for walk in unwanted:
            walk.planning.close()
            self._walks.remove(walk)
            self._planned.append(_planned(walk, _failed(walk, why, retriable=False)))
        return [walk.task_id for walk in unwanted]

    # --- tasks that ran ------------------------------------------------------------------------------------------

    def plan(self, tasks: Iterable[Task]) -> bool:
        """Declare once more what each of `tasks` needs: some of it was there, and is gone."""
        went_well = [self._planning_of(task, RunRecord()).plan([task]) for task in tasks]
        return all(went_well)

    def plan_for(self, task: Task, wanted: Sequence[Task]) -> list[str]:
        """Declare what a running `task` turned out to want; gives the ids. Raises as `Planning.plan_for` does."""
        record = RunRecord(seen={task.task_id: Seen(task, PENDING)})
        return self._planning_of(task, record).plan_for(task, wanted)

    def declare_again(self, leaving_out: Collection[str] = ()) -> None:
        """Nothing here is this worker's own wish: who wants it is asked by the scheduler, and not forgotten with it."""

    def close(self) -> None:
        """Give up the walks that have not ended."""
        while self._walks:
            self._walks.popleft().planning.close()

    def _planning_of(self, task: Task, record: RunRecord) -> Planning:
        return self._make(self._on_behalf(task.task_id, record), self._worker_id, record)

    def _on_behalf(self, task_id: str, record: RunRecord) -> OnBehalf:
        return OnBehalf(self._declare_for, self._submissions.get(task_id, ""), record)


def _planned(walk: Walk, report: Report | None) -> Planned:
    return Planned(walk.task, walk.task_id, walk.token, report)


def _outcome(walk: Walk) -> Report | None:
    """What a walk that has ended comes to, for the task it began with."""
    task_id = walk.task.task_id
    seen = walk.record.seen[task_id]
    if seen.status == DONE:
        return Report(walk.task_id, walk.token, DONE)
    if seen.status == UNKNOWN:
        return _failed(walk, walk.declared.explanations.get(task_id) or "")
    if seen.status == DISABLED:
        return _failed(walk, SWITCHED_OFF, retriable=False)
    if walk.task_id != task_id:  # a stand-in waits for what it stands for
        return Report(walk.task_id, walk.token, PENDING, [task_id])
    if is_external(walk.task):
        return Report(task_id, walk.token, PENDING) if task_id in walk.declared.waiting else None
    missing = [dep for dep in seen.deps if walk.record.seen[dep].status != DONE]
    return Report(task_id, walk.token, PENDING, missing) if missing else None


def _failed(walk: Walk, explanation: str, *, retriable: bool = True) -> Report:
    return Report(walk.task_id, walk.token, FAILED, (), explanation, retriable)

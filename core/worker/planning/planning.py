"""The half of a worker that comes before running: walk the graph, write down what is found, declare it.

A walk may be taken in slices, each declared as soon as it is known, so that the first tasks run before the last are
found. A task may then be declared with requirements that are declared later.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from math import inf
from typing import TYPE_CHECKING, Protocol

from luigi import collector
from luigi.clock import SYSTEM, Clock
from luigi.graph import refuse_circles, refuse_ring_through
from luigi.interfaces import TaskSpec
from luigi.task import Task
from luigi.task_status import DONE, PENDING, RUNNING, UNKNOWN
from luigi.worker.checks.checking import Checking, IsComplete, crew_for
from luigi.worker.planning.findings import Findings, log_declared
from luigi.worker.planning.notes import Notes
from luigi.worker.planning.specs import Specs, spec_of
from luigi.worker.planning.walk import Walk
from luigi.worker.record import RunRecord
from luigi.worker.spent import PLANNING

if TYPE_CHECKING:
    from luigi.interfaces import Batcher
    from luigi.notifying.of_worker import WorkerNotices
    from luigi.redo.redo import Redo

__all__ = ["Planning", "spec_of"]

SLICE_TASKS = 1000
SLICE_SECONDS = 1.0


class Hearer(Protocol):
    """Who hears of tasks: the scheduler, or a line to it."""

    def declare(self, worker: str, tasks: Sequence[TaskSpec], batchers: Sequence[Batcher] = ()) -> None:
        """As `interfaces.Scheduler.declare`."""
        ...


class Planning:
    """Declares tasks for one worker, and keeps its record of them."""

    def __init__(
        self,
        scheduler: Hearer,
        worker_id: str,
        record: RunRecord,
        is_complete: IsComplete,
        *,
        task_limit: int | None,
        retry_external_tasks: bool,
        tell: Callable[..., None] | None = None,
        notices: Callable[[], WorkerNotices] | None = None,
        redo: Redo | None = None,
        clock: Clock = SYSTEM,
    ) -> None:
        self._scheduler = scheduler
        self._worker_id = worker_id
        self._record = record
        self._seen = record.seen
        self._is_complete = is_complete
        self._redo = redo
        self._limited = task_limit is not None
        self._clock = clock
        self._specs = Specs()
        self._findings = Findings(tell, notices)
        self._notes = Notes(
            record,
            self._specs,
            self._findings,
            task_limit=task_limit,
            retry_external_tasks=retry_external_tasks,
        )
        self._walks: deque[Walk] = deque()
        self._undeclared: set[str] = set()  # noted in a walk that raised before they were declared

    # --- walking -----------------------------------------------------------------------------------------------

    def plan(
        self, tasks: Iterable[Task], met: set[str] | None = None, multiprocess: bool = False, processes: int = 0
    ) -> bool:
        """Declare what `tasks` need, leaving out ids in `met`; False when some check raised.

        `multiprocess` and `processes` are as in `begin`. Beyond the task limit nothing is looked at; what was found
        before it is run all the same.

        Raises BadRequirement, BadOutput and CircularRequirement for a graph that cannot be: then nothing is declared.
        """
        walk = self._walk(tasks, met, multiprocess, processes)
        specs = self._take(walk, inf, inf)
        for suspended in self._walks:
            suspended.leave_out([spec.task_id for spec in specs])
        return walk.whole

    def begin(
        self, tasks: Iterable[Task], met: set[str] | None = None, multiprocess: bool = False, processes: int = 0
    ) -> Walk:
        """Get ready to declare slice by slice what `tasks` need, leaving out ids in `met`; `step` does it.

        With `multiprocess` tasks are checked at the same time: in `processes` processes, if that is a positive number,
        in threads otherwise. The walk given back tells what came of it so far.
        """
        walk = self._walk(tasks, met, multiprocess, processes)
        self._walks.append(walk)
        return walk

    @property
    def walking(self) -> bool:
        """Whether a walk that was begun has not ended."""
        return bool(self._walks)

    def step(self, tasks: float = SLICE_TASKS, seconds: float = SLICE_SECONDS) -> bool:
        """Walk on and declare what is found, until that is so many tasks or has taken so long; False at the end.

        Raises as `plan` does; slices before are declared then, and that walk is over.
        """
        if self._walks:
            walk = self._walks[0]
            try:
                self._take(walk, tasks, seconds)
            finally:
                if walk.ended:
                    self._walks.popleft()
        return self.walking

    def close(self) -> None:
        """Give up the walks that have not ended."""
        while self._walks:
            self._walks.popleft().end()

    def _walk(self, tasks: Iterable[Task], met: set[str] | None, multiprocess: bool, processes: int) -> Walk:
        checking = Checking(self._is_complete, crew_for(multiprocess, processes), self._record.spent)
        if self._redo is not None:
            checking.is_complete = self._redo.until_done(checking.is_complete, self._seen)
        return Walk(tasks, checking, set() if met is None else met)

    def _take(self, walk: Walk, tasks: float, seconds: float) -> list[TaskSpec]:
        """Take a slice of the walk and declare it; gives what was declared."""
        specs: list[TaskSpec] = []
        try:
            with collector.paused(), self._record.spent.on(PLANNING):
                self._fill(specs, walk, tasks, seconds)
                if walk.ended and walk.waiting:
                    refuse_circles(walk.waiting, lambda task_id: self._seen[task_id].task)
                if specs or not walk.declared:  # a worker with nothing to do makes itself known all the same
                    self._declare(specs)
                    walk.declared = True
        except BaseException:
            walk.end()
            self._undeclared.update([spec.task_id for spec in specs])
            raise
        if not walk.whole:
            self._record.scheduling_succeeded = False
        return specs

    def _fill(self, specs: list[TaskSpec], walk: Walk, tasks: float, seconds: float) -> None:
        """Fill `specs` with the next slice of the walk."""
        until = inf if seconds == inf else self._clock.monotonic() + seconds
        for found in walk.found:
            if self._limited and self._notes.is_beyond_limit(found.task):
                break
            if walk.left_out and found.task.task_id in walk.left_out:
                continue
            spec = self._notes.note(found)
            specs.append(spec)
            if spec.deps:
                walk.waiting[spec.task_id] = spec.deps
            if found.status == UNKNOWN:
                walk.whole = False
            if len(specs) >= tasks or (until != inf and self._clock.monotonic() >= until):
                return
        walk.end()

    def _declare(self, specs: Sequence[TaskSpec]) -> None:
        batchers = self._specs.new_batchers()
        if batchers:
            self._scheduler.declare(self._worker_id, specs, batchers)
        else:
            self._scheduler.declare(self._worker_id, specs)
        if self._undeclared:
            self._undeclared.difference_update([spec.task_id for spec in specs])
        log_declared(specs)

    # --- dynamic requirements ----------------------------------------------------------------------------------

    def plan_for(self, task: Task, wanted: Sequence[Task]) -> list[str]:
        """Declare what a running `task` turned out to want; gives the ids. Raises as `plan` does.

        Then a task behind `wanted` may be declared that waits for `task`, which has to fail.
        """
        task_id = task.task_id
        everything = self._findings.heard
        unmet = [one for one in wanted if everything or not self._is_on_its_way(one, task_id)]
        if unmet:
            self.plan(unmet)
        new_deps = list(dict.fromkeys([one.task_id for one in wanted]))
        refuse_ring_through(task_id, new_deps, self._waits_for, lambda one: self._seen[one].task)
        self._notes.add_deps(task_id, new_deps)
        return new_deps

    def _is_on_its_way(self, wanted: Task, by: str) -> bool:
        """Whether a task is declared and still to be run, with all behind it.

        One that `by` has waited for before, and wants again since it is still not complete, is declared anew: to the
        scheduler it may be done.
        """
        seen = self._seen.get(wanted.task_id)
        return (
            seen is not None
            and seen.status in {PENDING, RUNNING}
            and not seen.external
            and wanted.task_id not in self._undeclared
            and wanted.task_id not in self._notes.deps_of(by)
        )

    def _waits_for(self, task_id: str) -> Sequence[str]:
        seen = self._seen.get(task_id)
        return () if seen is None or seen.status == DONE else seen.deps

    # --- declaring from the record -----------------------------------------------------------------------------

    def declare_again(self, leaving_out: Collection[str] = ()) -> None:
        """Declare all that is not done once more, as it was found, to a scheduler that has forgotten this worker.

        Nothing is walked or checked. A task that runs or has failed is declared as one to be run. `leaving_out` are
        ids of tasks in the record that this worker never declared itself.
        """
        specs = [
            self._notes.again(seen)
            for task_id, seen in self._seen.items()
            if seen.status != DONE and task_id not in leaving_out and task_id not in self._undeclared
        ]
        self._scheduler.declare(self._worker_id, specs, self._specs.batchers())

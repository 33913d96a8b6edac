"""How one walk checks its tasks: together where that is cheaper, at the same time where that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from luigi.defaults import luigi_is_complete
from luigi.task import Task
from luigi.worker.checks.bulk import BulkChecks
from luigi.worker.checks.checks import Remembering
from luigi.worker.spent import CHECKS, Spent

IsComplete = Callable[[Task], bool]


class Crew(Protocol):
    """Checks tasks at the same time."""

    def ask(self, tasks: Iterable[Task]) -> None:
        """Begin to check tasks, in this order."""
        ...

    def answer(self, task: Task) -> bool | None:
        """Wait for a check begun and give what it gave, or raise what it raised. None when it was not begun."""
        ...

    def close(self) -> None:
        """Begin no further check, and wait for none."""
        ...


class Checking:
    """Checks tasks as `is_complete` does; what is known ahead to come is checked ahead."""

    is_complete: IsComplete
    """Whether a task is complete. Raises what its check raises."""
    look_ahead: Callable[[Sequence[Task]], None] | None
    """Checks these, or begins to, since `is_complete` is going to be asked about each. None where it is of no use."""

    def __init__(
        self,
        is_complete: IsComplete,
        crew: Callable[[IsComplete], Crew] | None = None,
        spent: Spent | None = None,
    ) -> None:
        """`crew` makes who checks at the same time; `spent` hears how long checks take."""
        self._ask = is_complete
        self._memory = is_complete if isinstance(is_complete, Remembering) else None
        check = is_complete if self._memory is None else self._memory.check
        # A plugin around the step is to see every check, so nothing may go past it.
        self._bulk = BulkChecks() if check is luigi_is_complete else None
        self._crew = None if crew is None else crew(check)
        self._answers: dict[str, bool] = {}
        self._spent = Spent() if spent is None else spent
        looks_ahead = self._bulk is not None or self._crew is not None
        self.is_complete = self._is_complete
        self.look_ahead = self._look_ahead if looks_ahead else None

    def _look_ahead(self, tasks: Sequence[Task]) -> None:
        memory, bulk, crew = self._memory, self._bulk, self._crew
        if memory is not None:
            tasks = [task for task in tasks if not memory.knows(task.task_id)]
        if bulk is not None:
            with self._spent.on(CHECKS):
                self._answers = bulk.ask(tasks)
        if crew is not None:
            crew.ask([task for task in tasks if task.task_id not in self._answers])

    def _is_complete(self, task: Task) -> bool:
        answer = self._answers.pop(task.task_id, None) if self._answers else None
        if answer is None:
            with self._spent.on(CHECKS):
                answer = None if self._crew is None else self._crew.answer(task)
                if answer is None:
                    return self._ask(task)
        if answer and self._memory is not None:
            self._memory.remember(task.task_id)
        return answer

    def close(self) -> None:
        """Begin no further check."""
        if self._crew is not None:
            self._crew.close()


def crew_for(multiprocess: bool, processes: int) -> Callable[[IsComplete], Crew] | None:
    """Who checks at the same time: nobody, threads, or, if their number is given, processes."""
    if not multiprocess:
        return None

    def make(check: IsComplete) -> Crew:
        # Plugins given to one run are not in other processes: what they put around checks can only be called here.
        if processes > 0 and check is luigi_is_complete:
            from luigi.worker.checks.processes import CheckProcesses

            return CheckProcesses(processes)
        from luigi.worker.checks.threads import CheckThreads

        return CheckThreads(check)

    return make

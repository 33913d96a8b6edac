"""Several tasks run as one: the task that stands for all of them is made here, and its fate is theirs."""

from __future__ import annotations

from luigi.interfaces import Assignment, Began
from luigi.task import Task
from luigi.task_register import load_task
from luigi.task_status import DONE, FAILED, PENDING
from luigi.worker.planning.specs import spec_of
from luigi.worker.record import RunRecord, Seen


class Batches:
    """The batches one worker runs, and its record of their members."""

    def __init__(self, record: RunRecord) -> None:
        self._seen = record.seen
        self._members: dict[str, list[Seen]] = {}
        """Of each batch that has not ended, by its runner's id: the members met in this run."""

    def combine(self, assignment: Assignment) -> tuple[Task, Began]:
        """The task that stands for the batch, and how the scheduler is told of it.

        Raises whatever a batch method or the task's constructor raises.
        """
        members = [self._seen[task_id] for task_id in assignment.batch if task_id in self._seen]
        runner = self._runner(assignment, members)
        task_id = runner.task_id
        if task_id not in self._seen:  # as in Luigi: nobody asked for it, so it counts among the complete ones
            self._seen[task_id] = Seen(runner, DONE, foreign=True)
        self._members[task_id] = [member for member in members if member.task.task_id != task_id]
        return runner, Began(assignment.token, spec_of(runner, PENDING, None))

    def _runner(self, assignment: Assignment, members: list[Seen]) -> Task:
        if not members:
            return load_task(assignment.module, assignment.family, assignment.params)
        family = type(members[0].task)
        return family.from_str_params(assignment.params)

    def forget(self, task_id: str) -> None:
        """The batch with this runner is not the worker's any more."""
        self._members.pop(task_id, None)

    def follow(self, task_id: str, status: str) -> None:
        """What became of a runner became of the members."""
        members = self._members.get(task_id)
        if members is None:
            return
        for member in members:
            member.status = status
            member.ran = status == DONE
            member.failures += status == FAILED
        runner = self._seen[task_id]
        runner.ran = runner.ran and runner.declared != DONE
        if status in (DONE, FAILED):
            self.forget(task_id)

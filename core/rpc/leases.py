"""What is assigned to this process's workers: the server knows no tokens, so they are given out and checked here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple

from luigi.interfaces import Assignment, TaskSpec


class Batch(NamedTuple):
    """An assigned batch."""

    batch_id: str
    """What the server calls it."""
    members: Sequence[str]


class Leases:
    """Assignments by worker, and the specs of the tasks that may be assigned: reports repeat what was declared."""

    def __init__(self) -> None:
        self.specs: dict[str, TaskSpec] = {}
        self._tokens = count(1)
        self._running: dict[str, dict[str, int]] = {}  # worker → task id → token
        self._batches: dict[int, Batch] = {}  # token → a batch that has no runner yet

    def running(self, worker: str) -> list[str]:
        """Ids of what the worker runs."""
        return list(self._running.get(worker, ()))

    def believes(self, worker: str, task_id: str, token: int) -> bool:
        """Whether the task is the worker's by that assignment."""
        return self._running.get(worker, {}).get(task_id) == token

    def assign(self, worker: str, work: Mapping[str, Any]) -> Assignment:
        """Give out a token for what the server has handed out: a task, or a batch, known by its first member's id."""
        members = work.get("batch_task_ids") or ()
        task_id = members[0] if members else work["task_id"]
        token = next(self._tokens)
        self._running.setdefault(worker, {})[task_id] = token
        if members:
            self._batches[token] = Batch(work["batch_id"], members)
        return Assignment(task_id, token, work["task_family"], work["task_module"], work["task_params"], members)

    def batch(self, worker: str, token: int) -> Batch | None:
        """The batch of that assignment; None when it has a runner, or is not the worker's."""
        batch = self._batches.get(token)
        return batch if batch is not None and self.believes(worker, batch.members[0], token) else None

    def begin(self, worker: str, token: int, spec: TaskSpec) -> None:
        """A batch has its runner."""
        batch = self._batches.pop(token)
        del self._running[worker][batch.members[0]]
        self._running[worker][spec.task_id] = token
        self.specs[spec.task_id] = spec

    def members(self, task_id: str, token: int) -> Sequence[str]:
        """The ids to report on when an assignment is over: of a batch that never had a runner, its members'."""
        batch = self._batches.get(token)
        return [task_id] if batch is None else batch.members

    def end(self, worker: str, task_id: str, token: int) -> None:
        """An assignment is over."""
        del self._running[worker][task_id]
        self._batches.pop(token, None)

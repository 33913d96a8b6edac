"""Runs that an operator wants ended: noted by whichever thread hears of it, ended by that of the rounds."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from luigi.interfaces import Outcome, Progress, WithinSubmit
from luigi.task_status import FAILED

if TYPE_CHECKING:
    from luigi.interfaces import Executor
    from luigi.worker.line import ToScheduler

logger = logging.getLogger("luigi-interface")

IN_OWN_PROCESS: Final = (
    "cannot be cancelled: it runs in the worker's own process "
    "(it could with --workers 2, or with [worker] force_multiprocessing)"
)
NOT_BY_ITS_EXECUTOR: Final = "cannot be cancelled: what runs it cannot end it"


class Unwanted(NamedTuple):
    """A run that is to be ended."""

    task_id: str
    token: int
    again: bool = False
    """Whether it was looked for, and not found, before."""


class Cancelling:
    """Ends runs of one worker."""

    def __init__(self, worker_id: str, line: ToScheduler, executor: Executor) -> None:
        self._worker_id = worker_id
        self._line = line
        self._executor = executor
        self._unwanted: deque[Unwanted] = deque()
        self._ended: set[int] = set()
        """Tokens of what was ended, and has not come out yet."""

    def note(self, task_id: str, token: int) -> None:
        """Have the run ended, or given up where it is suspended, in the next round. Any thread may call this."""
        self._unwanted.append(Unwanted(task_id, token))
        if isinstance(self._executor, WithinSubmit) and self._executor.runs(task_id):
            self._tell(task_id, token, IN_OWN_PROCESS)

    @property
    def pending(self) -> bool:
        """Whether there are runs that are to be ended."""
        return bool(self._unwanted)

    def concerns(self, token: int) -> bool:
        """Whether what is assigned by this token is not to be begun any more."""
        return any(one.token == token for one in self._unwanted)

    def end(self, running: Mapping[str, int]) -> None:
        """End what has been noted; `running` is task id → token of what the executor has.

        One that is not here may be on its way: it is looked for once more, after the next exchange.
        """
        for _ in range(len(self._unwanted)):
            unwanted = self._unwanted.popleft()
            task_id = next((one for one, token in running.items() if token == unwanted.token), None)
            if task_id is not None:
                self._end(task_id, unwanted.token)
            elif unwanted.task_id in running or self._executor.cancel(unwanted.task_id):
                continue  # another run has begun since; or it was suspended
            elif not unwanted.again:
                self._unwanted.append(unwanted._replace(again=True))

    def settled(self, outcome: Outcome) -> Outcome:
        """How a run ended: one that was ended is not to be tried again."""
        if outcome.token not in self._ended:
            return outcome
        self._ended.remove(outcome.token)
        return outcome._replace(retriable=False, cancelled=True) if outcome.status == FAILED else outcome

    def _end(self, task_id: str, token: int) -> None:
        if self._executor.cancel(task_id):
            logger.warning("%s was cancelled: it is ended", task_id)
            self._ended.add(token)
        elif not isinstance(self._executor, WithinSubmit):  # such a one has told of it, and has ended by now
            self._tell(task_id, token, NOT_BY_ITS_EXECUTOR)

    def _tell(self, task_id: str, token: int, why: str) -> None:
        logger.warning("%s %s", task_id, why)
        self._line.exchange(self._worker_id, [Progress(task_id, token, status_message=why)], 0)

"""When a task that failed is tried again, and when it has failed too often for that.

These are the rules alone: the machine moves the task.
"""

from __future__ import annotations

from luigi.interfaces import RetryPolicy
from luigi.scheduler.records import TaskRecord
from luigi.task_status import DISABLED, FAILED, PENDING


class Retry:
    """The scheduler's retry policy; a task's own goes before it, value by value. Times are in seconds."""

    def __init__(self, common: RetryPolicy, delay: float, disable_persist: float) -> None:
        self._common = common
        self._delay = delay
        self._disable_persist = disable_persist

    def count_failure(self, task: TaskRecord, now: float) -> str | None:
        """Note that a task failed at `now`; why it is to be disabled for that, or None."""
        policy = self._policy(task)
        if task.first_failure is None:
            task.first_failure = now
        window = float(policy.disable_window or 0)
        task.failures = (*[at for at in task.failures if at >= now - window], now)
        if policy.disable_hard_timeout and now >= task.first_failure + policy.disable_hard_timeout:
            return "failed too late"
        if len(task.failures) >= (policy.retry_count or 0):
            return "failed too often"
        return None

    def forget_failures(self, task: TaskRecord) -> None:
        """Let a task start with a clean slate."""
        task.failures = ()
        task.first_failure = None

    def due(self, task: TaskRecord, now: float) -> str | None:
        """The status a FAILED or DISABLED task is to have now that so much time has passed, None if it may stay."""
        waited = now - task.updated
        if task.status == FAILED and 0 <= self._delay <= waited:
            return PENDING
        disabled_here = task.status == DISABLED and task.first_failure is not None
        return FAILED if disabled_here and waited >= self._disable_persist else None

    def _policy(self, task: TaskRecord) -> RetryPolicy:
        own, common = task.policy, self._common
        return RetryPolicy(
            common.retry_count if own.retry_count is None else own.retry_count,
            common.disable_hard_timeout if own.disable_hard_timeout is None else own.disable_hard_timeout,
            common.disable_window if own.disable_window is None else own.disable_window,
        )

"""When a task that failed is tried again, and when it has failed too often for that.

These are the rules alone: the machine moves the task. Times are in seconds.
"""

from __future__ import annotations

from zlib import crc32

from luigi.interfaces import RetryPolicy
from luigi.scheduler.records import SCHEDULERS_POLICY, TaskRecord
from luigi.task_status import DONE, FAILED


class Retry:
    """The scheduler's retry policy; a task's own goes before it, value by value."""

    def __init__(self, common: RetryPolicy) -> None:
        self.common = common
        """What applies to tasks without a policy of their own."""

    def count_failure(self, task: TaskRecord, now: float) -> str | None:
        """Note that a task failed at `now`; why it is to be disabled for that, or None."""
        policy = self.policy(task)
        if task.first_failure is None:
            task.first_failure = now
        window = float(policy.disable_window or 0)
        task.failures = (*[at for at in task.failures if at >= now - window], now)
        return self.excess(task, now)

    def excess(self, task: TaskRecord, now: float) -> str | None:
        """Why the failures noted by `now` are too many, or None."""
        policy = self.policy(task)
        if task.first_failure is None:
            return None
        if policy.disable_hard_timeout and now >= task.first_failure + policy.disable_hard_timeout:
            return "failed too late"
        if len(task.failures) >= (policy.retry_count or 0):
            return "failed too often"
        return None

    def forget_failures(self, task: TaskRecord) -> None:
        """Let a task start with a clean slate."""
        task.failures = ()
        task.first_failure = None

    def enabled(self, task: TaskRecord) -> None:
        """Note that a task is not DISABLED any more. Once it is done, what went before counts no more."""
        task.failed_too_often = task.cancelled = False
        if task.status == DONE:
            self.forget_failures(task)

    def due(self, task: TaskRecord) -> float | None:
        """When a FAILED task becomes PENDING, or one that was disabled for its failures FAILED; None for never.

        One that was cancelled stays so until an operator wants it run.
        """
        if task.status == FAILED:
            delay = self._delay(task)
            return task.updated + delay if delay >= 0 else None
        if task.disabled_here and not task.cancelled:
            return task.updated + float(self.policy(task).disable_persist or 0)
        return None

    def policy(self, task: TaskRecord) -> RetryPolicy:
        """What applies to one task."""
        if task.policy is SCHEDULERS_POLICY:
            return self.common
        own = {name: value for name, value in task.policy._asdict().items() if value is not None}
        return self.common._replace(**own)

    def _delay(self, task: TaskRecord) -> float:
        """From the last failure to the next try: longer with every failure that is still counted."""
        policy = self.policy(task)
        delay = float(policy.retry_delay or 0)
        if delay <= 0:
            return delay
        further = max(0, len(task.failures) - 1)
        longest = max(delay, float("inf") if policy.backoff_cap is None else policy.backoff_cap)
        factor = max(1.0, policy.backoff_factor or 1.0)
        return min(delay * _power(factor, further), longest) * (1 + (policy.backoff_jitter or 0) * _chance(task))


def _power(factor: float, times: int) -> float:
    try:
        return factor**times
    except OverflowError:
        return float("inf")


def _chance(task: TaskRecord) -> float:
    """From 0 to 1, as if by chance, yet the same when the events are replayed."""
    return crc32(f"{task.task_id} {task.updated}".encode()) / 0xFFFFFFFF

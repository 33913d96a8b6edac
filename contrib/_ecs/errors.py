"""What can go wrong with tasks of ECS, beside what Amazon itself answers: those are botocore's errors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from luigi.contrib.remote_job import JobFailed
from luigi.errors import KernelError


class EcsTaskFailed(JobFailed):
    """A task of ECS failed."""


class NotPlaced(KernelError):
    """ECS found no place for a task."""

    def __init__(self, failures: Sequence[dict[str, Any]]) -> None:
        reasons = [f"{one.get('arn', 'a task')}: {one.get('reason')}" for one in failures]
        detail = [one["detail"] for one in failures if one.get("detail")]
        super().__init__(f"ECS starts no task: {'; '.join([*reasons, *detail]) or 'it gives no reason'}")
        self.hint = "see what the cluster has to offer, and which launchType run_task_kwargs asks for"


class NoDefinition(KernelError, ValueError):
    """The task says of two definitions which to run, or of none."""

    def __init__(self, family: str) -> None:
        super().__init__(f"{family}: either task_def or task_def_arn must be given, and not both")
        self.hint = "task_def is a definition to register, task_def_arn one that is registered"

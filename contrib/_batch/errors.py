"""What can go wrong with jobs of AWS Batch, beside what Amazon itself answers: those are botocore's errors."""

from __future__ import annotations

from luigi.contrib.remote_job import JobFailed
from luigi.errors import KernelError


class BatchJobException(JobFailed):
    """A job of AWS Batch failed."""


class NoQueue(KernelError):
    """There is no queue that takes jobs."""

    def __init__(self) -> None:
        super().__init__(
            "there is no job queue with state=ENABLED and status=VALID in this region",
            hint="make one, enable it, or name it: job_queue",
        )

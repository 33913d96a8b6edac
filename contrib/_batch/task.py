"""BatchTask: a task that runs a job of AWS Batch."""

from __future__ import annotations

from collections.abc import Mapping

import luigi
from luigi.contrib import remote_job
from luigi.contrib._batch.client import POLL_TIME, BatchClient
from luigi.contrib._batch.job import BatchJob


class BatchTask(luigi.Task):
    """Runs a job, and fails with the last lines of its log when the job does. A task that is ended ends its job."""

    job_definition: str = luigi.Parameter(description="the definition: its name, name:revision, or ARN")
    job_name: str | None = luigi.OptionalParameter(default=None, description="what Batch calls it; else by chance")
    job_queue: str | None = luigi.OptionalParameter(
        default=None, description="where it waits; else the first queue that takes jobs"
    )
    poll_time: int = luigi.IntParameter(default=POLL_TIME, description="seconds between two looks at it")

    @property
    def parameters(self) -> Mapping[str, str]:
        """What is put in place of `Ref::name` in the definition."""
        return {}

    def run(self) -> None:
        """Run the job. Raises BatchJobException when it fails, and botocore's errors."""
        batch = BatchClient(self.poll_time)
        job = BatchJob(lambda: batch.submit_job(self.job_definition, self.parameters, self.job_name, self.job_queue))
        remote_job.run(job, self, self.poll_time)

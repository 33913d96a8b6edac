"""One job of AWS Batch: how it is submitted, looked at and ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final

from luigi.contrib._aws import console
from luigi.contrib._aws.clients import HASTY, client
from luigi.contrib._aws.logs import last_words
from luigi.contrib._aws.troubles import NotKnown, may_be_away
from luigi.contrib._batch.errors import BatchJobException
from luigi.contrib.remote_job import JobState, RemoteJob

LOG_GROUP: Final = "/aws/batch/job"
"""Where jobs print to unless their definition says another place."""
ENDED: Final = frozenset({"SUCCEEDED", "FAILED"})


class BatchJob(RemoteJob):
    """A job, which `submit` submits; what is there already can be looked at without it."""

    kind: ClassVar[str] = "AWS Batch job"
    passing = (*RemoteJob.passing, NotKnown)

    def __init__(self, submit: Callable[[], str] | None = None) -> None:
        self._submit = submit
        self._seen: Mapping[str, Any] = {}

    def submit(self) -> str:
        """Its id."""
        assert self._submit is not None
        return self._submit()

    def look(self, job_id: str) -> JobState:
        """How it is now."""
        self._seen = job = described(job_id)
        status = job["status"]
        return JobState(
            status,
            ended=status in ENDED,
            succeeded=status == "SUCCEEDED",
            tracking_url=console.batch_job(job.get("jobArn", ""), job_id),
            message=_reason(job),
        )

    def cancel(self, job_id: str) -> None:
        """End it, in the queue or in its container."""
        client("batch", HASTY).terminate_job(jobId=job_id, reason="its luigi task was ended")

    def last_output(self, job_id: str) -> str:
        """What its last attempt printed last, if CloudWatch has it; by what was seen of it last."""
        stream = _last_container(self._seen).get("logStreamName")
        return last_words(_log_group(self._seen), stream) if stream else ""

    def failure(self, job_id: str, state: JobState) -> BatchJobException:
        """With the reason that Batch gives, and the last lines of its log."""
        output = self.last_output(job_id)
        return BatchJobException(self.called(job_id), state.status, message=state.message, output=output)


def described(job_id: str) -> dict[str, Any]:
    """All that Batch says of a job. Raises NotKnown, ServiceAway, and botocore's errors."""
    with may_be_away():
        jobs: list[dict[str, Any]] = client("batch").describe_jobs(jobs=[job_id])["jobs"]
    if not jobs:
        raise NotKnown(f"the job {job_id} of AWS Batch")
    return jobs[0]


def _reason(job: Mapping[str, Any]) -> str:
    container = _last_container(job)
    code = container.get("exitCode")
    said = [job.get("statusReason"), container.get("reason"), None if code is None else f"exit code {code}"]
    return ", ".join(part for part in said if part)


def _last_container(job: Mapping[str, Any]) -> Mapping[str, Any]:
    """The container of the last attempt; while there is none that has ended, the one that runs."""
    attempts = job.get("attempts") or [job]
    container: Mapping[str, Any] = attempts[-1].get("container", {})
    return container


def _log_group(job: Mapping[str, Any]) -> str:
    options = job.get("container", {}).get("logConfiguration", {}).get("options", {})
    return str(options.get("awslogs-group", LOG_GROUP))

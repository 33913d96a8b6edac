"""BatchClient: what AWS Batch is asked, by Luigi's names."""

from __future__ import annotations

import json
import secrets
import string
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from luigi.clock import SYSTEM
from luigi.contrib._aws.clients import ONCE, client
from luigi.contrib._aws.logs import LINES, last_lines
from luigi.contrib._aws.troubles import until_taken
from luigi.contrib._batch.errors import NoQueue
from luigi.contrib._batch.job import LOG_GROUP, BatchJob, described

POLL_TIME: Final = 10
"""Seconds between two looks at a job."""


class BatchClient:
    """AWS Batch, in the account and region of Amazon's own configuration. Methods raise botocore's errors."""

    def __init__(self, poll_time: int = POLL_TIME) -> None:
        self.poll_time = poll_time

    def get_active_queue(self) -> str:
        """The first queue that takes jobs. Raises NoQueue."""
        for page in client("batch").get_paginator("describe_job_queues").paginate():
            for queue in page["jobQueues"]:
                if queue["state"] == "ENABLED" and queue["status"] == "VALID":
                    return str(queue["jobQueueName"])
        raise NoQueue

    def get_job_id_from_name(self, job_name: str) -> str | None:
        """The newest job of that name in the first queue that takes jobs, whatever state it is in; None without one."""
        chosen = {"jobQueue": self.get_active_queue(), "filters": [{"name": "JOB_NAME", "values": [job_name]}]}
        pages = client("batch").get_paginator("list_jobs").paginate(**chosen)
        found = [job for page in pages for job in page["jobSummaryList"] if job["jobName"] == job_name]
        return max(found, key=lambda job: int(job.get("createdAt", 0)))["jobId"] if found else None

    def get_job_status(self, job_id: str) -> str:
        """The word that Batch has for its state, such as RUNNING. Raises NotKnown."""
        return str(described(job_id)["status"])

    def get_logs(self, log_stream_name: str, get_last: int = LINES) -> str:
        """The last lines of a stream that a job prints to."""
        return last_lines(LOG_GROUP, log_stream_name, get_last)

    def submit_job(
        self,
        job_definition: str,
        parameters: Mapping[str, str] | None,
        job_name: str | None = None,
        queue: str | None = None,
    ) -> str:
        """Submit a job and give its id; to the first queue that takes jobs, and by a name of chance, unless said.

        It is submitted once: a submission whose answer was lost is an error, since the job may be there.
        """
        wanted = {
            "jobName": job_name or f"batch-job-{_chance()}",
            "jobQueue": queue or self.get_active_queue(),
            "jobDefinition": job_definition,
            "parameters": dict(parameters or {}),
        }
        return str(until_taken(lambda: client("batch", ONCE).submit_job(**wanted))["jobId"])

    def wait_on_job(self, job_id: str) -> bool:
        """Return True when the job has succeeded. Raises BatchJobException when it failed, and NotKnown."""
        job = BatchJob()
        while not (state := job.look(job_id)).ended:
            SYSTEM.sleep(self.poll_time)
        if not state.succeeded:
            raise job.failure(job_id, state)
        return True

    def register_job_definition(self, json_fpath: str) -> dict[str, Any]:
        """Register the definition that is in a JSON file, by the names of Amazon's RegisterJobDefinition."""
        definition = json.loads(Path(json_fpath).read_text(encoding="utf-8"))
        answer: dict[str, Any] = client("batch").register_job_definition(**definition)
        return answer


def _chance() -> str:
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(8))

"""A query by the bulk interface: a job with one batch."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import ClassVar

from luigi.contrib._salesforce.api import SalesforceAPI
from luigi.contrib._salesforce.bulk import ENDED
from luigi.contrib._salesforce.errors import SalesforceError
from luigi.contrib._web.service import ServiceAway
from luigi.contrib.remote_job import JobState, RemoteJob, ending

logger = logging.getLogger("luigi-interface")


class BulkQuery(RemoteJob):
    """Its id is that of the job, and `batch_id` is known once it was submitted."""

    kind: ClassVar[str] = "Salesforce bulk query"

    def __init__(self, api: SalesforceAPI, obj: str, soql: str, content_type: str) -> None:
        self._api = api
        self._object = obj
        self._soql = soql
        self._content_type = content_type
        self.batch_id = ""

    def submit(self) -> str:
        """The id of the job."""
        job_id = self._api.create_operation_job("query", self._object, content_type=self._content_type)
        with ending(lambda: self.cancel(job_id)):
            self.batch_id = self._api.create_batch(job_id, self._soql, self._content_type)
        return job_id

    def look(self, job_id: str) -> JobState:
        """How the batch is now."""
        status = self._api._batch_status(job_id, self.batch_id)
        done = f"{status['num_processed']} records" if status["num_processed"] else ""
        return JobState(
            status["state"],
            ended=status["state"] in ENDED,
            succeeded=status["state"] == "Completed",
            message=status["state_message"] or done,
        )

    def fetch(self, job_id: str, folder: Path) -> dict[str, Path]:
        """Fetch what it has found; gives the file in `folder` of each result, by its id."""
        parts: dict[str, Path] = {}
        for result_id in self._api.get_batch_result_ids(job_id, self.batch_id):
            logger.info("Downloading batch result %s for batch: %s and job: %s", result_id, self.batch_id, job_id)
            parts[result_id] = folder / str(len(parts))
            with parts[result_id].open("w+b") as file:
                self._api._fetch_batch_result(job_id, self.batch_id, result_id, file)
        return parts

    def failure(self, job_id: str, state: JobState) -> Exception:
        """With what Salesforce says of the batch. The job is closed."""
        self.close(job_id)
        return super().failure(job_id, state)

    def close(self, job_id: str) -> None:
        """Say that the job is done. What was to be had of it is had, so nothing fails by that."""
        try:
            self._api.close_job(job_id)
        except (SalesforceError, ServiceAway) as error:
            logger.warning("the job %s of Salesforce stays open: %s", job_id, error)

    def cancel(self, job_id: str) -> None:
        """Abort the job."""
        self._api._in_haste().abort_job(job_id)

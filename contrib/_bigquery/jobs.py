"""Jobs of BigQuery: queries, loads, extracts and copies."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from luigi.contrib._bigquery.errors import BigQueryExecutionError
from luigi.contrib._bigquery.tables import name
from luigi.contrib._cloud.errors import FileNotFoundException
from luigi.contrib._google.connection import Connection
from luigi.contrib._google.errors import NotUnderstood
from luigi.contrib._google.sending import send
from luigi.contrib._jobs.remote import JobState, RemoteJob
from luigi.target import FileAlreadyExists

CONSOLE: Final = "https://console.cloud.google.com/bigquery"


class BigQueryJob(RemoteJob):
    """A job of one project, named before it is sent: the service runs it once, however often it has to be sent."""

    kind = "BigQuery job"

    def __init__(self, connection: Connection, project_id: str, body: Mapping[str, Any], location: str | None) -> None:
        self._connection = connection
        self._body = body
        named = {"projectId": project_id, "jobId": f"luigi-{uuid.uuid4().hex}", **(body.get("jobReference") or {})}
        self._reference = {part: name(text) for part, text in named.items()}
        if location is not None:
            self._reference.setdefault("location", location)
        self._last: Mapping[str, Any] = {}

    def submit(self) -> str:
        """Send it. Raises BigQueryExecutionError for one that the service does not understand."""
        job_id = self._reference["jobId"]
        try:
            send(self._insert, lambda: self.cancel(job_id))
        except NotUnderstood as error:
            raise BigQueryExecutionError(job_id, error.why) from error
        return job_id

    def _insert(self) -> None:
        body = {**self._body, "jobReference": self._reference}
        request = self._jobs.insert(projectId=self._reference["projectId"], body=body)
        try:
            answer = self._connection.ask(self._called, request)
        except FileAlreadyExists:  # the answer to an earlier attempt was lost
            return
        self._reference.update(answer.get("jobReference", {}))

    def look(self, job_id: str) -> JobState:
        """How it is now."""
        self._last = self._connection.ask(self._called, self._jobs.get(**self._where))
        status = self._last["status"]
        failed = "errorResult" in status
        return JobState(
            "FAILED" if failed else status["state"],
            ended=status["state"] == "DONE",
            succeeded=not failed,
            percentage=done_of(self._last.get("statistics", {})),
            tracking_url=self._tracking_url,
        )

    def cancel(self, job_id: str) -> None:
        """End it; one that never arrived needs no end."""
        try:
            self._connection.ask_once(self._called, self._jobs.cancel(**self._where))
        except FileNotFoundException:
            return

    def failure(self, job_id: str, state: JobState) -> Exception:
        """What the service says of it."""
        status = self._last["status"]
        return BigQueryExecutionError(job_id, status["errorResult"], status.get("errors", ()))

    @property
    def _jobs(self) -> Any:
        return self._connection.service.jobs()

    @property
    def _called(self) -> str:
        return self.called(self._reference["jobId"])

    @property
    def _where(self) -> dict[str, str]:
        return {part: self._reference[part] for part in ("projectId", "jobId", "location") if part in self._reference}

    @property
    def _tracking_url(self) -> str:
        place = self._where
        job = ":".join(["bq", place.get("location", "US"), place["jobId"]])
        return f"{CONSOLE}?project={quote(place['projectId'])}&j={quote(job)}&page=queryresults"


def done_of(statistics: Mapping[str, Any]) -> float | None:
    """How much is done, 0 to 100: a load and an extract say it, a query says what parts it has."""
    if "completionRatio" in statistics:
        return 100.0 * float(statistics["completionRatio"])
    timeline = statistics.get("query", {}).get("timeline") or [{}]
    done, pending = (int(timeline[-1].get(units, 0)) for units in ("completedUnits", "pendingUnits"))
    return 100.0 * done / (done + pending) if done + pending else None

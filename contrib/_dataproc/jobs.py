"""Jobs of a Dataproc cluster."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from typing import Any, Final

from luigi.contrib._cloud.errors import FileNotFoundException
from luigi.contrib._dataproc.client import CLIENT
from luigi.contrib._dataproc.place import Place
from luigi.contrib._google.errors import NotUnderstood
from luigi.contrib._google.sending import send
from luigi.contrib._jobs.remote import JobState, RemoteJob
from luigi.contrib.gcs import GCSClient
from luigi.target import FileAlreadyExists, FileSystemException

logger = logging.getLogger("luigi-interface")

ENDED: Final = frozenset({"DONE", "ERROR", "CANCELLED"})
SHOWN: Final = 8192
"""Bytes of a job's output for an error."""


class DataprocJob(RemoteJob):
    """A job, named before it is sent: the service runs it once, however often it has to be sent."""

    kind = "Dataproc job"

    def __init__(self, place: Place, body: Mapping[str, Any]) -> None:
        self._place = place
        named = body["job"].get("reference", {})
        self._id = named.get("jobId") or f"luigi-{uuid.uuid4().hex}"
        reference = {"projectId": place.project, **named, "jobId": self._id}
        job = {**body["job"], "reference": reference}
        self._body = {"requestId": uuid.uuid4().hex, **body, "job": job}
        self._last: Mapping[str, Any] = {}
        self._is_sent = False

    def submit(self) -> str:
        """Send it, unless it is sent already."""
        if not self._is_sent:
            send(self._send, lambda: self.cancel(self._id))
        return self._id

    def _send(self) -> None:
        request = self._jobs.submit(**self._place.where, body=self._body)
        try:
            self._last = CLIENT.ask(f"{self.called(self._id)} on the cluster {self._place.cluster}", request)
        except FileAlreadyExists:  # the answer to an earlier attempt was lost
            self._last = self._body["job"]
        self._is_sent = True

    @property
    def answer(self) -> Mapping[str, Any]:
        """What the service last said of it."""
        return self._last

    def look(self, job_id: str) -> JobState:
        """How it is now."""
        self._last = CLIENT.ask(self.called(job_id), self._jobs.get(**self._place.where, jobId=job_id))
        status = self._last["status"]
        parts = [float(one.get("progress", 0)) for one in self._last.get("yarnApplications", ())]
        return JobState(
            status["state"],
            ended=status["state"] in ENDED,
            succeeded=status["state"] == "DONE",
            percentage=100.0 * sum(parts) / len(parts) if parts else None,
            tracking_url=self._place.url("jobs", job_id),
            message=status.get("details", ""),
        )

    def cancel(self, job_id: str) -> None:
        """End it; one that has ended, or never arrived, needs no end."""
        request = self._jobs.cancel(**self._place.where, jobId=job_id, body={})
        try:
            CLIENT.ask_once(self.called(job_id), request)
        except (FileNotFoundException, NotUnderstood):
            return

    def last_output(self, job_id: str) -> str:
        """The end of what its driver printed, which Dataproc keeps in Google Cloud Storage."""
        place = self._last.get("driverOutputResourceUri")
        if not place:
            return ""
        try:
            return _end_of(place)
        except FileSystemException as error:
            logger.warning("what %s printed cannot be read: %s", self.called(job_id), error)
            return ""

    @property
    def _jobs(self) -> Any:
        return CLIENT.regions.jobs()


def _end_of(place: str) -> str:
    """The last of the numbered files whose names begin so."""
    client = GCSClient()
    parts = sorted(client.list_wildcard(f"{place}.*"))
    if not parts:
        return ""
    with client.download(parts[-1]) as file:
        return file.read()[-SHOWN:].decode("utf-8", "replace")

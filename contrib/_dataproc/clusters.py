"""Clusters of Dataproc: how one is made, and removed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, Final

from luigi.contrib._cloud.errors import FileNotFoundException
from luigi.contrib._dataproc.client import CLIENT
from luigi.contrib._dataproc.place import Place
from luigi.contrib._jobs.remote import JobFailed, JobState, RemoteJob
from luigi.target import FileAlreadyExists

USABLE: Final = frozenset({"RUNNING", "UPDATING"})
ON_ITS_WAY: Final = frozenset({"UNKNOWN", "CREATING", "STARTING", "REPAIRING"})


def state_of(place: Place) -> tuple[str, str]:
    """The state of a cluster, and what the service says of it beyond that; two empty texts where there is none."""
    try:
        found = CLIENT.ask(_called(place), CLIENT.regions.clusters().get(**place.where, clusterName=place.cluster))
    except FileNotFoundException:
        return "", ""
    status = found["status"]
    return status["state"], status.get("detail", "")


class Creation(RemoteJob):
    """A cluster comes to be. One that somebody else is making is waited for."""

    kind = "Dataproc cluster"

    def __init__(self, place: Place, body: Mapping[str, Any]) -> None:
        self._place = place
        self._body = body
        self._is_ours = False

    def submit(self) -> str:
        """Have it made."""
        place = self._place
        request = CLIENT.regions.clusters().create(**place.where, requestId=uuid.uuid4().hex, body=self._body)
        try:
            CLIENT.ask(_called(place), request)
            self._is_ours = True
        except FileAlreadyExists:
            self._is_ours = False
        return place.cluster

    def look(self, job_id: str) -> JobState:
        """How it is now."""
        state, detail = state_of(self._place)
        usable = state in USABLE
        return JobState(
            state or "gone",
            ended=usable or state not in ON_ITS_WAY,
            succeeded=usable,
            tracking_url=self._place.url("clusters", job_id),
            message=detail,
        )

    def cancel(self, job_id: str) -> None:
        """Remove it, as nobody has it in use yet; not one that somebody else made."""
        if self._is_ours:
            request = CLIENT.regions.clusters().delete(**self._place.where, clusterName=job_id)
            CLIENT.ask_once(_called(self._place), request)

    def failure(self, job_id: str, state: JobState) -> Exception:
        """What the service says of it."""
        hint = "a cluster that is not running is in the way of another: remove it by DeleteDataprocClusterTask"
        return JobFailed(self.called(job_id), state.status, message=state.message, hint=hint)


class Removal(RemoteJob):
    """A cluster is removed. One that is not there is removed already."""

    kind = "removal of the Dataproc cluster"

    def __init__(self, place: Place) -> None:
        self._place = place
        self._operation = ""

    def submit(self) -> str:
        """Have it removed."""
        place = self._place
        request = CLIENT.regions.clusters().delete(**place.where, clusterName=place.cluster, requestId=uuid.uuid4().hex)
        try:
            self._operation = CLIENT.ask(_called(place), request)["name"]
        except FileNotFoundException:
            self._operation = ""
        return place.cluster

    def look(self, job_id: str) -> JobState:
        """How far that is: what the service does is an operation, which ends with an error or without."""
        if not self._operation:
            return JobState("DONE", ended=True, succeeded=True)
        found = CLIENT.ask(self.called(job_id), CLIENT.regions.operations().get(name=self._operation))
        error, ended = found.get("error"), bool(found.get("done"))
        status = "ERROR" if error else "DONE" if ended else "RUNNING"
        return JobState(status, ended=ended, succeeded=not error, message=(error or {}).get("message", ""))

    def cancel(self, job_id: str) -> None:
        """Nothing: a cluster that is half removed is of no use to anybody, and goes on to be removed."""


def _called(place: Place) -> str:
    return f"cluster {place.cluster} of {place.project} in {place.region}"

"""One job of OpenPAI: how it is submitted, looked at and stopped."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from luigi.contrib._pai.description import PaiJob
from luigi.contrib._pai.errors import NotKnown, PaiError
from luigi.contrib._pai.rest import PaiRest
from luigi.contrib.remote_job import JobState, RemoteJob

logger = logging.getLogger("luigi-interface")

SUCCEEDED: Final = "SUCCEEDED"
ENDED: Final = frozenset({SUCCEEDED, "FAILED", "STOPPED"})


class TrainingJob(RemoteJob):
    """A job, which OpenPAI knows by the name that it is given."""

    kind: ClassVar[str] = "OpenPAI job"
    passing = (*RemoteJob.passing, NotKnown)

    def __init__(self, rest: PaiRest, job: PaiJob) -> None:
        self._rest = rest
        self._job = job
        self._seen: Mapping[str, Any] = {}

    def submit(self) -> str:
        """Its name. One that is there already, and has not ended, is followed: a worker before us has submitted it."""
        name = self._job.jobName
        if not self._rest.submit(self._job):
            state = self.look(name)
            if state.ended:
                raise _taken(name, state)
            logger.info("OpenPAI has job %s already, in state %s: it is followed", name, state.status)
        return name

    def look(self, job_id: str) -> JobState:
        """How it is now."""
        found = self._rest.job(job_id)
        if found is None:
            raise NotKnown(job_id)
        said: Mapping[str, Any] = found["jobStatus"]
        self._seen = said
        return JobState(
            said["state"],
            ended=said["state"] in ENDED,
            succeeded=said["state"] == SUCCEEDED,
            percentage=_percentage(said.get("appProgress")),
            tracking_url=said.get("appTrackingUrl") or "",
            message=_exit(said),
        )

    def cancel(self, job_id: str) -> None:
        """Stop it."""
        self._rest.stop(job_id)

    def last_output(self, job_id: str) -> str:
        """What OpenPAI keeps of its end; by what was seen of it last."""
        return str(self._seen.get("appExitDiagnostics") or "")


def _taken(name: str, state: JobState) -> PaiError:
    hint = "names are used once: give the task another, such as one with the date in it"
    return PaiError(f"submitting job {name}", 409, "", f"there is one of that name, which is {state.status}", hint)


def _percentage(progress: Any) -> float | None:
    """OpenPAI gives a part of one, as a number or as text, or nothing."""
    return None if progress in (None, "") else 100.0 * float(progress)


def _exit(said: Mapping[str, Any]) -> str:
    code = said.get("appExitCode")
    parts = ["" if code is None else f"exit code {code}", said.get("appExitType") or ""]
    return ", ".join(part for part in parts if part) if said["state"] in ENDED else ""

"""A job that runs elsewhere: what a new system has to say of it, and how it is followed to its end."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from luigi.clock import SYSTEM, Clock
from luigi.contrib._jobs.ending import ending, undisturbed
from luigi.errors import KernelError
from luigi.running_now import running_now

if TYPE_CHECKING:
    from luigi.task import Task

logger = logging.getLogger("luigi-interface")

PATIENCE: Final = 300.0
"""Seconds for which a system may be away before a job of its is given up."""


class JobState(NamedTuple):
    """What a system says of a job."""

    status: str
    """In the system's own word: RUNNING, qw, Succeeded."""
    ended: bool = False
    succeeded: bool = False
    percentage: float | None = None
    """How much is done, 0 to 100; None where the system does not say."""
    tracking_url: str = ""
    """Where a person can follow it."""
    message: str = ""
    """What the system says of it beyond its status."""


class JobFailed(KernelError):
    """A job ended otherwise than it should."""

    def __init__(self, what: str, status: str, *, message: str = "", output: str = "", hint: str = "") -> None:
        parts = [f"{what} ended as {status}" + (f": {message}" if message else "")]
        if output.strip():
            parts.append(f"the last that it printed:\n{output.rstrip()}")
        super().__init__("\n".join(parts), hint=hint)
        self.status = status
        self.output = output


class RemoteJob(ABC):
    """One job of one system. Subclasses say how it is submitted, looked at and ended; `run` does the rest.

    class Batch(RemoteJob):
        kind = "AWS Batch job"

        def submit(self):
            return client.submit_job(…)["jobId"]

        def look(self, job_id):
            found = client.describe_jobs(jobs=[job_id])["jobs"][0]
            return JobState(found["status"], ended=…, succeeded=…)

        def cancel(self, job_id):
            client.terminate_job(jobId=job_id, reason="the task was ended")

        def last_output(self, job_id):
            return "\\n".join(logs.get(job_id))
    """

    kind: ClassVar[str]
    """What a person calls it, for logs and errors: "Slurm job"."""
    passing: ClassVar[tuple[type[Exception], ...]] = (ConnectionError, TimeoutError)
    """What `look` raises while the system is away: it is asked again, for PATIENCE seconds."""

    @abstractmethod
    def submit(self) -> str:
        """Hand the job over; gives the id that the system knows it by. Raises what says why it was refused.

        A task that is ended meanwhile waits for this to end, so what takes long, such as an upload, goes before it.
        """

    @abstractmethod
    def look(self, job_id: str) -> JobState:
        """How it is now."""

    @abstractmethod
    def cancel(self, job_id: str) -> None:
        """End it, within three seconds; one that has ended already is no error."""

    def last_output(self, job_id: str) -> str:
        """The end of what it printed, for the error when it failed; empty where the system has none."""
        return ""

    def failure(self, job_id: str, state: JobState) -> Exception:
        """What is raised when it failed: JobFailed, or what Luigi raises for this system."""
        return JobFailed(self.called(job_id), state.status, message=state.message, output=self.last_output(job_id))

    def called(self, job_id: str) -> str:
        """Kind and id, for logs and errors."""
        return f"{self.kind} {job_id}"


def run(job: RemoteJob, task: Task | None, interval: float, clock: Clock = SYSTEM) -> str:
    """Submit `job`, follow it for `task` to its end, and give its id; looks every `interval` seconds.

    Where it can be followed, how far it is and what state it is in are reported as the task's own while it runs. When
    the task is given up (a time-out, a cancel, Ctrl-C, an error here), so is the job. `task` is by default the one that
    runs here; where none does, the log alone tells. Raises `job.failure`.
    """
    task = task or _running_here()
    submitted: list[str] = []
    with ending(lambda: _cancel(job, submitted)):
        with undisturbed():
            job_id = job.submit()
            submitted.append(job_id)
        logger.info("%s is submitted for %s", job.called(job_id), task or "a program")
        state = _Follower(job, job_id, task, interval, clock).to_the_end()
    if not state.succeeded:
        raise job.failure(job_id, state)
    return job_id


def _running_here() -> Task | None:
    running = running_now.get()
    return None if running is None else running[0]


def _cancel(job: RemoteJob, submitted: Sequence[str]) -> None:
    for job_id in submitted:  # none, when it was refused
        logger.warning("%s is cancelled: its task is given up", job.called(job_id))
        job.cancel(job_id)


class _Follower:
    """Looks at a job now and then, and passes on what is new."""

    def __init__(self, job: RemoteJob, job_id: str, task: Task | None, interval: float, clock: Clock) -> None:
        self._job = job
        self._job_id = job_id
        self._task = task
        self._interval = interval
        self._clock = clock
        self._told = JobState("")

    def to_the_end(self) -> JobState:
        while not (state := self._look()).ended:
            self._tell(state)
            self._clock.sleep(self._interval)
        self._tell(state)
        return state

    def _look(self) -> JobState:
        until = self._clock.monotonic() + PATIENCE
        while True:
            try:
                return self._job.look(self._job_id)
            except self._job.passing as error:
                if self._clock.monotonic() >= until:
                    raise
                logger.warning("%s cannot be looked at, and will be again: %s", self._job.called(self._job_id), error)
                self._clock.sleep(self._interval)

    def _tell(self, state: JobState) -> None:
        told, self._told = self._told, state
        said = f"{self._job.called(self._job_id)}: {state.status}" + (f" ({state.message})" if state.message else "")
        is_new = (state.status, state.message) != (told.status, told.message)
        if is_new:
            logger.info("%s", said)
        if self._task is None:
            return
        if state.tracking_url and state.tracking_url != told.tracking_url:
            self._task.set_tracking_url(state.tracking_url)
        if state.percentage is not None and state.percentage != told.percentage:
            self._task.set_progress_percentage(state.percentage)
        if is_new:
            self._task.set_status_message(said)

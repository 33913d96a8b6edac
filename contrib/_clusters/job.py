"""A task's `work()` as a job of a cluster: submitted, followed and ended by the cluster's own programs."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Final

from luigi.contrib._clusters.errors import ClusterAway, JobRefused
from luigi.contrib._clusters.folder import JobFolder
from luigi.contrib._jobs import program
from luigi.contrib.remote_job import JobState, RemoteJob

if TYPE_CHECKING:
    from luigi.contrib._clusters.task import ClusterTask


ANSWERS: Final = 30.0
"""Seconds in which a cluster says what it knows."""
TAKES: Final = 120.0
"""Seconds in which it takes a job. It is not asked to again: it may have taken it, and would do it twice.

A job whose number nobody got ends when it begins: its folder is gone.
"""


class ClusterJob(RemoteJob):
    """A job whose folder holds what it needs. Subclasses say which programs the cluster has, and read what they say."""

    hint: ClassVar[str]
    """For whoever lacks the cluster's programs."""
    runner: ClassVar[str] = "luigi.contrib._clusters.working"
    """The module that the job runs."""

    def __init__(self, task: ClusterTask, folder: JobFolder) -> None:
        self.task = task
        self.folder = folder

    def pack(self) -> None:
        """Put what the job needs into its folder."""
        self.folder.pack(self.task, self.runner)

    @abstractmethod
    def submission(self) -> list[str]:
        """The command line that submits the script in the job's folder, where it is run."""

    @abstractmethod
    def cancellation(self, job_id: str) -> list[str]:
        """The command line that ends the job."""

    @abstractmethod
    def id_in(self, said: str) -> str:
        """The job's id, in what the first printed; empty when there is none in it."""

    def submit(self) -> str:
        """See RemoteJob. Raises JobRefused, TaskStays, ModuleStays."""
        self.pack()
        ran = self.asked(self.submission(), TAKES)
        job_id = "" if ran.code else self.id_in(ran.stdout)
        if not job_id:
            raise JobRefused(ran)
        self.task.job_id = job_id
        return job_id

    def cancel(self, job_id: str) -> None:
        """See RemoteJob. Raises ClusterAway."""
        ran = self.asked(self.cancellation(job_id))
        if ran.code and not self.look(job_id).ended:
            raise ClusterAway(ran)

    def last_output(self, job_id: str) -> str:
        """See RemoteJob."""
        return self.folder.printed()

    def asked(self, args: Sequence[str], timeout: float = ANSWERS) -> program.Ran:
        """Run one of the cluster's programs in the job's folder. Raises ProgramMissing, TimeoutError."""
        return program.run(args, cwd=str(self.folder.path), timeout=timeout, hint=self.hint)

    def out_of_sight(self) -> JobState:
        """How a job is that the cluster does not know any more: as its script says."""
        code = self.folder.exit_code()
        if code is None:
            reason = "it has left the queue, and its script did not come to its end: it was killed, or its machine was"
            return JobState("GONE", ended=True, message=reason)
        return JobState("ENDED", ended=True, succeeded=code == 0, message=f"exit code {code}" if code else "")

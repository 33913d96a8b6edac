"""The task whose work is a job of a cluster."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from types import ModuleType

import luigi
from luigi.contrib import remote_job
from luigi.contrib._clusters.folder import JobFolder
from luigi.contrib._clusters.job import ClusterJob


class ClusterTask(luigi.Task):
    """What the tasks of all clusters have in common."""

    shared_tmp_dir: str
    poll_time: float
    run_locally: bool = False
    """Whether the work is done here."""
    dont_remove_tmp_dir: bool = False
    """Whether the job's folder is kept."""

    tmp_dir: str = ""
    """The job's folder, while it is there."""
    job_id: str = ""
    """What the cluster knows the job by, once it has it."""

    def work(self) -> None:
        """What is done on the cluster: override this rather than `run`."""

    def extra_modules(self) -> Sequence[ModuleType | str]:
        """Modules and packages, or their names, that go along besides those of the task's class and its bases."""
        return []

    def run(self) -> None:
        """Have `work` done by a job. Raises JobFailed, with the last that it printed; JobRefused, NoSharedFolder."""
        if self.run_locally:
            self.work()
            return
        folder = JobFolder(self.shared_tmp_dir, self.task_id)
        self.tmp_dir = str(folder.path)
        with remote_job.ending(lambda: self._leave(folder)):
            remote_job.run(self._job(folder), self, self.poll_time)
        self._leave(folder)

    @abstractmethod
    def _job(self, folder: JobFolder) -> ClusterJob:
        """What is submitted."""

    def _leave(self, folder: JobFolder) -> None:
        """The job has ended, in whatever way."""
        if self.dont_remove_tmp_dir:
            folder.keep()
        else:
            folder.remove()

"""Tasks whose work is a job of Grid Engine (SGE, Son of Grid Engine, Univa).

class Align(SGEJobTask):
    sample = luigi.Parameter()
    n_cpu = luigi.IntParameter(default=4, significant=False)

    def work(self):
        ...

    def output(self):
        return luigi.LocalTarget(f"/shared/aligned/{self.sample}")
"""

from __future__ import annotations

import os
import re
import shlex
from typing import Any, Final
from xml.etree import ElementTree

import luigi
from luigi.contrib._clusters.environment import exported
from luigi.contrib._clusters.errors import ClusterAway
from luigi.contrib._clusters.folder import ERR, OUT, SCRIPT, JobFolder
from luigi.contrib._clusters.job import ClusterJob
from luigi.contrib._clusters.task import ClusterTask
from luigi.contrib._clusters.words import named, option, plain
from luigi.contrib.remote_job import JobState

POLL_TIME: Final = 5
"""Seconds between looks at a job."""


class SGEJobTask(ClusterTask):
    """Does its `work()` on a machine of the cluster, which shares Python and `shared_tmp_dir` with this one."""

    n_cpu: int = luigi.IntParameter(default=2, significant=False)
    """Slots of the parallel environment."""
    shared_tmp_dir: str = luigi.Parameter(default="/home", significant=False)
    """A folder that this machine and the cluster's share; each job has one of its own in it, for its user alone."""
    parallel_env: str = luigi.Parameter(default="orte", significant=False)
    """The parallel environment that the slots are of; empty for none."""
    job_name_format: str | None = luigi.OptionalParameter(
        default=None,
        significant=False,
        description="A string that can be formatted with class variables to name the job with qsub.",
    )
    """As "{task_family}-{sample}"."""
    job_name: str | None = luigi.OptionalParameter(
        default=None, significant=False, description="Explicit job name given via qsub."
    )
    """By default as `job_name_format` says, or the task's family."""
    run_locally: bool = luigi.BoolParameter(significant=False, description="run locally instead of on the cluster")
    poll_time: int = luigi.IntParameter(
        significant=False, default=POLL_TIME, description="specify the wait time to poll qstat for the job status"
    )
    dont_remove_tmp_dir: bool = luigi.BoolParameter(
        significant=False, description="don't delete the temporary directory used (for debugging)"
    )
    no_tarball: bool = luigi.BoolParameter(
        significant=False, description="don't tarball (and extract) the luigi project files"
    )
    """The job imports the task's code from where it is here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.job_name:
            self.job_name = named(self.job_name_format or "{task_family}", self)

    def _job(self, folder: JobFolder) -> ClusterJob:
        return _Job(self, folder)


class LocalSGEJobTask(SGEJobTask):
    """Does its work here, in tests of it."""

    def run(self) -> None:
        """Do `work`."""
        self.work()


class _Job(ClusterJob):
    """A job of Grid Engine."""

    kind = "Grid Engine job"
    hint = "qsub, qstat and qdel are Grid Engine's: a machine that submits jobs has them"
    runner = "luigi.contrib.sge_runner"
    task: SGEJobTask

    def pack(self) -> None:
        folder = self.folder
        # What Grid Engine is told, all can see by `qstat -j`, the environment that `-V` sends, too; and it can neither
        # change to folders with a space in their name nor write there.
        printed = f"exec >{shlex.quote(str(folder.path / OUT))} 2>{shlex.quote(str(folder.path / ERR))}"
        first = [printed, *exported(os.environ)]
        folder.pack(self.task, self.runner, with_code=not self.task.no_tarball, first=first)

    def submission(self) -> list[str]:
        task = self.task
        slots = [*option("-pe", task.parallel_env), str(task.n_cpu)] if task.parallel_env else []
        how = ["-terse", "-r", "y", "-S", "/bin/sh", "-C", "", "-wd", "/", "-o", "/dev/null", "-j", "y"]
        return ["qsub", *how, *slots, "-N", plain(task.job_name or task.task_family), SCRIPT]

    def id_in(self, said: str) -> str:
        number = said.strip().rpartition("\n")[2]  # what a site has to say comes before
        return number if number.isdigit() else ""

    def cancellation(self, job_id: str) -> list[str]:
        return ["qdel", job_id]

    def look(self, job_id: str) -> JobState:
        ran = self.asked(["qstat", "-xml"])
        if ran.code:
            raise ClusterAway(ran)
        status = _statuses(ran.stdout).get(job_id)
        if status is None:
            return self.out_of_sight()
        if "E" in status:  # it stays so until somebody clears or deletes it
            return JobState(status, ended=True, message=self._reason(job_id))
        return JobState(status)

    def failure(self, job_id: str, state: JobState) -> Exception:
        if "E" in state.status:
            self.cancel(job_id)
        return super().failure(job_id, state)

    def _reason(self, job_id: str) -> str:
        found = re.search(r"^error reason\s+\d+:\s*(.*)$", self.asked(["qstat", "-j", job_id]).stdout, re.MULTILINE)
        return found[1] if found else "it is in Grid Engine's error state"


def _statuses(listed: str) -> dict[str, str]:
    """The state of each of the user's jobs: qw, r, Eqw."""
    jobs = ElementTree.fromstring(listed).iter("job_list")
    return {one.findtext("JB_job_number", ""): one.findtext("state", "") for one in jobs}

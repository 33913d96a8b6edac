"""Tasks whose work is a job of LSF (IBM Spectrum LSF).

class Align(LSFJobTask):
    sample = luigi.Parameter()
    queue_flag = luigi.Parameter(default="long", significant=False)

    def work(self):
        ...

    def output(self):
        return luigi.LocalTarget(f"/shared/aligned/{self.sample}")
"""

from __future__ import annotations

import logging
import os
import re
import shlex
import shutil
from typing import Final

import luigi
from luigi.contrib._clusters.errors import ClusterAway
from luigi.contrib._clusters.folder import ERR, OUT, SCRIPT, JobFolder
from luigi.contrib._clusters.job import ANSWERS, ClusterJob
from luigi.contrib._clusters.task import ClusterTask
from luigi.contrib._clusters.words import option, plain
from luigi.contrib._jobs import program
from luigi.contrib.remote_job import JobState
from luigi.task import flatten

LOGGER = logging.getLogger("luigi-interface")

HINT: Final = "bsub, bjobs and bkill are LSF's: a machine that submits jobs has them"


def track_job(job_id: int | str) -> str:
    """The state of a job in LSF's word: PEND, RUN, DONE, EXIT; empty when LSF does not know it."""
    return _state(job_id).stdout.strip()


def kill_job(job_id: int | str) -> None:
    """End a job."""
    program.run(["bkill", str(job_id)], timeout=ANSWERS, hint=HINT)


def _state(job_id: int | str) -> program.Ran:
    return program.run(["bjobs", "-noheader", "-o", "stat", str(job_id)], timeout=ANSWERS, hint=HINT)


class LSFJobTask(ClusterTask):
    """Does its `work()` on a machine of the cluster, which shares Python and `shared_tmp_dir` with this one."""

    n_cpu_flag: int = luigi.IntParameter(default=2, significant=False)
    """Slots: bsub's -n."""
    shared_tmp_dir: str = luigi.Parameter(default="/tmp", significant=False)
    """A folder that this machine and the cluster's share; each job has one of its own in it, for its user alone."""
    resource_flag: str = luigi.Parameter(default="mem=8192", significant=False)
    """What of the machine is set aside for the job: bsub's -R rusage[…]."""
    memory_flag: str = luigi.Parameter(default="8192", significant=False)
    """More memory than this ends the job: bsub's -M."""
    queue_flag: str = luigi.Parameter(default="queue_name", significant=False)
    """bsub's -q."""
    runtime_flag: int = luigi.IntParameter(default=60)
    """Minutes after which the job is ended: bsub's -W."""
    job_name_flag: str = luigi.Parameter(default="")
    """bsub's -J."""
    poll_time: float = luigi.FloatParameter(
        significant=False, default=5, description="specify the wait time to poll bjobs for the job status"
    )
    save_job_info: bool = luigi.BoolParameter(default=False)
    """Whether the job's folder is kept, beside the first local file of the output."""
    extra_bsub_args: str = luigi.Parameter(default="")
    """More of bsub's arguments, written as in a shell."""

    job_status: str | None = None
    """What LSF said of the job when it was last looked at."""

    def init_local(self) -> None:
        """What is done here before the job is submitted, and need not be done on the cluster."""

    def run(self) -> None:
        """Have `work` done by a job. Raises JobFailed, with the last that it printed; JobRefused, NoSharedFolder."""
        self.init_local()
        super().run()

    def fetch_task_output(self) -> list[str]:
        """The lines that the job printed, while its folder is there: see `save_job_info`."""
        return self._lines(OUT)

    def fetch_task_failures(self) -> list[str]:
        """The same of its standard error."""
        return self._lines(ERR)

    def _lines(self, name: str) -> list[str]:
        with open(os.path.join(self.tmp_dir, name), errors="replace") as file:
            return file.readlines()

    def _job(self, folder: JobFolder) -> ClusterJob:
        return _Job(self, folder)

    def _leave(self, folder: JobFolder) -> None:
        if not self.save_job_info:
            folder.remove()
            return
        files = [target for target in flatten(self.output()) if isinstance(target, luigi.LocalTarget)]
        if files:
            beside = os.path.dirname(os.path.abspath(files[0].path))
            os.makedirs(beside, exist_ok=True)
            self.tmp_dir = shutil.move(self.tmp_dir, beside)


class LocalLSFJobTask(LSFJobTask):
    """Does its work here, in tests of it."""

    def run(self) -> None:
        """Do `init_local` and `work`."""
        self.init_local()
        self.work()


class _Job(ClusterJob):
    """A job of LSF."""

    kind = "LSF job"
    hint = HINT
    runner = "luigi.contrib.lsf_runner"
    task: LSFJobTask

    def submission(self) -> list[str]:
        task = self.task
        return [
            "bsub",
            *option("-q", task.queue_flag),
            *option("-n", task.n_cpu_flag),
            *option("-M", task.memory_flag),
            *option("-R", task.resource_flag and f"rusage[{task.resource_flag}]"),
            *option("-W", task.runtime_flag),
            *option("-J", task.job_name_flag and plain(task.job_name_flag)),
            *("-o", OUT, "-e", ERR),
            *shlex.split(task.extra_bsub_args),
            *("sh", SCRIPT),
        ]

    def id_in(self, said: str) -> str:
        found = re.search(r"Job <(\d+)> is submitted", said)
        return found[1] if found else ""

    def cancellation(self, job_id: str) -> list[str]:
        return ["bkill", job_id]

    def look(self, job_id: str) -> JobState:
        ran = _state(job_id)
        self.task.job_status = status = ran.stdout.strip()
        if ran.code and "not found" in ran.stderr:
            return self.out_of_sight()
        if ran.code or not status:
            raise ClusterAway(ran)
        code = self.folder.exit_code() if status == "EXIT" else None
        message = "" if code is None else f"exit code {code}"
        return JobState(status, ended=status in {"DONE", "EXIT"}, succeeded=status == "DONE", message=message)

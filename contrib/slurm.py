"""Tasks whose work is a job of Slurm.

class Align(SlurmJobTask):
    sample = luigi.Parameter()
    memory = luigi.OptionalParameter(default="16G", significant=False)

    def work(self):
        ...

    def output(self):
        return luigi.LocalTarget(f"/shared/aligned/{self.sample}")
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import luigi
from luigi.contrib._clusters.errors import ClusterAway
from luigi.contrib._clusters.folder import ERR, OUT, SCRIPT, JobFolder
from luigi.contrib._clusters.job import ClusterJob
from luigi.contrib._clusters.task import ClusterTask
from luigi.contrib._clusters.words import named, plain
from luigi.contrib.remote_job import JobState

POLL_TIME: Final = 5
"""Seconds between looks at a job."""

ENDS: Final = frozenset(
    "BOOT_FAIL CANCELLED COMPLETED DEADLINE FAILED NODE_FAIL OUT_OF_MEMORY PREEMPTED REVOKED TIMEOUT".split()
)
"""The states that a job stays in."""


class SlurmJobTask(ClusterTask):
    """Does its `work()` on a machine of the cluster, which shares Python and `shared_tmp_dir` with this one."""

    partition: str | None = luigi.OptionalParameter(default=None, significant=False)
    """By default the cluster's own."""
    account: str | None = luigi.OptionalParameter(default=None, significant=False)
    """Whom the job is charged to; by default as the cluster has it."""
    n_cpu: int = luigi.IntParameter(default=1, significant=False)
    memory: str | None = luigi.OptionalParameter(default=None, significant=False)
    """As sbatch's --mem: MiB, or 16G."""
    runtime: str | None = luigi.OptionalParameter(default=None, significant=False)
    """After this the job is ended; as sbatch's --time: minutes, or 1-12:00:00."""
    extra_sbatch_args: Sequence[str] = luigi.ListParameter(default=(), significant=False)
    """More of sbatch's arguments: ["--gres=gpu:1"]."""
    shared_tmp_dir: str = luigi.Parameter(default="~", significant=False)
    """A folder that this machine and the cluster's share; each job has one of its own in it, for its user alone."""
    job_name: str | None = luigi.OptionalParameter(default=None, significant=False)
    """The name that squeue shows, in which "{day}" stands for that parameter's value; by default the task's family."""
    poll_time: float = luigi.FloatParameter(default=POLL_TIME, significant=False)
    """Seconds between looks at the job."""
    run_locally: bool = luigi.BoolParameter(significant=False)
    """Do the work here."""
    dont_remove_tmp_dir: bool = luigi.BoolParameter(significant=False)
    """Whether the job's folder is kept."""
    no_tarball: bool = luigi.BoolParameter(significant=False)
    """The job imports the task's code from where it is here."""

    def _job(self, folder: JobFolder) -> ClusterJob:
        return _Job(self, folder)


class LocalSlurmJobTask(SlurmJobTask):
    """Does its work here, in tests of it."""

    def run(self) -> None:
        """Do `work`."""
        self.work()


class _Job(ClusterJob):
    """A job of Slurm."""

    kind = "Slurm job"
    hint = "sbatch, squeue and scancel are Slurm's: a machine that submits jobs has them"
    task: SlurmJobTask

    def pack(self) -> None:
        self.folder.pack(self.task, self.runner, with_code=not self.task.no_tarball)

    def submission(self) -> list[str]:
        task = self.task
        wanted = {
            "partition": task.partition,
            "account": task.account,
            "mem": task.memory,
            "time": task.runtime,
            "job-name": plain(named(task.job_name or "{task_family}", task)),
            "cpus-per-task": task.n_cpu,
            "output": OUT,
            "error": ERR,
        }
        options = [f"--{name}={value}" for name, value in wanted.items() if value is not None]
        return ["sbatch", "--parsable", "--nodes=1", "--ntasks=1", *options, *task.extra_sbatch_args, SCRIPT]

    def id_in(self, said: str) -> str:
        number = said.strip().partition(";")[0]  # a federation's cluster comes behind
        return number if number.isdigit() else ""

    def cancellation(self, job_id: str) -> list[str]:
        return ["scancel", job_id]

    def look(self, job_id: str) -> JobState:
        ran = self.asked(["squeue", "--noheader", "--states=all", "--format=%T|%r", f"--jobs={job_id}"])
        if ran.code and "Invalid job id" not in ran.stderr:
            raise ClusterAway(ran)
        status, _, reason = ran.stdout.strip().partition("|")
        return _state(status, reason) if status else self._accounted(job_id)

    def _accounted(self, job_id: str) -> JobState:
        """What is known of a job minutes after its end, where Slurm keeps accounts; else what its script says."""
        ran = self.asked(["sacct", "--noheader", "--parsable2", "--allocations", "--format=State", f"--jobs={job_id}"])
        status, _, by_whom = ran.stdout.strip().partition(" ")  # CANCELLED by 1000
        return _state(status, by_whom) if status in ENDS else self.out_of_sight()


def _state(status: str, reason: str) -> JobState:
    said = "" if reason == "None" else reason
    return JobState(status, ended=status in ENDS, succeeded=status == "COMPLETED", message=said)

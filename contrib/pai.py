"""OpenPAI: a task that runs one job there.

    class Train(PaiTask):
        name = "train-2026-11-22"
        image = "openpai/pytorch"
        tasks = [TaskRole("main", "python train.py", gpuNumber=1)]

`pip install "luigi-kernel[pai]"` brings what it needs. The section `[OpenPai]` says where it is, and who asks.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

import luigi
from luigi.contrib import remote_job
from luigi.contrib._pai.description import PaiJob, Port, TaskRole, slot_to_dict
from luigi.contrib._pai.errors import PaiError
from luigi.contrib._pai.job import SUCCEEDED, TrainingJob
from luigi.contrib._pai.rest import PaiRest
from luigi.contrib._pai.settings import OpenPai
from luigi.target import Target

__all__ = ["POLL_TIME", "OpenPai", "PaiError", "PaiJob", "PaiTask", "Port", "TaskRole", "slot_to_dict"]

POLL_TIME = 10
"""Seconds between two looks at a job. A program may change it."""


class PaiTask(luigi.Task):
    """Runs a job; is complete once OpenPAI has one of that name that succeeded. A task that is ended stops its job."""

    @property
    @abstractmethod
    def name(self) -> str:
        """What OpenPAI knows the job by. It takes a name only once."""

    @property
    @abstractmethod
    def image(self) -> str:
        """The Docker image that its programs run in."""

    @property
    @abstractmethod
    def tasks(self) -> Sequence[TaskRole]:
        """Its programs."""

    @property
    def auth_file_path(self) -> str | None:
        """A file in HDFS that says how to sign in at the registry of a private image."""
        return None

    @property
    def data_dir(self) -> str | None:
        """Where its data is, in HDFS."""
        return None

    @property
    def code_dir(self) -> str | None:
        """Where its code is, in HDFS."""
        return None

    @property
    def output_dir(self) -> str:
        """Where it writes, in HDFS."""
        return f"$PAI_DEFAULT_FS_URI/{self.name}/output"

    @property
    def virtual_cluster(self) -> str:
        """The part of the cluster that it runs in."""
        return "default"

    @property
    def gpu_type(self) -> str | None:
        """The GPUs that it needs; by default any."""
        return None

    @property
    def retry_count(self) -> int:
        """How often OpenPAI itself tries again."""
        return 0

    def output(self) -> Target:
        """What is in `output_dir`."""
        from luigi.contrib.hdfs import HdfsTarget

        return HdfsTarget(self.output_dir)

    def complete(self) -> bool:
        """Whether OpenPAI has a job of that name that succeeded. Raises PaiError, and ServiceAway."""
        found = PaiRest(OpenPai()).job(self.name)
        return found is not None and found["jobStatus"]["state"] == SUCCEEDED

    def run(self) -> None:
        """Run the job. Raises JobFailed when it fails, PaiError when it is refused."""
        job = PaiJob(self.name, self.image, self.tasks)
        job.authFile = self.auth_file_path
        job.dataDir = self.data_dir
        job.codeDir = self.code_dir
        job.outputDir = self.output_dir
        job.virtualCluster = self.virtual_cluster
        job.gpuType = self.gpu_type
        job.retryCount = self.retry_count
        remote_job.run(TrainingJob(PaiRest(OpenPai()), job), self, POLL_TIME)

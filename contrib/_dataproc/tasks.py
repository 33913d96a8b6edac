"""Tasks that are a job of a Dataproc cluster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from luigi.contrib._dataproc.client import CLIENT
from luigi.contrib._dataproc.jobs import DataprocJob
from luigi.contrib._dataproc.place import Place
from luigi.contrib._dataproc.settings import current
from luigi.contrib._jobs import remote
from luigi.errors import KernelError
from luigi.parameter import Parameter
from luigi.task import Task


class NothingSubmitted(KernelError):
    """A job is to be waited for, and there is none."""

    def __init__(self, task: Task) -> None:
        super().__init__(f"{task} has submitted no job that could be waited for", hint="call submit_job() before")


class _DataprocBaseTask(Task):
    """What has to do with one cluster."""

    gcloud_project_id = Parameter(significant=False, positional=False, description="the project")
    dataproc_cluster_name = Parameter(significant=False, positional=False, description="the cluster's name")
    dataproc_region = Parameter(
        default="global", significant=False, positional=False, description="the region that the cluster is in"
    )

    @property
    def dataproc_client(self) -> Any:
        """The service `dataproc` of Google's client. Raises MissingExtra."""
        return CLIENT.client

    @property
    def _place(self) -> Place:
        return Place(self.gcloud_project_id, self.dataproc_region, self.dataproc_cluster_name)


class DataprocBaseTask(_DataprocBaseTask):
    """A job of a kind of your own: call `submit_job` in `run()`, then `wait_for_job`."""

    _submitted: DataprocJob | None = None

    def submit_job(self, job_config: Mapping[str, Any]) -> Mapping[str, Any]:
        """Submit a job, and give what the service says of it.

        `job_config` is the body of the service's own projects.regions.jobs.submit.
        """
        job = DataprocJob(self._place, job_config)
        job.submit()
        self._submitted = job
        return job.answer

    def submit_spark_job(
        self, jars: Sequence[str], main_class: str, job_args: Sequence[str] | None = None
    ) -> Mapping[str, Any]:
        """Submit a class of jars to Spark."""
        said = {"mainClass": main_class, "jarFileUris": list(jars), "args": list(job_args or ())}
        return self.submit_job(self._job("sparkJob", said))

    def submit_pyspark_job(
        self, job_file: str, extra_files: Sequence[str] = (), job_args: Sequence[str] | None = None
    ) -> Mapping[str, Any]:
        """Submit a Python program to Spark, with further files beside it."""
        said = {"mainPythonFileUri": job_file, "pythonFileUris": list(extra_files), "args": list(job_args or ())}
        return self.submit_job(self._job("pysparkJob", said))

    def wait_for_job(self) -> None:
        """Follow the job that was submitted to its end; it is cancelled when this task is given up.

        Raises JobFailed with the last that it printed, and NothingSubmitted.
        """
        if self._submitted is None:
            raise NothingSubmitted(self)
        remote.run(self._submitted, self, current().poll_interval)

    def _job(self, kind: str, said: Mapping[str, Any]) -> dict[str, Any]:
        return {"job": {"placement": {"clusterName": self.dataproc_cluster_name}, kind: said}}


class DataprocSparkTask(DataprocBaseTask):
    """Runs a class of jars."""

    main_class = Parameter(description="the class that is run")
    jars = Parameter(default="", description="addresses of jars, with commas between them")
    job_args = Parameter(default="", description="arguments of the class, with commas between them")

    def run(self) -> None:
        """Run it. Raises JobFailed."""
        self.submit_spark_job(_listed(self.jars), self.main_class, _listed(self.job_args))
        self.wait_for_job()


class DataprocPysparkTask(DataprocBaseTask):
    """Runs a Python program."""

    job_file = Parameter(description="the address of the program")
    extra_files = Parameter(default="", description="addresses of more files, with commas between them")
    job_args = Parameter(default="", description="arguments of the program, with commas between them")

    def run(self) -> None:
        """Run it. Raises JobFailed."""
        self.submit_pyspark_job(self.job_file, _listed(self.extra_files), _listed(self.job_args))
        self.wait_for_job()


def _listed(text: str) -> list[str]:
    return text.split(",") if text else []

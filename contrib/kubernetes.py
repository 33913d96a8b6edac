"""Tasks whose work is a job of Kubernetes: KubernetesJobTask.

`pip install "luigi-kernel[kubernetes]"` brings what it needs. Options are in the section `[kubernetes]`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import luigi
from luigi.contrib import remote_job
from luigi.contrib._kubernetes.cluster import Cluster
from luigi.contrib._kubernetes.connection import way
from luigi.contrib._kubernetes.description import job_named, unique_name
from luigi.contrib._kubernetes.errors import (
    CannotStart,
    ClusterAway,
    ClusterError,
    ClusterRefused,
    NoCredentials,
    UnknownAuthMethod,
)
from luigi.contrib._kubernetes.job import KubernetesJob, Limits
from luigi.freezing import recursively_unfreeze

__all__ = [
    "CannotStart",
    "ClusterAway",
    "ClusterError",
    "ClusterRefused",
    "KubernetesJobTask",
    "NoCredentials",
    "UnknownAuthMethod",
    "kubernetes",
]


class kubernetes(luigi.Config):
    """The section of the configuration."""

    auth_method: str = luigi.Parameter(default="kubeconfig", description="kubeconfig or service-account")
    kubeconfig_path: str = luigi.Parameter(default="~/.kube/config", description="Path to the kubeconfig file")
    max_retries: int | None = luigi.OptionalIntParameter(
        default=None, description="How often a pod that failed is followed by another"
    )
    max_retrials: int = luigi.IntParameter(default=0, description="The same, where there is no max_retries")
    kubernetes_namespace: str | None = luigi.OptionalParameter(
        default=None, description="The namespace of jobs; without one the kubeconfig's"
    )


class KubernetesJobTask(luigi.Task):
    """Runs a job of one pod to its end, and fails when it does.

    Its properties are overridden, by properties or attributes:

        class Pi(KubernetesJobTask):
            name = "pi"
            spec_schema = {"containers": [{"name": "pi", "image": "perl", "command": ["perl", "-e", "print 3.14"]}]}
    """

    uu_name = ""
    """The job's name, once it is submitted: `name`, the time, and what makes it one of a kind."""

    @property
    def name(self) -> str:
        """How its jobs' names begin."""
        raise NotImplementedError(f"{type(self).__name__} does not say how its jobs are called: write its name")

    @property
    def spec_schema(self) -> Mapping[str, Any]:
        """The specification of its pod, as in Kubernetes' PodSpec; `restartPolicy` is `Never` unless it says so."""
        raise NotImplementedError(f"{type(self).__name__} does not say what its pod runs: write its spec_schema")

    @property
    def kubernetes_config(self) -> kubernetes:
        """What is configured."""
        return kubernetes()

    @property
    def auth_method(self) -> str:
        """`kubeconfig`, or within a pod `service-account`."""
        return self.kubernetes_config.auth_method

    @property
    def kubeconfig_path(self) -> str:
        """Where the kubeconfig is."""
        return self.kubernetes_config.kubeconfig_path

    @property
    def kubernetes_namespace(self) -> str | None:
        """The namespace of its jobs; None for the kubeconfig's or the pod's own."""
        return self.kubernetes_config.kubernetes_namespace

    @property
    def labels(self) -> Mapping[str, object]:
        """Further labels of job and pod."""
        return {}

    @property
    def max_retrials(self) -> int:
        """How often a pod that failed is followed by another."""
        config = self.kubernetes_config
        return config.max_retrials if config.max_retries is None else config.max_retries

    @property
    def backoff_limit(self) -> int:
        """Kubernetes' own limit to that, and to the restarts of a pod with `restartPolicy: OnFailure`."""
        return 6

    @property
    def active_deadline_seconds(self) -> int | None:
        """Seconds after which Kubernetes ends the job; None for never."""
        return None

    @property
    def delete_on_success(self) -> bool:
        """Whether a job that succeeded is deleted, with its pods."""
        return True

    @property
    def print_pod_logs_on_exit(self) -> bool:
        """Whether all that its pods printed is logged once it has ended."""
        return False

    @property
    def poll_interval(self) -> float:
        """Seconds between two looks at the job."""
        return 5

    @property
    def pod_creation_wait_interal(self) -> float:
        """Seconds in which there must be a pod. (Luigi's spelling.)"""
        return 5

    @property
    def pod_start_timeout(self) -> float:
        """Seconds for which a pod may say why it cannot start: no node has room, the image cannot be pulled, …"""
        return 300

    def output(self) -> Any:
        """What `signal_complete` makes, unless the job itself does, or `complete` is overridden."""
        return super().output()

    def signal_complete(self) -> None:
        """Called when the job has succeeded: say so, as by writing the output."""

    def run(self) -> None:
        """Run the job. Raises JobFailed when it fails, CannotStart, and other ClusterErrors."""
        self.uu_name = unique_name(self.name)
        cluster = Cluster(way(self.auth_method, self.kubeconfig_path), self.kubernetes_namespace)
        limits = Limits(self.pod_creation_wait_interal, self.pod_start_timeout)
        job = KubernetesJob(cluster, self._described(), limits)
        try:
            remote_job.run(job, self, self.poll_interval)
        except remote_job.JobFailed:
            self._ended(job)
            raise
        self._ended(job)
        self.signal_complete()
        if self.delete_on_success:
            job.delete()

    def _ended(self, job: KubernetesJob) -> None:
        if self.print_pod_logs_on_exit:
            job.log_what_it_printed()

    def _described(self) -> Mapping[str, Any]:
        pod = {"restartPolicy": "Never", **recursively_unfreeze(self.spec_schema)}
        restarts_itself = pod["restartPolicy"] != "Never"  # which leaves no failed pods to be counted
        tries = self.backoff_limit if restarts_itself else min(self.backoff_limit, self.max_retrials)
        deadline = self.active_deadline_seconds
        return job_named(self.uu_name, pod, labels=self.labels, tries=tries, active_deadline_seconds=deadline)

"""Each task as a job of Kubernetes: one pod, which runs `kernel execute-task`.

In reading order: engine (what is on its way) → manifests (what is asked of the cluster) → cluster (how) → sent (a task
and its pod) → following (what the pod prints).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from luigi.hookspecs import Provider, hookimpl
from luigi.plugin_settings import setting

if TYPE_CHECKING:
    from luigi.executors import ExecutorSetup
    from luigi.interfaces import Executor

SECTION: Final = "kubernetes_executor"
"""`[kubernetes]` says how the cluster is reached, for this and for `luigi.contrib.kubernetes`."""


@dataclass(frozen=True)
class Settings:
    """The section `[kubernetes_executor]`."""

    image: str = setting(help="the container image: it has luigi-kernel, the same version as here")
    kernel: str = setting("kernel", help="the program `kernel` in the image")
    max_jobs: int = setting(100, help="jobs that are with the cluster at a time, those that wait for a node among them")
    namespace: str = setting("", help="where jobs run; empty for that of `[kubernetes]`")
    pod: str = setting("", help="more of the pods' specification, as JSON: serviceAccountName, volumes")
    container: str = setting("", help="more of the container's, as JSON: env, resources, volumeMounts")
    resources: str = setting(
        "",
        help="what the cluster calls the resources of tasks, as JSON; by default cpus is cpu, gpu is nvidia.com/gpu",
    )
    poll_time: float = setting(2.0, help="seconds between two questions for the state of all pods")
    start_timeout: float = setting(300.0, help="seconds for which a pod may say why it cannot start")
    keep_jobs: bool = setting(False, help="whether jobs that have ended stay, for an hour")


@hookimpl
def luigi_executors() -> Iterator[Provider]:
    """Kubernetes, by its own client."""
    yield Provider(
        "kubernetes",
        kubernetes_executor,
        "each task as a job of Kubernetes",
        Settings,
        SECTION,
        extra="kubernetes",
        needs=("kubernetes",),
        check=look,
    )


def kubernetes_executor(setup: ExecutorSetup, settings: Settings) -> Executor:
    """The executor. Raises MissingExtra, and NoCredentials for what `[kubernetes]` says."""
    from luigi.executors.hosting.executor import HostedExecutor
    from luigi.plugins.executors.kubernetes.cluster import cluster
    from luigi.plugins.executors.kubernetes.engine import KubernetesEngine

    return HostedExecutor(setup, partial(KubernetesEngine, settings, cluster(settings.namespace)))


def look(settings: Settings) -> str:
    """List the jobs of executors. Raises MissingExtra, NoCredentials and ClusterErrors."""
    from luigi.plugins.executors.kubernetes.cluster import cluster

    found = cluster(settings.namespace)
    return f"the cluster answers, and has {len(found.pods_of(''))} pods of executors in {found.namespace}"

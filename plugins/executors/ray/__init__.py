"""Tasks run on a Ray cluster: in processes of the kernel's own, beside Ray's actors that hold the resources for them.

In reading order: engine (parcels, and who runs them) → crew (which hosts there are to be) → remote (the handle on one
host) → actor (the host, in Ray's process there). `cluster` joins a cluster, or one
that `own_cluster` has started; `places` and `shapes` say what jobs take.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from luigi.hookspecs import Provider, hookimpl
from luigi.plugin_settings import setting

if TYPE_CHECKING:
    from luigi.executors import ExecutorSetup
    from luigi.interfaces import Executor


@dataclass(frozen=True)
class Settings:
    """The section `[ray]`."""

    address: str = setting("", help="the cluster's head as host:port, or auto; empty to start one on this machine")
    cpus_per_task: float = setting(1.0, help="CPUs that Ray sets aside for each task that does not say itself")
    idle_time: float = setting(30.0, help="seconds after which a place that has nothing to do is given back to Ray")
    local_cpus: int = setting(0, help="CPUs of a cluster started on this machine; 0 for one a worker")


@hookimpl
def luigi_executors() -> Iterator[Provider]:
    """Ray."""
    yield Provider("ray", ray_executor, "tasks on a Ray cluster", Settings, extra="ray", needs=("ray",), check=look)


def ray_executor(setup: ExecutorSetup, settings: Settings) -> Executor:
    """The executor. Raises MissingExtra without Ray, and NoCluster."""
    from luigi.executors.hosting.executor import HostedExecutor, places_here
    from luigi.plugins.executors.ray.engine import RayEngine

    return HostedExecutor(setup, partial(RayEngine, settings, places_here(setup.workers)))


def look(settings: Settings) -> str:
    """Whether Ray is there, and what the cluster has; none is started. Raises MissingExtra and NoCluster."""
    from luigi.plugins.executors.ray.cluster import joined, library

    if not settings.address:
        return f"Ray {library().__version__} is installed, and starts a cluster on this machine for each run"
    with joined(settings.address, 0) as cluster:
        return f"{settings.address} has {len(cluster.nodes())} nodes"

"""Tasks on a Dask cluster: `kernel run … --executor dask --executor-option address=tcp://…`.

`engine` carries (home), `once` is on Dask's scheduler and `site` on its workers; `cluster` connects, or begins a
cluster of this machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from luigi.hookspecs import Provider, hookimpl
from luigi.plugin_settings import setting

if TYPE_CHECKING:
    from luigi.executors import ExecutorSetup
    from luigi.interfaces import Executor


@dataclass(frozen=True)
class Settings:
    """The section `[dask]`."""

    address: str = setting(
        "", help="of Dask's scheduler: tcp://host:8786, tls://…; unless given, one begun for the run"
    )
    timeout: float = setting(10.0, help="seconds until a scheduler that does not answer is given up")
    tls_ca_file: str = setting("", help="the authority that signs the cluster's certificates")
    tls_cert: str = setting("", help="the certificate to show to the cluster")
    tls_key: str = setting("", help="the file with its key")


@hookimpl
def luigi_executors() -> Iterator[Provider]:
    """One, for the whole cluster."""
    yield Provider(
        "dask",
        dask_executor,
        "tasks on the workers of a Dask cluster",
        settings=Settings,
        extra="dask",
        needs=("distributed",),
        check=check,
    )


def dask_executor(setup: ExecutorSetup, settings: Settings) -> Executor:
    """The executor, connected. Raises MissingExtra, and NoCluster when no scheduler answers."""
    from luigi.executors.hosting.executor import HostedExecutor, places_here
    from luigi.plugins.executors.dask.cluster import connected
    from luigi.plugins.executors.dask.engine import DaskEngine

    cluster = connected(settings, places_here(setup.workers))
    return HostedExecutor(setup, lambda luggage, post: DaskEngine(cluster, luggage, post))


def check(settings: Settings) -> str:
    """Ask the scheduler what there is. Begins no cluster."""
    from luigi.plugins.executors.dask.cluster import connected

    if not settings.address:
        return "no address is configured: each run begins a cluster of this machine"
    with connected(settings, 1) as cluster:
        machines = cluster.machines()
    threads = sum(machine["nthreads"] for machine in machines.values())
    return f"{settings.address} has {len(machines)} workers with {threads} threads"

"""Each task as a job of Slurm, those that are ready together as one job array.

In reading order: engine (what is on its way) → programs (sbatch, squeue and scancel) → folder (what the machines share)
→ sent (one task, and what is heard of it).
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
    """The section `[slurm]`."""

    shared_folder: str = setting("~", help="a folder that this machine and the cluster's share")
    max_jobs: int = setting(1000, help="jobs that are with Slurm at a time, those that wait for a machine among them")
    partition: str = setting("", help="where jobs run; empty for the cluster's own choice")
    account: str = setting("", help="whom jobs are charged to; empty for the cluster's own choice")
    runtime: str = setting("", help="how long jobs without a time limit of their own may run, as sbatch's --time")
    sbatch_arguments: tuple[str, ...] = setting((), help="more of sbatch's arguments: --qos=low, --mem=4G")
    kernel: str = setting("", help="the program `kernel` there; empty for that of this process's Python")
    poll_time: float = setting(5.0, help="seconds between two questions to Slurm, one for all jobs")
    look_time: float = setting(1.0, help="seconds between looks at what jobs say, in the shared folder")
    array_size: int = setting(1000, help="tasks of one array; no more than Slurm's MaxArraySize allows")
    keep_folders: bool = setting(False, help="whether what jobs needed and printed is kept in the shared folder")


@hookimpl
def luigi_executors() -> Iterator[Provider]:
    """Slurm, by its own programs."""
    yield Provider("slurm", slurm_executor, "each task as a job of Slurm", Settings, check=look)


def slurm_executor(setup: ExecutorSetup, settings: Settings) -> Executor:
    """The executor. Raises NoSharedFolder, and ProgramMissing where there are no programs of Slurm's."""
    from luigi.executors.hosting.executor import HostedExecutor
    from luigi.plugins.executors.slurm.engine import SlurmEngine

    return HostedExecutor(setup, partial(SlurmEngine, settings))


def look(settings: Settings) -> str:
    """Ask Slurm for its machines, if anybody has configured it. Raises ProgramMissing and ClusterAway."""
    if settings == Settings():
        return "not tried: [slurm] says nothing"
    from luigi.plugins.executors.slurm.programs import Slurm

    return f"Slurm answers: {Slurm(settings).machines()}"

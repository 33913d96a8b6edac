"""Jobs on Hadoop that come as a jar.

class Sorted(HadoopJarJobTask):
    def jar(self): return "/opt/jobs/sort.jar"
    def main(self): return "com.example.Sort"
    def args(self): return [self.input(), self.output()]
    def output(self): return HdfsTarget("/sorted")
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from luigi.contrib._hadoop.base_task import BaseHadoopJobTask
from luigi.contrib._hadoop.following import follow
from luigi.contrib._hadoop.jar_arguments import as_they_are, fix_paths
from luigi.contrib._hadoop.outputs import moved_when_whole
from luigi.contrib._hadoop.runner import JobRunner
from luigi.contrib.hdfs import load_hadoop_cmd
from luigi.errors import KernelError

__all__ = ["HadoopJarJobError", "HadoopJarJobRunner", "HadoopJarJobTask", "fix_paths"]


class HadoopJarJobError(KernelError):
    """A task does not say well what is to be run."""


class HadoopJarJobTask(BaseHadoopJobTask):
    """Runs the program of a jar by `hadoop jar`."""

    def jar(self) -> str | None:
        """The path of the jar."""
        return None

    def main(self) -> str | None:
        """The class to start, when the jar does not name it itself."""
        return None

    def args(self) -> Sequence[Any]:
        """What it is given: texts, or targets for their paths."""
        return []

    def atomic_output(self) -> bool:
        """Whether HdfsTargets of `args()` that do not exist are written elsewhere first, and moved at the end."""
        return True

    def ssh(self) -> Mapping[str, Any] | None:
        """From which machine to run it, when not from this: `host`, `username`, `key_file`, and, not to have the
        machine prove who it is, `no_host_key_check`. The paths of the jar and of `[hadoop] command` are then that
        machine's."""
        return None

    def job_runner(self) -> Any:
        """The one that runs jars."""
        return HadoopJarJobRunner()


class HadoopJarJobRunner(JobRunner):
    """Runs the jar of a task to its end."""

    def run_job(self, job: Any, tracking_url_callback: Callable[[str], Any] | None = None) -> None:
        """Raises HadoopJarJobError, HadoopJobError, FileAlreadyExists."""
        jar, there = _jar(job), _Machine.of(job)
        moves, words = (fix_paths if job.atomic_output() else as_they_are)(job)
        main = [job.main()] if job.main() else []
        command = [*load_hadoop_cmd(), "jar", jar, *main, *(f"-D{conf}" for conf in job.jobconfs()), *words]
        with moved_when_whole(moves):
            follow(command, tracking_url_callback, None, job, there.command if there else None)


def _jar(job: Any) -> str:
    jar = job.jar()
    if not jar:
        raise HadoopJarJobError(
            "Jar not defined", hint=f"give {type(job).__name__} a method jar() that returns its path"
        )
    if not job.ssh() and not os.path.exists(jar):
        raise HadoopJarJobError(f"job jar does not exist: {os.path.abspath(jar)}")
    return str(jar)


class _Machine:
    """Another machine, from which jobs are run by ssh."""

    def __init__(self, host: str, username: str, key_file: str, no_host_key_check: bool = False) -> None:
        checks = ["UserKnownHostsFile=/dev/null", "StrictHostKeyChecking=no"] if no_host_key_check else []
        options = ["BatchMode=yes", "ConnectTimeout=30", "ServerAliveInterval=30", *checks]
        self._ssh = ["ssh", "-i", key_file, *(word for option in options for word in ("-o", option))]
        self._ssh += ["--", f"{username}@{host}"]

    @classmethod
    def of(cls, job: Any) -> _Machine | None:
        told = job.ssh()
        if not told:
            return None
        missing = [name for name in ("host", "username", "key_file") if not told.get(name)]
        if missing:
            raise HadoopJarJobError(f"ssh() of {job} does not say its {', '.join(missing)}")
        names = ("host", "username", "key_file", "no_host_key_check")
        return cls(**{name: told[name] for name in names if name in told})

    def command(self, arguments: Sequence[str]) -> list[str]:
        """The command line here that runs this one there."""
        return [*self._ssh, shlex.join(arguments)]

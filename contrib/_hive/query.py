"""Queries as tasks: HiveQueryTask, and what runs it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from luigi.contrib._hive import settings
from luigi.contrib._hive.command import HINT
from luigi.contrib.hadoop import BaseHadoopJobTask, JobRunner, run_and_track_hadoop_job
from luigi.structure import flatten
from luigi.target import FileAlreadyExists, FileSystemTarget, folder_of


class HiveQueryTask(BaseHadoopJobTask):
    """Runs a query by the `hive` command.

    class DailyVisits(HiveQueryTask):
        day = luigi.DateParameter()

        def query(self):
            return "INSERT OVERWRITE TABLE daily PARTITION (day='${hivevar:day}') SELECT ..."

        def hivevars(self):
            return {"day": self.day}

        def output(self):
            return HivePartitionTarget("daily", {"day": self.day})
    """

    n_reduce_tasks: int | None = None
    """How many reducers a job has; by default what Hive thinks."""
    bytes_per_reducer: int | None = None
    """How much each reducer is to have, by which Hive reckons how many."""
    reducers_max: int | None = None
    """How many there are at most."""

    def query(self) -> str:
        """The text of it: one statement, or several with semicolons."""
        raise NotImplementedError(f"{type(self).__name__} does not say what it asks: write its query()")

    def hiverc(self) -> str | Sequence[str] | None:
        """The path of a file of commands that come before, or several; by default `[hive] hiverc_location`."""
        return settings.hiverc_location()

    def hivevars(self) -> Mapping[str, Any]:
        """Variables of the query: `${hivevar:name}`."""
        return {}

    def hiveconfs(self) -> dict[str, Any]:
        """Settings of Hive and Hadoop for this query: by default the job's name, its pool, and the reducers."""
        confs: dict[str, Any] = dict(conf.split("=", 1) for conf in self.jobconfs())
        confs["mapred.job.name"] = f"'{self.task_id}'"
        reducers = {
            "mapred.reduce.tasks": self.n_reduce_tasks,
            "hive.exec.reducers.bytes.per.reducer": self.bytes_per_reducer,
            "hive.exec.reducers.max": self.reducers_max,
        }
        return confs | {name: value for name, value in reducers.items() if value is not None}

    def job_runner(self) -> HiveQueryRunner:
        """What runs it."""
        return HiveQueryRunner()


class HiveQueryRunner(JobRunner):
    """Runs a HiveQueryTask by the `hive` command."""

    def prepare_outputs(self, job: Any) -> None:
        """Make the folders that outputs of file systems lie in: Hive does not."""
        for output in flatten(job.output()):
            folder = folder_of(output.path) if isinstance(output, FileSystemTarget) else ""
            if folder and not output.fs.exists(folder):
                _make(output.fs, folder)

    def get_arglist(self, f_name: str, job: Any) -> list[str]:
        """The command line that runs the file `f_name`."""
        rc = job.hiverc() or []
        words = [*settings.load_hive_cmd(), "-f", f_name]
        for path in [rc] if isinstance(rc, str) else rc:
            words += ["-i", path]
        for name, value in job.hiveconfs().items():
            words += ["--hiveconf", f"{name}={value}"]
        for name, value in job.hivevars().items():
            words += ["--hivevar", f"{name}={value}"]
        return words

    def run_job(self, job: Any, tracking_url_callback: Callable[[str], Any] | None = None) -> tuple[str, str]:
        """Run the query to its end; the jobs that it becomes are ended with the task. Raises HadoopJobError."""
        self.prepare_outputs(job)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", prefix="luigi-", suffix=".hql") as file:
            file.write(job.query())
            file.flush()
            arglist = self.get_arglist(file.name, job)
            return run_and_track_hadoop_job(arglist, tracking_url_callback, task=job, hint=HINT)


def _make(fs: Any, folder: str) -> None:
    try:
        fs.mkdir(folder)
    except FileAlreadyExists:
        return  # another task was quicker

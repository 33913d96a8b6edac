"""BaseHadoopJobTask: what all tasks have in common whose work is a job on Hadoop."""

from __future__ import annotations

from typing import Any

import luigi
from luigi.contrib._hadoop.errors import HadoopJobError
from luigi.contrib._hadoop.settings import hadoop
from luigi.structure import flatten


class _TaskId:
    """Each task's own; of a class it is None, as Luigi has it here."""

    def __get__(self, task: luigi.Task | None, owner: type[luigi.Task]) -> str | None:
        return None if task is None else vars(luigi.Task)["task_id"].__get__(task, owner)


class BaseHadoopJobTask(luigi.Task):
    """A task whose `job_runner()` runs it on Hadoop."""

    pool: str | None = luigi.OptionalParameter(default=None, significant=False, positional=False)
    """The pool, or queue, of Hadoop's scheduler that it runs in; by default `[hadoop] pool`."""

    task_id = _TaskId()
    batch_counter_default: int = 1
    """A counter is told once it comes to this, and at the end."""
    final_mapper: Any = NotImplemented
    """A method: gives what a mapper puts out after its last input."""
    final_combiner: Any = NotImplemented
    """The same, of combiners."""
    final_reducer: Any = NotImplemented
    """The same, of reducers."""
    mr_priority: Any = NotImplemented
    """A method, or a text: the priority of the job, such as "HIGH"."""
    package_binary: str | None = None
    """The path of a program that has all code in it, such as a pex of this module's runner `luigi.contrib.mrrunner`:
    it is sent in place of an archive."""
    data_interchange_format: str = "python"
    """How mapper and reducer exchange keys and values: python or json."""

    def job_runner(self) -> Any:
        """What runs it: a JobRunner."""
        raise NotImplementedError(f"{type(self).__name__} does not say what runs it: write its job_runner()")

    def jobconfs(self) -> list[str]:
        """Hadoop's own settings for this job, each as name=value."""
        confs = [f"mapred.job.name={self}"]
        if self.mr_priority is not NotImplemented:
            confs.append(
                f"mapred.job.priority={self.mr_priority() if callable(self.mr_priority) else self.mr_priority}"
            )
        if pool := self.pool or hadoop().pool:
            name = "mapred.fairscheduler.pool" if hadoop().scheduler == "fair" else "mapred.job.queue.name"
            confs.append(f"{name}={pool}")
        return confs

    def init_local(self) -> None:
        """Called before the job is submitted, where that is done."""

    def init_hadoop(self) -> None:
        """Called in each process of the job, before anything else."""

    def run(self) -> None:
        """Submit the job, and wait for its end. Raises HadoopJobError."""
        self.init_local()
        self.job_runner().run_job(self)

    def requires_local(self) -> Any:
        """Tasks whose outputs are needed where the job is submitted."""
        return []

    def requires_hadoop(self) -> Any:
        """Tasks whose outputs are the input of the job: by default all that `requires()` gives."""
        return self.requires()

    def input_local(self) -> Any:
        """The outputs of what `requires_local()` gives."""
        return luigi.task.getpaths(self.requires_local())

    def input_hadoop(self) -> Any:
        """The outputs of what `requires_hadoop()` gives."""
        return luigi.task.getpaths(self.requires_hadoop())

    def deps(self) -> list[Any]:
        """All of both kinds."""
        return flatten(self.requires_hadoop()) + flatten(self.requires_local())

    def on_failure(self, exception: BaseException) -> Any:
        """What is kept of a failure: of a job's, what was printed, too."""
        if not isinstance(exception, HadoopJobError):
            return super().on_failure(exception)
        return (
            f"Hadoop job failed with message: {exception.message}\n\n"
            f"    stdout:\n    {exception.out or ''}\n\n    stderr:\n    {exception.err or ''}\n"
        )

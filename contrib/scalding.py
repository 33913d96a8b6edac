"""Jobs of Scalding: a source in Scala, which is compiled, or a jar.

class Words(ScaldingJobTask):
    def source(self): return self.relpath(__file__, "../scala/Words.scala")
    def requires(self): return {"input": Text()}
    def output(self): return HdfsTarget("/words")
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from luigi.contrib._hadoop.base_task import BaseHadoopJobTask
from luigi.contrib._scalding.building import ScaldingBuildError
from luigi.contrib._scalding.runner import ScaldingJobRunner
from luigi.contrib._scalding.settings import scalding
from luigi.structure import flatten

__all__ = ["ScaldingBuildError", "ScaldingJobRunner", "ScaldingJobTask", "scalding"]


class ScaldingJobTask(BaseHadoopJobTask):
    """Runs a job of Scalding. Say its `source()`, or `jar()` and `job_class()`."""

    def relpath(self, current_file: str, rel_path: str) -> str:
        """The path `rel_path` as seen from the folder of `current_file`."""
        return os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(current_file)), rel_path))

    def source(self) -> str | None:
        """The path of a source in Scala."""
        return None

    def jar(self) -> str | None:
        """The path of a jar, in place of a source."""
        return None

    def extra_jars(self) -> Sequence[str]:
        """Jars that the job needs besides its own."""
        return []

    def job_class(self) -> str | None:
        """The job's class; by default the source's that takes `Args`."""
        return None

    def job_runner(self) -> Any:
        """The one that runs jobs of Scalding."""
        return ScaldingJobRunner()

    def atomic_output(self) -> bool:
        """Whether the output is written elsewhere first, and moved at the end."""
        return True

    def requires(self) -> Any:
        """Tasks, by the names that the job has for its inputs."""
        return {}

    def job_args(self) -> Sequence[str]:
        """More arguments for the job."""
        return []

    def args(self) -> list[Any]:
        """All arguments of the job: `--name path …` of each input, `--output path`, and `job_args()`."""
        inputs: Mapping[str, Any] = self.input()
        words: list[Any] = []
        for name, targets in inputs.items():
            words += [f"--{name}", *(target.path for target in flatten(targets))]
        output = self.output()
        for name, target in output.items() if isinstance(output, Mapping) else [("output", output)]:
            words += [f"--{name}", target]
        return [*words, *self.job_args()]

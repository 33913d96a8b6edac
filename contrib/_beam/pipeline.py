"""Runs the program of a pipeline, and ends the job that it has started in Dataflow."""

from __future__ import annotations

import logging
import re
import subprocess
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from luigi.contrib._jobs import program
from luigi.contrib._jobs.ending import ending
from luigi.contrib._jobs.parting import part
from luigi.contrib._jobs.redaction import redacted
from luigi.errors import KernelError

if TYPE_CHECKING:
    from luigi.task import Task

logger = logging.getLogger("luigi-interface")

KEPT: Final = 1 << 16
"""Bytes of its last output that are kept for the error."""
CONSOLE: Final = re.compile(
    r"https://console\.cloud\.google\.com/dataflow/(?:jobs|jobsDetail/locations)"
    r"/(?P<region>\w[\w-]*)/(?:jobs/)?(?P<job>\w[\w-]*)\?project=(?P<project>\w[\w.:-]*)"
)
"""Where, by what Beam for Java and for Python print, a job can be followed."""


class PipelineFailed(KernelError, subprocess.CalledProcessError):
    """The program of a pipeline ended with another exit code than 0."""

    def __init__(self, args: Sequence[str], code: int, output: str) -> None:
        subprocess.CalledProcessError.__init__(self, code, redacted(args), output)
        self.args = (self.cmd, code, output)

    def __str__(self) -> str:
        said = f"\nthe last that it printed:\n{self.output.rstrip()}" if self.output.strip() else ""
        return f"the pipeline {' '.join(self.cmd)} ended with exit code {self.returncode}{said}"


class CmdLineRunner:
    """Runs a command line for a task: what it prints is logged as it comes."""

    @staticmethod
    def run(cmd: Sequence[str], task: Task | None = None) -> None:
        """Run it to its end. Raises PipelineFailed, ProgramMissing."""
        printed = _Printed(task)
        with ending(printed.cancel):
            ran = program.run(cmd, hear=printed.hear, keep=KEPT)
        if ran.code != 0:
            raise PipelineFailed(cmd, ran.code, ran.stdout + ran.stderr)


class _Printed:
    """What the program prints, and the job of which it tells."""

    def __init__(self, task: Task | None) -> None:
        self._task = task
        self._job: re.Match[str] | None = None

    def hear(self, stream: str, line: str) -> None:
        logger.info("%s", line)
        found = CONSOLE.search(line)
        if found is not None and self._job is None:
            self._job = found
            if self._task is not None:
                self._task.set_tracking_url(found[0])

    def cancel(self) -> None:
        """Dataflow goes on with a job when the program that waits for it is ended."""
        if self._job is not None:
            where = [f"--region={self._job['region']}", f"--project={self._job['project']}"]
            command = ["gcloud", "dataflow", "jobs", "cancel", self._job["job"], *where]
            logger.warning("Its task is given up: %s", " ".join(command))
            part(command)

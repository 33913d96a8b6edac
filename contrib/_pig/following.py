"""Runs Pig: reports what it says of itself, and ends its jobs with the task."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from luigi.contrib._jobs import program
from luigi.contrib._jobs.redaction import redacted
from luigi.contrib._pig.errors import PigJobError
from luigi.contrib.hadoop import HadoopRunContext

if TYPE_CHECKING:
    from luigi.task import Task

logger = logging.getLogger("luigi-interface")

PROGRESS: Final = re.compile(r"\b(\d+)% complete\b")
URL: Final = re.compile(r"\b(?:More information at|The url to track the job):\s*(\S+)", re.IGNORECASE)
KEPT: Final = 1 << 20
"""Bytes of each stream that are kept for the error: the last ones."""
HINT: Final = "set [pig] home to where Pig is installed"


class PigRunContext(HadoopRunContext):
    """Within `with`, the jobs of a script, whose ids are `heard`, are killed when the task is given up."""


def follow(args: Sequence[str], env: Mapping[str, str], task: Task) -> None:
    """Run the command to its end. Raises PigJobError and ProgramMissing."""
    logger.info("%s", " ".join(redacted(args)))
    with PigRunContext() as context:
        hear = _Heard(context, task).line
        ran = program.run(args, env=env, hear=hear, keep=KEPT, hint=HINT)
        if ran.code != 0:
            script = f"Pig script (job {context.job_id})" if context.job_id else "Pig script"
            raise PigJobError(f"{script} failed with return value: {ran.code}", ran.stdout, ran.stderr)


class _Heard:
    """What Pig has said so far."""

    def __init__(self, context: HadoopRunContext, task: Task) -> None:
        self._context = context
        self._task = task

    def line(self, stream: str, line: str) -> None:
        """Take in one line of it."""
        logger.info("%s", line)
        self._context.hear(line)
        if found := URL.search(line):
            self._task.set_tracking_url(found[1])
        if found := PROGRESS.search(line):
            self._task.set_progress_percentage(int(found[1]))
            self._task.set_status_message(f"{self._context.job_id or 'Pig'}: {found[0]}")

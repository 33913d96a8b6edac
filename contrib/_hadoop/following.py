"""Runs a program that runs jobs on Hadoop: reports what they say of themselves, and ends them with the task."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Mapping, Sequence
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

from luigi.contrib._hadoop.errors import HadoopJobError
from luigi.contrib._hadoop.failures import fetch_task_failures
from luigi.contrib._jobs import program
from luigi.contrib._jobs.ending import ending
from luigi.contrib._jobs.parting import part
from luigi.contrib._jobs.redaction import redacted
from luigi.contrib.hdfs.config import load_hadoop_cmd

if TYPE_CHECKING:
    from luigi.task import Task

logger = logging.getLogger("luigi-interface")

TRACKING_RE: Final = re.compile(r"(tracking url|the url to track the job)\s*[:=]\s*(?P<url>\S+)", re.IGNORECASE)
BEGAN: Final = re.compile(
    r"(running|starting|submitted|submitting) (job|application)|hadoopjobid|app id", re.IGNORECASE
)
ENDED: Final = re.compile(r"\b(completed?|failed|ended|killed)\b", re.IGNORECASE)
ID: Final = re.compile(r"\b(job|application)_(\d+_\d+)\b")
PROGRESS: Final = re.compile(r"\bmap\s*=?\s*(\d+)%,?\s+reduce\s*=?\s*(\d+)%")
Through = Callable[[Sequence[str]], Sequence[str]]
"""Makes of a command line one that runs it on another machine."""
KEPT: Final = 1 << 20
"""Bytes of each stream that are kept for the error: the last ones."""
HINT: Final = "set [hadoop] command to where it is"
SHOWN_LINES: Final = 20
"""Lines of the standard error that the sentence of the error ends with."""


class HadoopRunContext:
    """Within `with`, the jobs whose ids are heard are killed when the task is given up.

    `through` is for where Hadoop's commands are on another machine.
    """

    def __init__(self, through: Through | None = None) -> None:
        self._through = through
        self.job_id: str | None = None
        """The last that began."""
        self.application_id: str | None = None
        self._running: dict[str, str] = {}

    def __enter__(self) -> HadoopRunContext:
        self._ending = ending(self.kill_job)
        self._ending.__enter__()
        return self

    def __exit__(self, *raised: Any) -> bool | None:
        return self._ending.__exit__(*raised)

    def hear(self, line: str) -> None:
        """Note which job begins or ends, when the line says so."""
        found = ID.search(line)
        if found is None:
            return
        if BEGAN.search(line):
            self._began(found.group(1), found.group(2))
        elif ENDED.search(line):
            self._running.pop(found.group(2), None)

    def _began(self, kind: str, number: str) -> None:
        if kind == "application":
            self.application_id = f"application_{number}"
        else:
            self.job_id = f"job_{number}"
        if self._running.get(number) != "application":  # one has both ids; to end the application ends all of it
            self._running[number] = kind

    def kill_job(self, captured_signal: int | None = None, stack_frame: FrameType | None = None) -> None:
        """Have Hadoop kill what began and has not ended."""
        for number, kind in self._running.items():
            logger.warning("%s_%s is killed: its task is given up", kind, number)
        part(*(self._kill(kind, number) for number, kind in self._running.items()))

    def _kill(self, kind: str, number: str) -> Sequence[str]:
        name = "yarn" if kind == "application" else "mapred"
        beside = os.path.join(os.path.dirname(load_hadoop_cmd()[0]), name)  # they lie where `[hadoop] command` does
        if self._through is not None:
            return self._through([beside, kind, "-kill", f"{kind}_{number}"])
        return [beside if os.access(beside, os.X_OK) else name, kind, "-kill", f"{kind}_{number}"]


def run_and_track_hadoop_job(
    arglist: Sequence[str],
    tracking_url_callback: Callable[[str], Any] | None = None,
    env: Mapping[str, str] | None = None,
    task: Task | None = None,
    hint: str = HINT,
) -> tuple[str, str]:
    """Run the command to its end, and give what it printed on its standard output and error.

    Where the job can be followed is told to `tracking_url_callback`, or to `task`, whose progress is reported, too.
    `hint` is for whoever lacks the program.
    Raises HadoopJobError, with what failed tasks of the job have printed where that can be fetched; ProgramMissing.
    """
    return follow(arglist, tracking_url_callback, env, task, hint=hint)[:2]


def follow(
    arglist: Sequence[str],
    tracking_url_callback: Callable[[str], Any] | None,
    env: Mapping[str, str] | None,
    task: Task | None,
    through: Through | None = None,
    hint: str = HINT,
) -> tuple[str, str, str | None]:
    """What `run_and_track_hadoop_job` does, `through` another machine; gives the job's id, too."""
    shown = redacted(arglist)  # before all of it is one word of ssh's
    logger.info("%s", " ".join(shown if through is None else through(shown)))
    arglist = arglist if through is None else through(arglist)
    with HadoopRunContext(through) as context:
        heard = _Heard(context, task, tracking_url_callback)
        code, out, err = program.run(arglist, env=env, hear=heard.line, keep=KEPT, hint=hint)[1:]
        if code != 0:
            called = f"Hadoop job {context.job_id}" if context.job_id else arglist[0]
            raise HadoopJobError(_sentence(called, code, heard.url, err), out, err)
    return out, err, context.job_id


class _Heard:
    """What the program has said so far."""

    def __init__(
        self, context: HadoopRunContext, task: Task | None, tracking_url_callback: Callable[[str], Any] | None
    ) -> None:
        self._context = context
        self._task = task
        self._tell_url = tracking_url_callback or (None if task is None else task.set_tracking_url)
        self.url = ""

    def line(self, stream: str, line: str) -> None:
        line = line.rstrip()
        if stream == "stderr":
            logger.info("%s", line)
        self._context.hear(line)
        if (found := TRACKING_RE.search(line)) and found["url"] != self.url:
            self.url = found["url"]
            if self._tell_url is not None:
                self._tell_url(self.url)
        if (found := PROGRESS.search(line)) and self._task is not None:
            self._task.set_status_message(found.group())
            self._task.set_progress_percentage((int(found.group(1)) + int(found.group(2))) / 2)


def _sentence(called: str, code: int, url: str, err: str) -> str:
    parts = [f"{called} failed with exit code {code}"]
    if url:
        parts += [f"it could be followed at {url}", _of_tasks(url)]
    if last := err.rstrip().splitlines()[-SHOWN_LINES:]:
        parts.append("the last that was printed:\n" + "\n".join(last))
    return "\n".join(parts)


def _of_tasks(url: str) -> str:
    try:
        return f"what its failed tasks printed:\n{fetch_task_failures(url)}"
    except (OSError, LookupError, TypeError, ValueError) as error:
        return f"what its failed tasks printed could not be fetched: {error!r}"

"""The process of a job in which the task runs: one attempt, from the start, and how it ended."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from luigi.errors import KernelError
from luigi.executors.child_main import stand_alone
from luigi.executors.hosting.batch_jobs import lines, messages
from luigi.executors.hosting.batch_jobs.job_spec import STDOUT, JobSpec
from luigi.executors.hosting.batch_jobs.private_files import read_private
from luigi.executors.hosting.batch_jobs.requirements import RequirementStays, described
from luigi.executors.hosting.luggage import opened as opened_luggage
from luigi.executors.hosting.travel import opened
from luigi.interfaces import Answer, Outcome, Progress
from luigi.output.streams import be_prompt, flush
from luigi.task_status import FAILED, PENDING
from luigi.worker.attempt import Attempt
from luigi.worker.context import Reporter

if TYPE_CHECKING:
    from luigi.executors.child_main import Equipment
    from luigi.executors.hosting.batch_jobs.telling import Tell
    from luigi.task import Task

TOLD: Final = b"."
"""What the process says when it has told all: whether it lives on is not important any more."""


def work(spec: JobSpec, folder: str, tell: Tell, done: int) -> None:
    """Run the task, and write TOLD to the file descriptor `done`."""
    stand_alone()
    be_prompt()
    tell(lines.began(socket.gethostname()))
    try:
        last = _last_line(spec, folder, tell)
    except KernelError as error:
        last = lines.died(FAILED, f"{error}\n{error.hint}", None)
    except Exception as error:  # of the luggage: what plugins bring along may be anything
        last = lines.died(FAILED, f"Task {spec.parcel.task_id} cannot be begun in a job: {error!r}", None)
    flush()
    tell(last)
    os.write(done, TOLD)


def _last_line(spec: JobSpec, folder: str, tell: Tell) -> bytes:
    equipment = opened_luggage(read_private(spec.luggage)).arrive()
    try:
        task = opened(spec.parcel.content)
    except ImportError as error:
        return lines.not_there(error.name or "", str(error))
    outcome = _attempted(task, spec, folder, equipment, tell)
    try:
        wanted = [described(one, openly=spec.news == STDOUT) for one in outcome.new_requirements]
    except RequirementStays as error:
        return lines.died(FAILED, f"{error}\n{error.hint}", None)
    return lines.ended(outcome, wanted)


def _attempted(task: Task, spec: JobSpec, folder: str, equipment: Equipment, tell: Tell) -> Outcome:
    token, rules = spec.parcel.token, equipment.rules
    attempt = Attempt(task, rules, equipment.is_complete, equipment.run_task)
    reporter = Reporter(_Line(tell), task, rules.worker_id, token)
    if reporter.scheduler_messages is not None:
        messages.deliver(folder, task.task_id, reporter)
    try:
        outcome = attempt.go(token, reporter)
    except KeyboardInterrupt:  # nobody's Ctrl-C: the task has raised it
        outcome = Outcome(task, token, FAILED, "its run() was interrupted")
    if outcome.status == PENDING:
        attempt.close()  # nothing waits in a job: it begins from the top
    return outcome


class _Line:
    """The scheduler, as the task sees it."""

    def __init__(self, tell: Callable[[bytes], None]) -> None:
        self._tell = tell

    def exchange(self, worker: str, said: Sequence[Progress | Answer], want: int) -> None:
        for one in said:
            self._tell(lines.said(one))

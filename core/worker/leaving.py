"""What a scheduler elsewhere is told of a run as a whole: what it is as it begins, and how it ended."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from luigi.clock import SYSTEM
from luigi.errors import KernelError
from luigi.execution_summary.groups import sort_out
from luigi.execution_summary.status import LuigiStatusCode, status_of
from luigi.run_facts import run_began
from luigi.task import Task

if TYPE_CHECKING:
    from luigi.worker.identity import Facts
    from luigi.worker.line import Distant
    from luigi.worker.record import RunRecord

logger = logging.getLogger("luigi-interface")


def facts_of_run(worker: str, roots: Sequence[Task]) -> Facts:
    """The command, the program's version and the first of the tasks that were asked for."""
    began = run_began(worker, roots, SYSTEM.now())
    return [("command", began.command), ("code_version", began.code_version), ("roots", list(began.roots))]


def bid_farewell(scheduler: Distant, worker: str, record: RunRecord, ended_well: bool) -> None:
    """Tell `scheduler` how the run went. That it does not hear it is no failure of the run.

    `ended_well`: whether nothing was raised.
    """
    status = status_of(sort_out(record)) if ended_well else LuigiStatusCode.FAILED
    try:
        scheduler.farewell(worker, status.name)
    except KernelError as error:
        logger.warning("The scheduler was not told how the run of %s ended: %s", worker, error)

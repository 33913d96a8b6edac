"""What became of a run: the text at its end, and the LuigiRunResult that `build(detailed_summary=True)` gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from luigi import parameter
from luigi.execution_summary import groups as _groups
from luigi.execution_summary.histories import record_of
from luigi.execution_summary.status import LuigiStatusCode, status_of
from luigi.execution_summary.text import one_line, summary_text
from luigi.task import Config

if TYPE_CHECKING:
    from luigi.task import Task
    from luigi.worker import Worker

__all__ = ["LuigiRunResult", "LuigiStatusCode", "execution_summary", "summary"]


class execution_summary(Config):
    """How much the summary tells."""

    summary_length = parameter.IntParameter(
        default=5, description="how many families of tasks are shown of each group; 0 for all"
    )


class LuigiRunResult:
    """How a run went. Made from its worker when that has ended.

    `status`: a LuigiStatusCode. `summary_text`: the whole summary. `one_line_summary`: its last sentence.
    `scheduling_succeeded`: whether everything could be scheduled and run, as the caller of the worker found.
    `worker`: the worker.
    """

    def __init__(self, worker: Worker, worker_add_run_status: bool = True) -> None:
        """Sum up what `worker` did. `worker_add_run_status`: whether its `add` and `run` gave True."""
        record = record_of(worker)
        groups = _groups.sort_out(record)
        self.worker = worker
        self.status = status_of(groups)
        self.summary_text = summary_text(groups, record, self.status, execution_summary().summary_length)
        self.one_line_summary = one_line(self.status)
        self.scheduling_succeeded = worker_add_run_status

    def __str__(self) -> str:
        return f"LuigiRunResult with status {self.status}"

    def __repr__(self) -> str:
        return (
            f"LuigiRunResult(status={self.status!r},worker={self.worker!r},"
            f"scheduling_succeeded={self.scheduling_succeeded!r})"
        )


def summary(worker: Worker) -> str:
    """The summary of what `worker` did, as text."""
    return LuigiRunResult(worker).summary_text


# Programs reach for these names of Luigi's, so they stay.

_create_one_line_summary = one_line

_ORDERED_STATUSES = (
    "already_done",
    "completed",
    "ever_failed",
    "failed",
    "scheduling_error",
    "still_pending",
    "still_pending_ext",
    "run_by_other_worker",
    "upstream_failure",
    "upstream_missing_dependency",
    "upstream_run_by_other_worker",
    "upstream_scheduling_error",
    "not_run",
)


def _summary_dict(worker: Worker) -> dict[str, set[Any]]:
    """The tasks of a run by group: what became of them."""
    return {name: set(tasks) for name, tasks in _groups.sort_out(record_of(worker)).items()}


def _root_task(worker: Worker) -> Task:
    """The task that was asked for, the first if there were several. Raises IndexError if there was none."""
    return record_of(worker).roots[0]  # type: ignore[no-any-return]

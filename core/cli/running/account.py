"""What came of a run, task by task: what its summaries are written from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from luigi.cli.running.ledger import Ledger, Noted
from luigi.clock import SYSTEM

if TYPE_CHECKING:
    from luigi.worker.record import RunRecord

DONE: Final = "done"
COMPLETE: Final = "complete"
FAILED: Final = "failed"
UNKNOWN: Final = "unknown"
MISSING: Final = "missing"
ELSEWHERE: Final = "elsewhere"
BLOCKED: Final = "blocked"
NOT_RUN: Final = "not run"
DISABLED: Final = "disabled"

ENDS: Final = (DONE, COMPLETE, FAILED, UNKNOWN, MISSING, ELSEWHERE, BLOCKED, NOT_RUN, DISABLED)
"""What can become of a task in a run."""

_GROUPS: Final = {
    "completed": DONE,
    "failed": FAILED,
    "already_done": COMPLETE,
    "scheduling_error": UNKNOWN,
    "still_pending_ext": MISSING,
    "run_by_other_worker": ELSEWHERE,
    "upstream_failure": BLOCKED,
    "upstream_missing_dependency": BLOCKED,
    "upstream_run_by_other_worker": BLOCKED,
    "upstream_scheduling_error": BLOCKED,
    "not_run": NOT_RUN,
}
"""Group of the execution summary → what became of its tasks; the first that has a task counts."""

_WHY: Final = {
    "still_pending_ext": "an external task is not there",
    "run_by_other_worker": "another worker runs it",
    "upstream_failure": "a requirement failed",
    "upstream_missing_dependency": "an external requirement is not there",
    "upstream_run_by_other_worker": "another worker runs a requirement",
    "upstream_scheduling_error": "a requirement could not be checked",
    "not_run": "the run ended before, or the scheduler did not allow it",
}


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one task."""

    task_id: str
    family: str
    parameters: Mapping[str, str]
    """The significant public ones, as texts."""
    end: str
    """One of ENDS."""
    tries: int
    seconds: float
    """How long it ran, all attempts together."""
    said: str
    """Why it did not end well; or what `on_success()` gave. Without private values."""

    @property
    def label(self) -> str:
        """`Load(day=2013-07-04)`."""
        return f"{self.family}({', '.join(f'{name}={value}' for name, value in self.parameters.items())})"


@dataclass(frozen=True, slots=True)
class Account:
    """What came of a run."""

    run_id: str
    """Empty when it never began."""
    status: str
    """The name of a LuigiStatusCode; empty when the run never began."""
    exit_code: int
    began: float
    """Of the command, in seconds since the epoch; `seconds` likewise."""
    seconds: float
    roots: Sequence[str]
    lines: Sequence[Line]
    spent: Mapping[str, float]
    """Seconds of the worker's, by what on."""
    error: str
    """What kept the run from beginning, as far as it is known."""

    def counts(self) -> dict[str, int]:
        """What became of tasks → how many; without what became of none."""
        counts = Counter(line.end for line in self.lines)
        return {end: counts[end] for end in ENDS if counts[end]}

    def by_family(self) -> dict[str, list[Line]]:
        """The tasks of each family."""
        families: dict[str, list[Line]] = {}
        for line in self.lines:
            families.setdefault(line.family, []).append(line)
        return families


def account_of(ledger: Ledger, exit_code: int, error: str = "") -> Account:
    """The account of a run that has ended, or never began."""
    now = SYSTEM.now()
    run = ledger.run
    if run is None:
        return Account("", "", exit_code, ledger.began, now - ledger.began, (), (), {}, error)
    from luigi.execution_summary.groups import sort_out
    from luigi.execution_summary.status import status_of

    groups = sort_out(run)
    return Account(
        run.run_id,
        status_of(groups).name,
        exit_code,
        ledger.began,
        (ledger.ended or now) - ledger.began,
        [root.task_id for root in run.roots],
        list(_lines(run, groups, ledger)),
        dict(run.spent.seconds),
        error,
    )


def _lines(run: RunRecord, groups: Mapping[str, Sequence[object]], ledger: Ledger) -> Iterator[Line]:
    group_of = {id(task): name for name in reversed(_GROUPS) for task in groups[name]}
    for task_id, seen in run.seen.items():
        noted = ledger.tasks.get(task_id, Noted())
        group = group_of.get(id(seen.task), "")
        yield Line(
            task_id,
            seen.task.task_family,
            seen.task.to_str_params(only_significant=True, only_public=True),
            _GROUPS.get(group, DISABLED),
            len(noted.tries),
            noted.seconds,
            noted.said or _WHY.get(group, ""),
        )

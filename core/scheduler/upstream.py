"""What a pending task waits for, in one word: the worst that stands anywhere below it.

The words and their order are Luigi's. Nothing here is kept: a question walks what it is about, each task once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from luigi.scheduler.records import TaskRecord
from luigi.task_status import BATCH_RUNNING, DISABLED, FAILED, PENDING, RUNNING

UPSTREAM_RUNNING: Final = "UPSTREAM_RUNNING"
UPSTREAM_MISSING_INPUT: Final = "UPSTREAM_MISSING_INPUT"
UPSTREAM_FAILED: Final = "UPSTREAM_FAILED"
UPSTREAM_DISABLED: Final = "UPSTREAM_DISABLED"

UPSTREAM_SEVERITY_ORDER: Final = (
    "",
    UPSTREAM_RUNNING,
    UPSTREAM_MISSING_INPUT,
    UPSTREAM_FAILED,
    UPSTREAM_DISABLED,
)
"""From the most harmless to the worst."""

UPSTREAM_SEVERITY_KEY: Final = UPSTREAM_SEVERITY_ORDER.index

STATUS_TO_UPSTREAM_MAP: Final[Mapping[str, str]] = {
    FAILED: UPSTREAM_FAILED,
    RUNNING: UPSTREAM_RUNNING,
    BATCH_RUNNING: UPSTREAM_RUNNING,
    PENDING: UPSTREAM_MISSING_INPUT,
    DISABLED: UPSTREAM_DISABLED,
}
"""What a task of each status means to those above it; a pending one only when it waits for nothing itself."""

ByStatus = Mapping[str, Collection[TaskRecord]]


def upstream(task: TaskRecord) -> str:
    """What a PENDING task waits for; "" for nothing, for what is not known, and for a task of another status.

    A task that requires nothing is UPSTREAM_MISSING_INPUT itself: it is what others wait for.
    """
    worst = 0
    seen = {task}
    stack = [task] if task.status == PENDING else []
    while stack and worst < len(UPSTREAM_SEVERITY_ORDER) - 1:
        waiting = stack.pop()
        worst = max(worst, _severity(waiting))
        if waiting.status == PENDING and waiting.unmet:
            below = [dep for dep in waiting.deps if dep not in seen]
            seen.update(below)
            stack += below
    return UPSTREAM_SEVERITY_ORDER[worst]


def _severity(task: TaskRecord) -> int:
    """How bad a task is for those above it, by itself."""
    if task.status == PENDING and task.deps:
        return 0
    return UPSTREAM_SEVERITY_KEY(STATUS_TO_UPSTREAM_MAP.get(task.status, ""))


def waiting_for(state: str, by_status: ByStatus) -> dict[TaskRecord, None]:
    """The PENDING tasks whose upstream is `state`: one of UPSTREAM_SEVERITY_ORDER but "".

    Walks up from what is that bad or worse, so few failures cost little however many tasks are pending. With a copy of
    `by_status` no lock is needed for that; of that it takes only those statuses that put others into such a state.
    """
    worse: dict[TaskRecord, None] = {}
    for candidate in reversed(UPSTREAM_SEVERITY_ORDER):
        reached = _pending_above(_sources(candidate, by_status), worse)
        if candidate == state:
            return reached
        worse |= reached
    raise ValueError(f"{state!r} is not among {UPSTREAM_SEVERITY_ORDER[1:]}")


def _sources(state: str, by_status: ByStatus) -> Iterable[TaskRecord]:
    """The tasks that by themselves put those above them into `state`."""
    for status, means in STATUS_TO_UPSTREAM_MAP.items():
        if means == state:
            for task in by_status[status]:
                if status != PENDING or not task.deps:
                    yield task


def _pending_above(sources: Iterable[TaskRecord], but: Mapping[TaskRecord, None]) -> dict[TaskRecord, None]:
    """The PENDING tasks among and above `sources`, without `but` and what is only reached through those."""
    found: dict[TaskRecord, None] = {}
    stack = []
    for source in sources:
        if source.status == PENDING and source not in but:
            found[source] = None
        stack.append(source)
    while stack:
        for task in tuple(stack.pop().dependents):  # at once: somebody may add to them
            if task.status == PENDING and task not in found and task not in but:
                found[task] = None
                stack.append(task)
    return found

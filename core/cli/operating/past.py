"""What a history has, narrowed, for `kernel history`: as JSON can have it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from luigi.cli.usage import UsageError
from luigi.errors import KernelError, did_you_mean
from luigi.history_reading import AttemptsWanted, HistoryReading, Page, TasksWanted

if TYPE_CHECKING:
    from luigi.history_reading import PastAttempt

AT_ONCE: Final = 200
"""Rows in one question."""
MANY: Final = 100
"""So many ids that begin so are counted."""
DAY: Final = 86_400.0


class Wanted(NamedTuple):
    """What is to be shown."""

    family: str
    status: str
    since: float | None
    """In seconds since the epoch; None when it does not matter."""
    limit: int

    @classmethod
    def of(cls, asked: Namespace) -> Wanted:
        """What the options say. Raises UsageError for a time that is none."""
        return cls(asked.family, asked.status.upper(), _moment(asked.since), max(1, asked.limit))

    def narrowed(self, rows: Iterable[Any], began: Callable[[Any], float | None]) -> list[dict[str, Any]]:
        """Those of the rows, of which the newest come first, that are wanted."""
        fresh = (row for row in rows if self.since is None or (began(row) or 0) >= self.since)
        right = (row for row in fresh if self.status in ("", row.status))
        return [_told(row) for row in islice(right, self.limit)]


def _moment(text: str | None) -> float | None:
    from datetime import datetime

    from luigi.clock import SYSTEM
    from luigi.parameter import TimeDeltaParameter

    if text is None:
        return None
    with suppress(ValueError):
        return datetime.fromisoformat(text).timestamp()
    try:
        return SYSTEM.now() - float(TimeDeltaParameter().parse(text).total_seconds())
    except (KernelError, ValueError):
        raise UsageError(f"--since {text}: it is no time", hint="12h, 7d, 2026-01-31 or 2026-01-31T12:00") from None


def _told(row: Any) -> dict[str, Any]:
    found: dict[str, Any] = row._asdict()
    attempt = found.get("attempt")
    if isinstance(attempt, tuple):
        found["attempt"] = row.attempt._asdict()
    for name in ("params", "attempts"):
        if name in found:
            found[name] = dict(found[name])
    return found


def _every(ask: Callable[[int, str], Page[Any]]) -> Iterator[Any]:
    """All rows of a list, page by page."""
    after = ""
    while True:
        page = ask(AT_ONCE, after)
        yield from page.items
        after = page.next
        if not after:
            break


def tasks(history: HistoryReading, wanted: Wanted) -> list[dict[str, Any]]:
    """Tasks: of a family, or those to which something happened lately."""
    from luigi.clock import SYSTEM

    if wanted.family:
        named = TasksWanted(family=wanted.family)
        return wanted.narrowed(_every(lambda limit, after: history.tasks(named, limit, after)), lambda row: row.at)
    since = SYSTEM.now() - DAY if wanted.since is None else wanted.since
    return wanted.narrowed(_every(lambda limit, after: history.latest(since, limit, after)), lambda row: row.at)


def attempts(history: HistoryReading, task_id: str, wanted: Wanted) -> list[dict[str, Any]]:
    """The attempts at a task."""
    return _attempts(history, AttemptsWanted(task_id=task_id), wanted)


def _attempts(history: HistoryReading, of: AttemptsWanted, wanted: Wanted) -> list[dict[str, Any]]:
    def started(row: PastAttempt) -> float:
        return row.started

    return wanted.narrowed(_every(lambda limit, after: history.attempts(of, limit, after)), started)


def runs(history: HistoryReading, wanted: Wanted) -> list[dict[str, Any]]:
    """Runs."""
    return wanted.narrowed(_every(lambda limit, after: history.runs(limit, after)), lambda row: row.began)


def run(history: HistoryReading, number: int, wanted: Wanted) -> dict[str, Any]:
    """One run: `counts` has how many attempts it made, by status, `attempts` those that are wanted."""
    found = history.run(number)
    if found is None:
        raise KernelError(f"the history has no run {number}", hint="`kernel history --runs` shows which there are")
    told = _told(found)
    counts = told.pop("attempts")
    return {**told, "counts": counts, "attempts": _attempts(history, AttemptsWanted(run=number), wanted)}


class OfHistory:
    """The tasks that a history knows."""

    def __init__(self, history: HistoryReading) -> None:
        self._history = history

    def beginning(self, text: str, limit: int) -> tuple[Sequence[str], int]:
        """As `naming.KnowsIds`; beyond MANY they are not counted."""
        if self._history.tasks(TasksWanted(task_id=text), 1).items:
            return [text], 1
        found: set[str] = set()
        for task_id in self._ids(lambda name: text.startswith(name) or name.startswith(text)):
            if task_id.startswith(text):
                found.add(task_id)
            if len(found) == MANY:
                break
        return sorted(found)[:limit], len(found)

    def refuse(self, text: str) -> KernelError:
        """That it has nothing of the name, and what is named like it."""
        near = did_you_mean(text.partition("_")[0], self._families())
        return KernelError(f"the history has no task {text!r}", hint=near or "`kernel history` shows the last ones")

    def _families(self) -> list[str]:
        return [family.name for family in _every(lambda limit, after: self._history.families(limit, after))]

    def _ids(self, is_one: Callable[[str], bool]) -> Iterator[str]:
        for name in filter(is_one, self._families()):
            yield from (task.task_id for task in _every(self._of_family(name)))

    def _of_family(self, name: str) -> Callable[[int, str], Page[Any]]:
        return lambda limit, after: self._history.tasks(TasksWanted(family=name), limit, after)

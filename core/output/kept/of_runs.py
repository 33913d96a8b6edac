"""Where runs without a server keep what their tasks print, for how long, and what can be asked of it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from heapq import nsmallest
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from luigi.errors import KernelError, did_you_mean
from luigi.output.kept.reading import Kept, kept, page
from luigi.output.kept.segments import opened, segments
from luigi.process import is_alive

if TYPE_CHECKING:
    from luigi.worker.config import worker as worker_config

BETWEEN_SWEEPS: Final = 600.0
"""Seconds from one look at what is too much to the next."""
STAMP: Final = ".swept"
"""The file whose age says when that was."""

_PID: Final = re.compile(r"\bpid=(\d+)")


class Limits(NamedTuple):
    """How much is kept."""

    bytes: int
    """Of one attempt."""
    keep_hours: float
    total_bytes: int


class NothingKept(KernelError):
    """No run without a server has kept anything of such a task."""

    def __init__(self, text: str, known: Sequence[str]) -> None:
        super().__init__(f"no run on this machine has kept what {text!r} printed")
        hint = "runs of `kernel run` without a server keep it; of others a server does: --scheduler-url"
        families = dict.fromkeys(task_id.partition("_")[0] for task_id in known)
        self.hint = did_you_mean(text, known) or did_you_mean(text.partition("_")[0], families) or hint


def default_folder() -> str:
    """In the user's folder for state. Not where a server keeps output: its attempts have tokens of their own."""
    return os.path.join(os.path.expanduser(os.environ.get("XDG_STATE_HOME") or "~/.local/state"), "luigi", "run-logs")


def folder(config: worker_config) -> str:
    """The folder that the configuration says."""
    return os.path.expanduser(config.output_dir) or default_folder()


def limits(config: worker_config) -> Limits:
    """How much the configuration says is kept."""
    return Limits(config.output_bytes, config.output_keep_hours, config.output_total_bytes)


def sweep_if_due(base: str, limits: Limits, now: float) -> None:
    """Remove what is too old, and the oldest beyond what is kept in all, unless somebody has just done so.

    What cannot be removed stays.
    """
    from contextlib import suppress

    from luigi.output.kept.sweeping import sweep

    stamp = os.path.join(base, STAMP)
    with suppress(OSError):
        if os.path.isdir(base) and not (os.path.exists(stamp) and now - os.stat(stamp).st_mtime < BETWEEN_SWEEPS):
            with open(stamp, "wb"):
                os.utime(stamp, (now, now))
            sweep(base, now - 3600 * limits.keep_hours, limits.total_bytes)


class KeptByRuns:
    """What is kept in a folder. Answers as the server's API does about its own."""

    def __init__(self, base: str) -> None:
        self.base = base

    def log(self, task_id: str, attempt: int | None, after: int) -> dict[str, Any]:
        """What an attempt has printed from a place on; without one, the newest. As `GET /api/v1/tasks/ID/log`.

        Attempts are told apart by when they began, in milliseconds: tokens begin anew with each run.
        """
        found = kept(segments(self.base, task_id))
        rows = [_row(one) for one in found]
        chosen = rows[0]["attempt"] if attempt is None and rows else attempt
        told = {"attempt": chosen, "attempts": rows}
        for one, row in zip(found, rows, strict=True):
            if row["attempt"] == chosen:
                some = page(one.segments, after)
                ended = row["ended"] is not None and some.next >= one.segments[-1].end
                return {**told, "pieces": some.pieces, "next": some.next, "ended": ended, "lost": some.lost}
        return {**told, "pieces": [], "next": 0, "ended": False, "lost": 0}

    def beginning(self, text: str, limit: int) -> tuple[Sequence[str], int]:
        """The first ids that begin so, and how many do."""
        found = {task_id for task_id in self._ids() if task_id.startswith(text)}
        return nsmallest(limit, found), len(found)

    def refuse(self, text: str) -> KernelError:
        """That nothing is kept of it, and what is named like it."""
        return NothingKept(text, sorted(set(self._ids())))

    def _ids(self) -> Iterator[str]:
        """The ids of tasks, one for each folder."""
        for place, _, names in os.walk(self.base):
            paths = (os.path.join(place, name) for name in names if name.endswith(".jsonl"))
            first = next((one for one in map(opened, paths) if one is not None), None)
            if first is not None:
                yield first.whose.task_id


def _row(one: Kept) -> dict[str, Any]:
    whose = one.whose
    ended = one.ended()
    if ended is None and not _may_go_on(whose.worker):
        ended = one.changed()
    return {"attempt": int(whose.began * 1000), "worker": whose.worker, "began": whose.began, "ended": ended}


def _may_go_on(worker: str) -> bool:
    """Whether the worker's process lives, as far as its id tells: one that was killed says no last word."""
    pid = _PID.search(worker)
    return pid is None or is_alive(int(pid[1]))

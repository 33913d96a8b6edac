"""Runs as a scheduler sees them from afar: each begins as its worker introduces itself, and ends as it says or is lost.

A scheduler that lives as long as one run has no need of this: there the run itself tells.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from luigi.scheduler.events import Introduced, OfASubmission, Resumed, Settled, Submitted, WorkerLost
from luigi.telling import MOST_ROOTS, NOTHING, RunBegan, RunEnded

if TYPE_CHECKING:
    from luigi.scheduler import Scheduler
    from luigi.scheduler.machine import Machine
    from luigi.scheduler.shell import OfARun

LOST: Final = "LOST"
"""How a run ended whose worker was not heard of any more."""


class Runs:
    """Tells when a run begins, again when more is known of it, and once how it ended.

    `going_on`: runs that were told of before, by worker.
    Any thread may call.
    """

    def __init__(
        self,
        began: Callable[[RunBegan], None],
        ended: Callable[[RunEnded], None],
        going_on: Mapping[str, RunBegan] = NOTHING,
    ) -> None:
        self._began, self._ended = began, ended
        self._going_on = dict(going_on)
        self._settled: dict[str, RunBegan] = {}
        self._lock = threading.Lock()

    def heard(self, what: OfARun, at: float) -> None:
        """Something became of a worker, or of a submission, at `at`, in seconds since the epoch."""
        if isinstance(what, Introduced):
            self._introduced(what, at)
        elif isinstance(what, WorkerLost):
            self.ended(RunEnded(what.worker, at, LOST))
        else:
            self._of_a_submission(what, at)

    def _of_a_submission(self, what: OfASubmission, at: float) -> None:
        """One that ended may go on: then it begins once more."""
        name = what.submission
        if isinstance(what, Submitted):
            self._introduced(Introduced(name, what.info), at)
        elif isinstance(what, Settled):
            self._settled[name] = self._going_on.get(name) or self._settled.get(name) or RunBegan(name, at)
            self.ended(RunEnded(name, at, what.status))
        elif isinstance(what, Resumed):
            with self._lock:
                run = self._going_on[name] = self._settled.pop(name, RunBegan(name, at))._replace(at=at)
            self._began(run)
        else:
            self._settled.pop(name, None)

    def _introduced(self, what: Introduced, at: float) -> None:
        with self._lock:
            before = self._going_on.get(what.worker)
            run = _told(what.info, before or RunBegan(what.worker, at))
            changed = run != before
            self._going_on[what.worker] = run
        if changed:
            self._began(run)

    def ended(self, run: RunEnded) -> None:
        """A run ended. What is not known to go on has ended before."""
        with self._lock:
            known = run.run_id in self._going_on
            self._going_on.pop(run.run_id, None)
        if known:
            self._ended(run)


def _told(info: Mapping[str, Any], run: RunBegan) -> RunBegan:
    """What is known of a run, with what its worker now says of itself. Anybody may say anything."""
    roots = info.get("roots") or ([info["first_task"]] if "first_task" in info and not run.roots else run.roots)
    return run._replace(
        host=str(info.get("host", run.host)),
        user=str(info.get("username", run.user)),
        command=str(info.get("command", run.command)),
        code_version=str(info.get("code_version", run.code_version)),
        roots=tuple(map(str, roots[:MOST_ROOTS])) if isinstance(roots, list | tuple) else run.roots,
    )


def going_on(machine: Machine) -> Mapping[str, RunBegan]:
    """The runs of the workers that are known, by worker: what began before a server was started anew.

    Submissions that have ended are none of them.
    """
    known = [one for one in machine.workers if one.info and (one.submission is None or not one.submission.status)]
    return {one.worker_id: _told(one.info, RunBegan(one.worker_id, one.known_since)) for one in known}


def farewell(scheduler: Scheduler, worker: str, status: str) -> None:
    """Tell those who hear of `scheduler` that a worker's run has ended: `status` names a `luigi.LuigiStatusCode`."""
    if scheduler.observers is not None:
        scheduler.observers.run_ended(RunEnded(worker, scheduler.clock.now(), status))

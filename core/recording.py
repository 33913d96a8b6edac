"""History: what happens to tasks and runs is kept where the configuration says, by a courier, in a thread of its own.

A history that is away for a while (its `record` raises OSError) is tried again until it is back; meanwhile facts wait.
One fact that can never be kept loses nothing but itself.
"""

from __future__ import annotations

import atexit
import logging
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from luigi.couriers import Courier
from luigi.observers import Listener
from luigi.task_status import BATCH_RUNNING, DISABLED, DONE, FAILED, PENDING, RUNNING
from luigi.telling import AttemptEnded, AttemptStarted, Happened, RunBegan, RunEnded, TaskFacts, TaskScheduled

if TYPE_CHECKING:
    from luigi.plugin_manager import PluginManager
    from luigi.scheduler.events import Changed
    from luigi.telling import TaskHistory

CAPACITY = 1_000_000
"""How many facts wait for a history that is slow or away."""

AT_ONCE = 500
"""How many facts are kept in one call."""

DEADLINE = 60.0
"""Seconds that the end of a run waits for what is not kept yet."""

ACTIVE = (RUNNING, BATCH_RUNNING)

logger = logging.getLogger("luigi-interface")


class Pauses(NamedTuple):
    """Between two tries, in seconds; each is twice the one before."""

    first: float
    longest: float


PAUSES = Pauses(0.5, 5.0)


def recording(plugins: PluginManager, history: Any = None) -> Listener | None:
    """What keeps history in the place that `[task_history] kind` names, or in `history`, one of the program's own, in
    Luigi's shape or ours; None for one that keeps nothing.

    Raises PluginError for a kind that there is not, ConfigurationError for its settings, and what the history itself
    raises when it cannot be opened.
    """
    from luigi.task_history import NopHistory

    if history is None:
        return Recording(plugins.make("task_histories", configured_kind()))
    if isinstance(history, NopHistory):
        return None
    return Recording(history) if hasattr(history, "record") else Recording(InLuigisShape(history), at_once=1)


def configured_kind() -> str:
    """Which of the histories that plugins offer is to be used."""
    from luigi.configuration import get_config
    from luigi.db_task_history import KIND

    return str(get_config().get("task_history", "kind", KIND))


class Recording(Listener):
    """Hands what it hears to a history, by a courier."""

    def __init__(
        self, history: TaskHistory, *, at_once: int = AT_ONCE, deadline: float = DEADLINE, pauses: Pauses = PAUSES
    ) -> None:
        self._history = history
        self._hosts: dict[str, str] = {}  # run id → host
        self._pauses = pauses
        self._over = threading.Event()  # nobody waits for it any more
        self._in_hand = 0  # facts in the call that goes on now
        self._reason: BaseException | None = None  # why facts are being lost
        self._told = 0  # lost facts that the log has told of
        self._registered = False  # at exit
        self.courier: Courier[Happened] = Courier(
            "the task history", self._keep, self._failed, capacity=CAPACITY, at_once=at_once, deadline=deadline
        )

    # --- hearing -----------------------------------------------------------------------------------------------

    def changed(self, change: Changed, task: TaskFacts, at: float) -> None:
        """Keep that a task waits, was handed out, ended or was found done."""
        before, after = change.before, change.after
        if after == RUNNING:
            worker = task.worker_running or ""
            self._post(AttemptStarted(task, at, self._hosts.get(worker) or _host_in(worker)))
        elif after == DONE:
            self._post(AttemptEnded(task, at, True))
        elif after == PENDING:
            self._post(TaskScheduled(task, at))
        elif before in ACTIVE or (after == FAILED and before != DISABLED):
            reported = after == FAILED and (task.worker_running or before not in ACTIVE)
            self._post(AttemptEnded(task, at, False, task.expl if reported else change.why))

    def run_began(self, run: RunBegan) -> None:
        """Keep who runs what, where."""
        self._hosts[run.run_id] = run.host
        self._post(run)

    def run_ended(self, run: RunEnded) -> None:
        """Keep how it ended."""
        self._hosts.pop(run.run_id, None)
        self._post(run)

    def flush(self) -> None:
        """Wait until all is kept, for as long as the deadline says, and let go of the history; say what was lost."""
        atexit.unregister(self.flush)
        self._registered = False
        if self._over.is_set():
            return
        if self.courier.close():
            self._history.close()
            lost = self.courier.lost
        else:
            lost = self.courier.lost + max(0, self._in_hand - 1)  # a courier counts a call that hangs as one fact
            self._over.set()
        if lost > self._told:
            self._told = lost
            sentence = "the task history lacks %d facts that could not be kept, and has %d: %s"
            logger.warning(sentence, lost, self.courier.delivered, self._reason or "it does not answer")

    def _post(self, fact: Happened) -> None:
        self.courier.post(fact)
        if not self._registered:  # after the courier's own, and so called before it
            self._registered = True
            atexit.register(self.flush)

    # --- keeping, in the courier's thread ----------------------------------------------------------------------

    def _keep(self, facts: list[Happened]) -> None:
        """Keep them. Those that cannot be kept are sorted out by trying each alone."""
        self._in_hand = len(facts)
        try:
            self._insist(facts)
        except Exception:
            if len(facts) == 1 or self._over.is_set():
                raise
            self._keep_one_by_one(facts)

    def _keep_one_by_one(self, facts: list[Happened]) -> None:
        for fact in facts:
            try:
                self._insist([fact])
            except Exception as error:
                self._failed(error, [fact])
                self.courier.failed += 1
                self.courier.delivered -= 1  # the courier is about to count all of them

    def _insist(self, facts: list[Happened]) -> None:
        """Try until the history is there. Raises what is no matter of time."""
        pause = self._pauses.first
        while True:
            try:
                self._history.record(facts)
                break
            except OSError as error:
                if self._over.is_set():
                    raise
                if pause == self._pauses.first:
                    logger.warning("the task history is away; what happens waits for it: %s", error)
                self._reason = error
            self._over.wait(pause)
            pause = min(2 * pause, self._pauses.longest)
        if pause > self._pauses.first:
            self._reason = None
            logger.warning("the task history is back")

    def _failed(self, error: BaseException, facts: list[Happened]) -> None:
        if self._reason is None:
            logger.error("the task history cannot keep what it is told", exc_info=error)
        self._reason = error


def _host_in(worker: str) -> str:
    """What a worker's id says of its host: `Worker(salt=…, workers=1, host=…, username=…, pid=…)`."""
    return worker.partition(" host=")[2].partition(",")[0]


class InLuigisShape:
    """One of Luigi's histories, to be told as ours are. It knows tasks alone, and one at a time."""

    def __init__(self, history: Any) -> None:
        self._history = history

    def record(self, happened: Sequence[Happened]) -> None:
        """Make Luigi's calls."""
        for one in happened:
            if isinstance(one, TaskScheduled):
                self._history.task_scheduled(one.task)
            elif isinstance(one, AttemptStarted):
                self._history.task_started(one.task, one.host)
            elif isinstance(one, AttemptEnded):
                self._history.task_finished(one.task, one.successful)

    def close(self) -> None:
        """Luigi's histories hold nothing that must be let go of."""

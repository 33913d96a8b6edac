"""Batch notices: what failed in a while, told to everybody at once, and to each owner what is theirs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from luigi import notices
from luigi.notices import named
from luigi.notifying.grouping import Batch, Batches, subject_of
from luigi.notifying.interval import Alarm, Interval, timer
from luigi.notifying.rules import Topic
from luigi.telling import Notice, TaskFacts

if TYPE_CHECKING:
    from luigi.batch_notifier import batch_email
    from luigi.notifying.announcer import Announcer


class BatchNotices:
    """Counts what happens to tasks, and tells of it every `email_interval` minutes in which there was anything.

    `receivers` hear of everything anyway: they are told nothing more as owners. Any thread may call.
    """

    def __init__(
        self,
        announcer: Announcer,
        settings: batch_email,
        receivers: Collection[str],
        alarm: Callable[[float, Callable[[], None]], Alarm] = timer,
    ) -> None:
        self._announcer = announcer
        self._settings = settings
        self._receivers = receivers
        self._lock = threading.Lock()
        self._batches = Batches(settings)
        self._interval = Interval(settings.email_interval, self._send, alarm)
        self.end = self._interval.end

    def add(self, what: str, task: TaskFacts, expl: str = "") -> None:
        """Count one of `grouping.COUNTED` for a task; `expl` is what was said of it."""
        shown = task.shown_params
        unbatched = {name: value for name, value in shown.items() if name not in task.batched}
        owners = [owner.strip() for owner in task.owners if owner.strip()]
        with self._lock:
            self._batches.add(what, named(task.family, shown), task.family, unbatched, expl, owners)
        self._interval.begin()

    def _send(self) -> None:
        with self._lock:
            batches, self._batches = self._batches, Batches(self._settings)
        if not batches.everybody.counts:
            return
        self._tell(batches.everybody, "", ())
        for owner, batch in batches.owners.items():
            if owner not in self._receivers:
                self._tell(batch, "Your tasks have ", (owner,))

    def _tell(self, batch: Batch, of: str, owners: tuple[str, ...]) -> None:
        subject = subject_of(batch, self._settings.email_interval, of)

        def word() -> Notice:
            return notices.batch(subject, batch.text(), batch.html(), batch.counts, owners)

        self._announcer.announce(Topic("batch", owners=owners), word)

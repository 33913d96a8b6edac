"""Turns what happens to tasks into notices for people, and passes them to the notifiers.

A failure is the worker's to log; what people are told of is a task that the scheduler has given up: nothing more
happens to it unless somebody acts.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

from luigi.interfaces import Notice, Notifier
from luigi.scheduler.events import Changed
from luigi.task_status import DISABLED, FAILED

logger = logging.getLogger("luigi.notices")


class Notices:
    """Watches the scheduler and tells the notifiers. One that raises is logged; the others are still told."""

    def __init__(self, notifiers: Iterable[Notifier]) -> None:
        self._notifiers = list(notifiers)

    def watch(self, changed: Changed) -> None:
        """Tell of a task that the scheduler has given up. One whose class says `disabled` is no news."""
        if changed.after == DISABLED and changed.before == FAILED:
            notice = Notice(f"{changed.task_id} is disabled", changed.why, changed.task_id)
            for notifier in self._notifiers:
                try:
                    notifier.notify(notice)
                except Exception:
                    logger.exception("%s did not pass on: %s", type(notifier).__name__, notice.subject)

"""The history that this server can show, opened when it is first asked for; pages and API ask it here."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from luigi.errors import KernelError
from luigi.history_reading import HistoryReading, NoSuchPlace, is_kept, reading
from luigi.plugin_manager import PluginManager
from luigi.server.problems import Problem

MOMENT: Final = 5.0
"""Seconds after which a history that is away is worth another try."""

AT_ONCE: Final = 2
"""Questions at a time: a database that hangs must not hold all of the server's threads, which workers need."""

PATIENCE: Final = 2.0
"""Seconds that a question waits for its turn."""

DIGITS: Final = 18
"""Of the number of a row at most."""

logger = logging.getLogger("luigi.server")


class NotKept(Problem):
    """No history is kept here."""

    def __init__(self) -> None:
        hint = "[scheduler] record_task_history = true, and [task_history] db_connection, switch it on"
        super().__init__(404, "no history is kept here", hint=hint)


class Archive:
    """Opens the history that the configuration names. Any thread may ask."""

    def __init__(self, plugins: PluginManager, patience: float = PATIENCE) -> None:
        self._plugins, self._patience = plugins, patience
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._lock = threading.Lock()
        self._reading: HistoryReading | None = None

    @contextmanager
    def asked(self) -> Iterator[HistoryReading]:
        """The history, for questions.

        Raises NotKept without one, and Problem 404 for one that is only written to and for a page that begins nowhere.
        Raises Problem 503 while it cannot be reached, also where a question fails for that, or has to wait too long
        for others.
        """
        if not self._turns.acquire(timeout=self._patience):
            raise Problem(503, "too much is asked of the history at the moment", retry_after=MOMENT)
        try:
            yield self._opened()
        except NoSuchPlace as error:
            raise Problem(404, str(error), hint=error.hint) from error
        except (OSError, KernelError) as error:
            logger.warning("the task history cannot be read: %s", error)
            sentence = "the history cannot be read at the moment"
            raise Problem(503, sentence, hint="the server's log says more", retry_after=MOMENT) from error
        finally:
            self._turns.release()

    def _opened(self) -> HistoryReading:
        with self._lock:
            if self._reading is None:
                if not is_kept():
                    raise NotKept
                self._reading = reading(self._plugins)
            if self._reading is None:
                hint = "[task_history] kind names one that is only written to"
                raise Problem(404, "the history that is kept here cannot be read", hint=hint)
            return self._reading


def row_number(text: str) -> int | None:
    """The number of a row of the history; None for what is none, because then there is no such row."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else None

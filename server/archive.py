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

HOW: Final = "[scheduler] record_task_history = true, and [task_history] db_connection, switch it on"

logger = logging.getLogger("luigi.server")


class NotKept(Problem):
    """There is no history to be asked."""

    def __init__(self, why: str = "no history is kept here", hint: str = HOW) -> None:
        super().__init__(404, why, hint=hint)


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

        Raises NotKept without one, Problem 503 while it cannot be reached, also where a question fails for that, or
        has to wait too long for others, and Problem 404 for a page that begins nowhere.
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
                raise NotKept("the history that is kept here cannot be read", "[task_history] kind names another")
            return self._reading

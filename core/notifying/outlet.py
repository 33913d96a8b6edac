"""The way to one notifier: a courier of its own, so that a mail server that does not answer holds nobody up."""

from __future__ import annotations

import atexit
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from luigi.couriers import Courier
from luigi.errors import KernelError
from luigi.plugin_manager import in_use
from luigi.telling import Notice, Notifier

if TYPE_CHECKING:
    from luigi.plugin_manager import PluginManager

CAPACITY = 1_000

logger = logging.getLogger("luigi-interface")


class Outlet:
    """Passes notices on to the notifier that `make` makes, in the courier's thread, when the first one comes."""

    def __init__(self, name: str, make: Callable[[], Notifier], plugins: PluginManager, deadline: float) -> None:
        self.name = name
        self._make = make
        self._plugins = plugins
        self._deadline = deadline
        self._notifier: Notifier | None = None
        self._at = ""  # the subject it is at
        self._said = 0  # how many lost notices the log has been told of
        self._last_chance = False  # whether the end of the process sees to what is left
        self._courier: Courier[Notice] = Courier(
            f"notifier {name}", self._deliver, self._failed, capacity=CAPACITY, deadline=deadline
        )

    def post(self, notice: Notice) -> None:
        """Have it passed on. Never waits and never raises."""
        self._courier.post(notice)
        if not self._last_chance:
            self._last_chance = True
            atexit.register(self.close)

    def flush(self) -> None:
        """Wait until all is passed on. A notifier that hangs or is slow has until the end of the process."""
        if self._courier.flush():
            self.close()

    def close(self) -> None:
        """Wait until all is passed on, at most the deadline; say in the log what was not. Nothing is, after that."""
        atexit.unregister(self.close)
        self._last_chance = False
        before = self._courier.dropped
        told = self._courier.close()
        dropped = self._courier.dropped - before
        if not told:
            sentence = "notifier %s did not come back within %g s: %d notices were not passed on, the first of them: %s"
            logger.error(sentence, self.name, self._deadline, dropped, self._at)
        if before > self._said:
            logger.error("notifier %s could not keep up: %d notices were not passed on", self.name, before - self._said)
        self._said = self._courier.dropped

    # --- the courier's thread ----------------------------------------------------------------------------------

    def _deliver(self, notices: list[Notice]) -> None:
        for notice in notices:
            self._at = notice.subject
            if self._notifier is None:
                in_use.set(self._plugins)  # whatever it looks for is to be found among the plugins of this run
                self._notifier = self._make()
            self._notifier.notify(notice)

    def _failed(self, error: BaseException, notices: list[Notice]) -> None:
        told = isinstance(error, KernelError | OSError)  # these say themselves what is wrong; no traceback is needed
        for notice in notices:
            sentence = "notifier %s did not pass on: %s: %s: %s"
            name = type(error).__name__
            logger.error(sentence, self.name, notice.subject, name, error, exc_info=None if told else error)

"""Whether what tasks wait for is there: asked together where that is cheaper, one by one otherwise."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from luigi.defaults import luigi_is_complete
from luigi.private_values import masked_error
from luigi.worker.checks.bulk import BulkChecks
from luigi.worker.checks.checking import IsComplete
from luigi.worker.checks.checks import Remembering
from luigi.worker.poking.waiters import Waiter


class Looking:
    """Looks as `is_complete` does. Any thread may call it."""

    def __init__(self, is_complete: IsComplete) -> None:
        self._check = is_complete.check if isinstance(is_complete, Remembering) else is_complete
        # A plugin around the step is to see every check, so nothing may go past it.
        self._bulk = BulkChecks() if self._check is luigi_is_complete else None
        self._lock = threading.Lock()

    def together(self, waiters: Sequence[Waiter]) -> dict[str, bool]:
        """Whether they are there, by task id: of those about which one can ask together."""
        if self._bulk is None or len(waiters) < 2:
            return {}
        with self._lock:
            return self._bulk.ask([waiter.task for waiter in waiters])

    def alone(self, waiter: Waiter) -> bool:
        """Whether it is there. A look that raises has not found it; why is noted."""
        try:
            found = bool(self._check(waiter.task))
        except Exception as error:  # a program's own: a network may be away for a while
            waiter.error = masked_error(waiter.task, error, f"{type(error).__name__}: {error}")
            return False
        waiter.error = ""
        return found

"""A service that is away for a while: wraps a store, mailer, history or file system, and fails or blocks its calls.

history = Unreliable(MemoryHistory())
history.fail(times=2)
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

AWAY = "away for a while, on purpose"

FOREVER = float("inf")


class Unreliable:
    """Passes every call on to `thing`, except while it is told to fail or to block.

    Named so that they hide none of the thing's own: `fail`, `block`, `recover`, `calls`.
    """

    def __init__(self, thing: Any) -> None:
        self._thing = thing
        self._error: BaseException = ConnectionError(AWAY)
        self._left: float = 0
        self._open = threading.Event()
        self._open.set()
        self._lock = threading.Lock()
        self.calls: list[str] = []
        """The names of the methods called, also in vain, in order."""

    def fail(self, error: BaseException | None = None, *, times: float = FOREVER) -> None:
        """Have so many of the next calls raise `error`, by default a ConnectionError."""
        self._error, self._left = error or ConnectionError(AWAY), times

    def block(self) -> None:
        """Have calls wait until `recover`, as those do whose server never answers."""
        self._open.clear()

    def recover(self) -> None:
        """Be there again; calls that wait go on."""
        self._left = 0
        self._open.set()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._thing, name)
        return self._passing(name, found) if callable(found) else found

    def _passing(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            self._fail_if_due(name)
            self._open.wait()
            return method(*args, **kwargs)

        return call

    def _fail_if_due(self, name: str) -> None:
        with self._lock:
            self.calls.append(name)
            if self._left <= 0:
                return
            self._left -= 1
        raise self._error

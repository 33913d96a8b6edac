"""All output that this server keeps: one writer at a time, as many readers as there are."""

from __future__ import annotations

import logging
import os
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Lock, Thread
from typing import Any, Final

from luigi.clock import Clock
from luigi.output.kept.reading import Kept, kept
from luigi.output.kept.segments import Whose, segments
from luigi.output.kept.sweeping import sweep
from luigi.output.kept.writing import Attempt, attempt
from luigi.server.config import ServerSettings
from luigi.server.problems import Problem

logger = logging.getLogger("luigi.server")

REMEMBERED: Final = 2000
"""Attempts whose files need not be looked at before they are added to."""
PATIENCE: Final = 0.5
"""Seconds that a worker's call waits for its turn: a disk that hangs must not hold all of the server's threads."""
MOMENT: Final = 5.0
"""Seconds after which what cannot be kept now is worth another try."""
TRIES: Final = 3
"""Times that something is added: files may be removed meanwhile."""
BETWEEN_SWEEPS: Final = 600.0
"""Seconds from one look at what is too much to the next; or less, when a lot has come in."""


class LogStore:
    """Keeps output in a folder, which is made when there is some."""

    def __init__(self, settings: ServerSettings, clock: Clock) -> None:
        self.base = settings.logs_dir or default_folder()
        self._settings, self._clock = settings, clock
        self._turn = Lock()
        self._attempts: OrderedDict[tuple[str, str], Attempt] = OrderedDict()
        self._swept = float("-inf")
        self._written = 0
        """Bytes since the last sweep."""

    def add(self, whose: Whose, first: int, pieces: Sequence[Mapping[str, Any]], ended: float | None) -> None:
        """Keep pieces of an attempt, of which the first has the number `first`, and that it has ended, if it has.

        Raises Problem 503 when that is not possible at the moment.
        """
        with self._one_at_a_time():
            try:
                self._add(whose, first, pieces, ended)
            except OSError as error:
                logger.error("what tasks print cannot be kept in %s: %s", self.base, error)
                raise Problem(503, "output cannot be kept at the moment", retry_after=MOMENT) from error
        self._sweep_if_due()

    def _add(self, whose: Whose, first: int, pieces: Sequence[Mapping[str, Any]], ended: float | None) -> None:
        """As `add`. Raises OSError: then nothing is known of the attempt's files."""
        key = whose.task_id, whose.stem
        for tries_left in reversed(range(TRIES)):
            known = self._attempts.pop(key, None) or self._looked_up(whose)
            try:
                self._written += known.add(first, pieces, ended)
            except FileNotFoundError:  # a sweep has removed a file, or a folder that was empty yet
                if not tries_left:
                    raise
            else:
                self._attempts[key] = known
                break
        if len(self._attempts) > REMEMBERED:
            self._attempts.popitem(last=False)

    def attempts(self, task_id: str) -> list[Kept]:
        """What there is of a task's attempts, the newest first. Raises Problem 503 when it cannot be read."""
        try:
            return kept(segments(self.base, task_id))
        except OSError as error:
            logger.error("what tasks have printed cannot be read in %s: %s", self.base, error)
            raise Problem(503, "output cannot be read at the moment", retry_after=MOMENT) from error

    def holder(self, task_id: str, token: int, worker: str) -> Whose | None:
        """The attempt of that token of a worker whose output is here already."""
        return next((one.whose for one in self.attempts(task_id) if one.whose[1:3] == (token, worker)), None)

    def sweep(self) -> None:
        """Remove what is too old or too much."""
        self._swept, self._written = self._clock.monotonic(), 0
        hours, most = self._settings.log_keep_hours, self._settings.log_total_bytes
        try:
            with self._turn:
                self._attempts.clear()
            sweep(self.base, self._clock.now() - 3600 * hours, most)
        except OSError as error:
            logger.error("what tasks have printed cannot be removed from %s: %s", self.base, error)

    def _looked_up(self, whose: Whose) -> Attempt:
        return attempt(self.base, whose, self._settings.log_bytes, segments(self.base, whose.task_id))

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        if not self._turn.acquire(timeout=PATIENCE):
            raise Problem(503, "output cannot be kept at the moment", retry_after=MOMENT)
        try:
            yield
        finally:
            self._turn.release()

    def _sweep_if_due(self) -> None:
        waited = self._clock.monotonic() - self._swept
        if waited > BETWEEN_SWEEPS or self._written > self._settings.log_total_bytes // 16:
            self._swept = self._clock.monotonic()
            Thread(target=self.sweep, name="luigi-log-sweep", daemon=True).start()


def default_folder() -> str:
    """Beside the scheduler's state: `logs` in its folder."""
    from luigi.configuration import get_config

    state = str(get_config().get("scheduler", "state_path", ""))
    if state:
        return os.path.join(os.path.dirname(os.path.abspath(state)), "logs")
    return os.path.join(os.path.expanduser(os.environ.get("XDG_STATE_HOME") or "~/.local/state"), "luigi", "logs")

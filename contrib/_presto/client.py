"""PrestoClient: carries out queries, says how far they are, and ends those that nobody waits for any more."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from luigi.clock import SYSTEM
from luigi.contrib._presto.errors import WrongMode, configured, explained
from luigi.contrib._sql.errors import SqlError

logger = logging.getLogger("luigi-interface")

JUST_BEGUN: Final = 0.1
"""Per cent of a query of which nothing is known yet."""


class PrestoClient:
    """Carries out queries by a connection of `pyhive.presto`, or `pyhive.trino`.

    `sleep_time` is how many seconds pass between two looks at a query; `place` is what errors call the server.
    """

    def __init__(self, connection: Any, sleep_time: float = 1, place: object = "presto") -> None:
        self.sleep_time = sleep_time
        self._connection = connection
        self._place = place
        self._status: Mapping[str, Any] = {}

    @property
    def percentage_progress(self) -> float:
        """How much of the query is done, 0 to 100, as far as the server knows."""
        stats = self._status.get("stats", {})
        finished = 100.0 if stats.get("state") == "FINISHED" else JUST_BEGUN
        return float(stats.get("progressPercentage", finished))

    @property
    def info_uri(self) -> str | None:
        """The server's page about the query, once there is one."""
        return self._status.get("infoUri")

    def execute(
        self, query: str, parameters: Sequence[Any] | Mapping[str, Any] | None = None, mode: str | None = None
    ) -> Iterator[Any]:
        """Carry out a query, whose `%s` are `parameters`.

        Gives what the server says of it, time and again until it has ended; with `mode="fetch"`, its rows. Whoever
        stops before the end, by an exception or `close()`, ends the query. Raises QueryFailed, DatabaseAway, WrongMode.
        """
        steps = {None: self._watched, "watch": self._watched, "fetch": self._fetched}
        if mode not in steps:
            raise WrongMode(mode)
        return self._carried_out(query, parameters, steps[mode])

    def _carried_out(self, query: str, parameters: Any, steps: Callable[[Any], Iterator[Any]]) -> Iterator[Any]:
        self._status = {}
        with explained(self._place):
            with configured(self._place):
                cursor = self._connection.cursor()
            cursor.execute(query, parameters)
            with self._cancelled_unless_ended(cursor):
                yield from steps(cursor)

    def _watched(self, cursor: Any) -> Iterator[Mapping[str, Any]]:
        while (status := cursor.poll()) is not None:
            self._status = status
            yield status
            if "nextUri" in status:
                SYSTEM.sleep(self.sleep_time)

    def _fetched(self, cursor: Any) -> Iterator[Any]:
        while (row := cursor.fetchone()) is not None:
            yield row

    @contextmanager
    def _cancelled_unless_ended(self, cursor: Any) -> Iterator[None]:
        """The server would go on for some minutes with a query that nobody asks for any more."""
        try:
            yield
        finally:
            try:
                with explained(self._place):
                    cursor.cancel()  # which does nothing to one that has ended
            except SqlError as error:
                logger.warning("A query could not be cancelled: %s", error)

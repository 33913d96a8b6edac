"""Metrics for StatsD: counters and times over UDP, by family, in names that every StatsD understands."""

from __future__ import annotations

import math
import re
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from luigi.hookspecs import Provider, hookimpl
from luigi.label_sets import LIMIT, LabelSets
from luigi.metrics import MetricsCollector
from luigi.plugin_settings import setting
from luigi.telling import TaskFacts

LONGEST_NAME = 200
"""Characters of a part of a figure's name; they are file names where Graphite keeps them."""

_NOT_IN_NAMES = re.compile(r"[^\w-]+", re.ASCII)


@dataclass(frozen=True)
class Settings:
    """The section `[statsd]`."""

    host: str = setting("127.0.0.1", help="where StatsD listens")
    port: int = setting(8125, help="its UDP port")
    prefix: str = setting("luigi", help="what all names begin with; may be empty")
    max_families: int = setting(LIMIT, help="how many families of tasks are told apart")


@hookimpl
def luigi_metrics_collectors() -> Iterator[Provider]:
    """It needs no more than a socket."""
    yield Provider("statsd", StatsdCollector, "counts and times for StatsD, over UDP", settings=Settings, check=check)


class StatsdCollector(MetricsCollector):
    """Sends each figure when it comes: `PREFIX.task.started.FAMILY:1|c`, `PREFIX.task.execution_time.FAMILY:1500|ms`.

    Its methods raise OSError when the network says that nobody listened to the figure before.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._host, self._port = settings.host, settings.port
        self._failures = 0
        self._prefix = f"{settings.prefix.strip('.')}.task." if settings.prefix.strip(".") else "task."
        self._families = LabelSets(settings.max_families, "metrics for StatsD", "See [statsd] max_families.")
        self._statistics = LabelSets(settings.max_families, "statistics for StatsD", "See [statsd] max_families.")
        self._socket: socket.socket | None = None

    def handle_task_started(self, task: TaskFacts) -> None:
        """Count it."""
        self._send(self._counted("started", task))

    def handle_task_failed(self, task: TaskFacts) -> None:
        """Count it."""
        self._send(self._counted("failed", task))

    def handle_task_disabled(self, task: TaskFacts, config: Any) -> None:
        """Count it."""
        self._send(self._counted("disabled", task))

    def handle_task_done(self, task: TaskFacts) -> None:
        """Count it, and say how long it took if it was run."""
        lines = [self._counted("done", task)]
        if task.time_running is not None:
            milliseconds = max(0, round(1000 * (task.updated - task.time_running)))
            lines.append(f"{self._name('execution_time', task)}:{milliseconds}|ms")
        self._send(*lines)

    def handle_task_statistics(self, task: TaskFacts, statistics: Mapping[str, Any]) -> None:
        """Each number is a gauge, `PREFIX.task.statistics.NAME.FAMILY:12.5|g`."""
        for name, value in statistics.items():
            if _is_number(value):
                (kept,) = self._statistics.bounded(_part(str(name)))
                gauge = self._name(f"statistics.{kept}", task)
                # A sign would mean "so much more, or less".
                self._send(*([f"{gauge}:0|g"] if value < 0 else []), f"{gauge}:{value}|g")

    def close(self) -> None:
        """Let the socket go."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _counted(self, what: str, task: TaskFacts) -> str:
        return f"{self._name(what, task)}:1|c"

    def _name(self, what: str, task: TaskFacts) -> str:
        (family,) = self._families.bounded(_part(task.family))
        return f"{self._prefix}{what}.{family}"

    def _send(self, *lines: str) -> None:
        try:
            if self._socket is None:
                self._socket = _connected(self._host, self._port, self._failures)
            self._socket.send("\n".join(lines).encode())
        except OSError:
            self._failures += 1
            self.close()  # the host may have moved, and of its addresses another may be the right one
            raise


def check(settings: Settings) -> str:
    """Whether the host's name is known; over UDP nobody says that he listens. Raises OSError when it is not."""
    _connected(settings.host, settings.port).close()
    return f"figures go to {settings.host} port {settings.port}"


def _connected(host: str, port: int, which: int = 0) -> socket.socket:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)
    family, kind, _, _, place = found[which % len(found)]
    made = socket.socket(family, kind)
    made.connect(place)
    return made


def _part(name: str) -> str:
    """As a part of a name: `.` would part it, `:` and `|` end it."""
    return _NOT_IN_NAMES.sub("_", name)[:LONGEST_NAME] or "_"


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)

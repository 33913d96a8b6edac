"""The host in one of Ray's processes: an actor that holds the resources of one job at a time.

While a job runs there is one call that waits for news of it, `run` or `more`: so they come in the order in which they
came about. The other calls come beside it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from queue import SimpleQueue
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from luigi.executors.hosting.engine import Lost, News, Parcel
from luigi.plugins.executors.ray.cluster import library

if TYPE_CHECKING:
    from luigi.executors.hosting.host import Host
    from luigi.interfaces import Message

CALLS: Final = 8
"""That an actor takes at a time: of all but the first, none lasts, unless it waits for what a task does at its end."""


class Where(NamedTuple):
    """Where a host is."""

    node: str
    """Ray's id of it."""
    address: str
    pid: int


class RayHost:
    """The actor. It has no host until `open` is called, so that what is wrong there can be said."""

    def __init__(self, luggage: bytes) -> None:
        self._luggage = luggage
        self._news: SimpleQueue[News] = SimpleQueue()
        self._lock = Lock()
        self._begun: set[int] = set()
        self._cancelled: set[int] = set()
        self._host: Any = None

    def open(self) -> Where:
        """Be ready for parcels. Raises WrongMachine."""
        from luigi.executors.hosting.host import Host

        host: Host = Host(self._luggage, 1, self._news.put)
        self._host = host
        ray = library()
        return Where(ray.get_runtime_context().get_node_id(), ray.util.get_node_ip_address(), os.getpid())

    def run(self, parcel: Parcel) -> Sequence[News]:
        """Begin a job, and give the first news of it."""
        with self._lock:
            if parcel.token in self._cancelled:
                self._cancelled.discard(parcel.token)
                return [Lost(parcel.token, "was cancelled")]
            self._begun.add(parcel.token)
        self._host.start(parcel)
        return self.more()

    def more(self) -> Sequence[News]:
        """Wait for news, and give what there is."""
        news = [self._news.get()]
        while not self._news.empty():
            news.append(self._news.get())
        return news

    def cancel(self, token: int) -> None:
        """End a job, also one that is still on its way here."""
        with self._lock:
            if token not in self._begun:
                self._cancelled.add(token)
                return
        self._host.cancel(token)

    def send(self, token: int, message: Message) -> bool:
        """Give the running task a message."""
        sent: bool = self._host is not None and self._host.send(token, message)
        return sent

    def drop(self, task_id: str) -> None:
        """Give up a suspended run, and wait for its end."""
        self._host.drop(task_id)

    def close(self) -> None:
        """End what runs and what is suspended, and wait for that."""
        if self._host is not None:
            self._host.close()

"""Reads what the pod of one task prints, as it does: news of the task, signed, and what the task prints itself."""

from __future__ import annotations

import logging
from datetime import datetime
from threading import Event, Thread
from typing import Final

from luigi.contrib._kubernetes.errors import ClusterError
from luigi.executors.hosting.batch_jobs.hearing import Hearing
from luigi.executors.hosting.batch_jobs.telling import parted
from luigi.output.sink import STDOUT
from luigi.plugins.executors.kubernetes.cluster import ExecutorCluster
from luigi.plugins.executors.kubernetes.manifests import CONTAINER

logger = logging.getLogger("luigi-interface")

PAUSE: Final = 1.0
"""Seconds until a log is asked for again that could not be followed."""
QUOTED: Final = 4000
"""Characters of what a lost task printed last that its error quotes."""


class Following:
    """One pod, in a thread of its own, until the end of its task is told, or `stop` is called."""

    def __init__(self, cluster: ExecutorCluster, pod: str, hearing: Hearing, key: bytes) -> None:
        self.last = ""
        """What it printed last."""
        self.is_at_end = False
        """The log has been read to an end that the cluster says it has."""
        self._cluster, self._pod, self._hearing, self._key = cluster, pod, hearing, key
        self._since = ""
        self._stopped = Event()
        Thread(target=self._follow, name=f"luigi-{pod}", daemon=True).start()

    def stop(self) -> None:
        """There is nothing more to hear."""
        self._stopped.set()

    def _follow(self) -> None:
        while not self._is_needless():
            try:
                self._read()
            except ClusterError as error:
                logger.debug("the log of pod %s cannot be read, and will be again: %s", self._pod, error)
            self._stopped.wait(PAUSE)

    def _read(self) -> None:
        for line in self._cluster.follow(self._pod, CONTAINER, self._since):
            self._take(line)
            if self._is_needless():
                return
        self.is_at_end = True

    def _is_needless(self) -> bool:
        return self._hearing.is_over or self._stopped.is_set()

    def _take(self, line: bytes) -> None:
        """One line behind its time. Those of a second that has been read in part come again."""
        stamp, _, text = line.partition(b" ")
        since = stamp.decode("ascii", "replace")
        if since <= self._since:
            return
        self._since = since
        printed, news = parted(text, self._key)
        shown = printed.decode("utf-8", "replace")
        self.last = (self.last + shown)[-QUOTED:]
        self._hearing.printed(_seconds(since), STDOUT, shown)
        if news is not None:
            self._hearing.take(news)


def _seconds(stamp: str) -> float:
    """Since the epoch, of 2026-11-22T19:00:00.123456789Z."""
    try:
        return datetime.fromisoformat(f"{stamp[:19]}+00:00").timestamp() + float(f"0{stamp[19:].rstrip('Z')}")
    except ValueError:
        return 0.0

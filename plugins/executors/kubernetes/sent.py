"""One task that was sent to a cluster: its job's pod, whether that starts, and what is known of its end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from luigi.contrib._kubernetes.pods import IN_VAIN, failures, trouble
from luigi.executors.hosting.batch_jobs.hearing import Hearing
from luigi.plugins.executors.kubernetes.cluster import ExecutorCluster
from luigi.plugins.executors.kubernetes.following import Following

AFTERWARDS: Final = 5.0
"""Seconds for which a task may still be heard of whose pod has ended."""
OVER: Final = ("Succeeded", "Failed")


class Patience(NamedTuple):
    """For how many seconds something is waited for."""

    start: float
    """A pod that says why it cannot start, or a job without a pod."""


class Sent:
    """The job is called `name`; `key` signs what it says."""

    def __init__(self, hearing: Hearing, name: str, key: bytes, cluster: ExecutorCluster, patience: Patience) -> None:
        self.hearing = hearing
        self.name = name
        self.messages = 0
        """How many its task has been sent."""
        self._key, self._cluster, self._patience = key, cluster, patience
        self._following: Following | None = None
        self._since: tuple[str, float] | None = None
        """What is the matter with it, and since when, by the clock's `monotonic`."""

    def note(self, pod: Mapping[str, Any] | None, now: float) -> None:
        """Its pod is so; None when there is none (yet, or any more). Loses it when nothing more comes."""
        if pod is None:
            self._without_pod(now)
            return
        phase = pod["status"].get("phase")
        if phase in ("Running", *OVER) and self._following is None:
            self._following = Following(self._cluster, pod["metadata"]["name"], self.hearing, self._key)
        if phase in OVER:
            self._after(pod, now)
        elif found := trouble(pod):
            self._while_it_cannot_start(*found, now)
        else:
            self._since = None

    def put_away(self) -> None:
        """There is nothing more to be heard of it."""
        if self._following is not None:
            self._following.stop()

    def _without_pod(self, now: float) -> None:
        if self._following is not None or self.hearing.is_cancelled:
            if self.hearing.is_cancelled or self._lasts("gone", now) >= AFTERWARDS:
                self.hearing.lose(f"was lost: the pod of Kubernetes job {self.name} is gone{self._printed()}")
        elif self._lasts("no pod", now) >= self._patience.start:
            why = ["it has made no pod", *self._cluster.warnings(self.name)][-1]
            self.hearing.lose(f"was lost: Kubernetes job {self.name} does not start: {why}")

    def _after(self, pod: Mapping[str, Any], now: float) -> None:
        lasts = self._lasts("over", now)
        if self.hearing.is_cancelled or (lasts >= AFTERWARDS and self._has_read_all(lasts)):
            where = f" on {node}" if (node := pod["spec"].get("nodeName")) else ""
            ended = "; ".join([f"ended as {pod['status']['phase']}", *failures(pod)])
            self.hearing.lose(f"was lost: the pod of Kubernetes job {self.name}{where} {ended}{self._printed()}")

    def _has_read_all(self, lasts: float) -> bool:
        return self._following is None or self._following.is_at_end or lasts >= self._patience.start

    def _while_it_cannot_start(self, reason: str, message: str, now: float) -> None:
        self.hearing.waits(f"Kubernetes job {self.name}: {reason}: {message}")
        if reason in IN_VAIN or self._lasts(reason, now) >= self._patience.start:
            self.hearing.lose(f"was lost: Kubernetes job {self.name} does not start: {reason}: {message}")

    def _printed(self) -> str:
        last = self._following.last.rstrip() if self._following else ""
        return f"; the last that it printed:\n{last}" if last else ""

    def _lasts(self, what: str, now: float) -> float:
        """For how long it has been so."""
        if self._since is None or self._since[0] != what:
            self._since = what, now
        return now - self._since[1]

"""What can be told of a pod: what it does, why it does not start, how its containers ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from luigi.contrib._kubernetes.cluster import Cluster
from luigi.contrib._kubernetes.errors import ClusterError

Pod = Mapping[str, Any]

ON_ITS_WAY: Final = {"", "ContainerCreating", "PodInitializing", "CrashLoopBackOff"}
"""What containers wait for in the usual course; one that crashes has started, and counts as a try."""
IN_VAIN: Final = {"InvalidImageName", "ErrImageNeverPull"}
"""What does not get better by waiting."""


def trouble(pod: Pod) -> tuple[str, str] | None:
    """Reason and message of what keeps a pod from starting; None when nothing does."""
    for condition in pod["status"].get("conditions") or ():
        if condition.get("type") == "PodScheduled" and condition.get("reason") == "Unschedulable":
            return "Unschedulable", condition.get("message") or ""
    for status in _containers(pod):
        waiting = status.get("state", {}).get("waiting") or {}
        if waiting.get("reason", "") not in ON_ITS_WAY:
            return waiting["reason"], waiting.get("message") or ""
    return None


def failures(pod: Pod) -> list[str]:
    """How its containers failed."""
    found = []
    for status in _containers(pod):
        ended = _ended(status)
        if ended and ended.get("exitCode"):
            why = [f"exit code {ended['exitCode']}", ended.get("reason"), ended.get("message")]
            found.append(f"container {status['name']}: {', '.join(part for part in why if part and part != 'Error')}")
    if pod["status"].get("reason"):  # Evicted, NodeLost, …: of all of it
        found.append(f"{pod['status']['reason']}: {pod['status'].get('message') or ''}")
    return found


def printed(cluster: Cluster, pod: Pod, lines: int) -> Iterator[tuple[str, str]]:
    """The last lines that each container that has run has printed, by its name; those that failed come last."""
    name = pod["metadata"]["name"]
    for status in sorted(_containers(pod), key=lambda one: bool((_ended(one) or {}).get("exitCode"))):
        waits = "waiting" in status.get("state", {})
        if waits and not status.get("restartCount"):
            continue
        try:
            yield status["name"], cluster.log(name, status["name"], lines=lines, previous=waits)
        except ClusterError as error:
            yield status["name"], f"[what it printed cannot be read: {error}]"


def _containers(pod: Pod) -> list[Mapping[str, Any]]:
    kinds = ("initContainerStatuses", "containerStatuses")
    return [status for kind in kinds for status in pod["status"].get(kind) or ()]


def _ended(status: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """How it ended: now, or before it was started again."""
    found = status.get("state", {}).get("terminated") or (status.get("lastState") or {}).get("terminated")
    return found if isinstance(found, Mapping) else None

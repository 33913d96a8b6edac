"""A job of Kubernetes, followed until it ends, or is known not to start."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from luigi.clock import SYSTEM, Clock
from luigi.contrib._jobs.printed import Printed
from luigi.contrib._jobs.remote import JobState, RemoteJob
from luigi.contrib._kubernetes.cluster import HURRIED, Cluster, Described
from luigi.contrib._kubernetes.errors import CannotStart, ClusterAway, ClusterError, NotThere
from luigi.contrib._kubernetes.pods import IN_VAIN, Pod, failures, printed, trouble

logger = logging.getLogger("luigi-interface")

LAST_LINES: Final = 200
"""Lines of what each container printed that go into the error."""
MOST_LINES: Final = 10_000
"""Those that are logged."""
LAST_BYTES: Final = 1 << 16
"""Bytes that go into the error, of all of them."""


class Limits(NamedTuple):
    """For how many seconds something is waited for."""

    first_pod: float
    """Until there is a pod."""
    start: float
    """While a pod says why it cannot start."""


class KubernetesJob(RemoteJob):
    """The job that `described` says."""

    kind = "Kubernetes job"

    def __init__(self, cluster: Cluster, described: Described, limits: Limits, clock: Clock = SYSTEM) -> None:
        self._cluster = cluster
        self._described = described
        self._limits = limits
        self._clock = clock
        self._since: tuple[str, float] | None = None
        """What keeps it from starting, and since when."""

    @property
    def name(self) -> str:
        return str(self._described["metadata"]["name"])

    def submit(self) -> str:
        try:
            self._cluster.create(self._described)
        except ClusterAway:
            self.delete()  # it may be there: an answer may be what was lost
            raise
        except ClusterError:
            raise
        except BaseException:  # the task is ended meanwhile
            self.cancel(self.name)
            raise
        logger.info("what it prints: kubectl logs -f job/%s -n %s", self.name, self._cluster.namespace)
        return self.name

    def look(self, job_id: str) -> JobState:
        try:
            job = self._cluster.job(job_id)
        except NotThere:
            return JobState("deleted", ended=True, message="somebody has deleted it")
        found = {one["type"]: one for one in job["status"].get("conditions") or () if one.get("status") == "True"}
        if "Complete" in found:
            return JobState("Complete", ended=True, succeeded=True)
        pods = self._cluster.pods(job_id)
        if "Failed" in found:
            return JobState("Failed", ended=True, message=_why(found["Failed"], pods))
        if job["spec"].get("suspend"):
            return JobState("Suspended")
        return self._under_way(job, pods)

    def cancel(self, job_id: str) -> None:
        try:
            self._cluster.delete(job_id, HURRIED)
        except NotThere:
            logger.debug("%s is gone already", self.called(job_id))

    def delete(self) -> None:
        """Delete it with its pods; to fail at that fails no task."""
        try:
            self._cluster.delete(self.name)
        except NotThere:
            logger.debug("%s is gone already", self.called(self.name))
        except ClusterError as error:
            logger.warning("%s could not be deleted: %s", self.called(self.name), error)

    def last_output(self, job_id: str) -> str:
        kept = Printed(LAST_BYTES)
        try:
            for pod in self._cluster.pods(job_id)[-1:]:
                for _, text in printed(self._cluster, pod, LAST_LINES):
                    kept.add(text.encode())
        except ClusterError as error:
            return f"[what it printed cannot be read: {error}]"
        return kept.text()

    def log_what_it_printed(self) -> None:
        """Log what all containers of all its pods have printed, MOST_LINES of each."""
        try:
            for pod in self._cluster.pods(self.name):
                for container, text in printed(self._cluster, pod, MOST_LINES):
                    logger.info("%s, container %s, printed:\n%s", pod["metadata"]["name"], container, text)
        except ClusterError as error:
            logger.warning("what %s printed cannot be read: %s", self.called(self.name), error)

    def _under_way(self, job: Described, pods: Sequence[Pod]) -> JobState:
        if not pods:
            self._wait_for_a_pod(job)
            return JobState("Pending", message="there is no pod yet")
        pod = pods[-1]
        found = trouble(pod)
        if found is None:
            self._since = None
        else:
            self._wait_for_the_start(pod, *found)
        tried = int(job["status"].get("failed") or 0)
        said = [": ".join(part for part in found if part)] if found else []
        said += [f"failed so far: {tried}"] if tried else []
        return JobState(str(pod["status"].get("phase") or "Unknown"), message=", ".join(said))

    def _wait_for_a_pod(self, job: Described) -> None:
        if any(job["status"].get(count) for count in ("active", "succeeded", "failed")):
            return
        if self._lasts("no pod") >= self._limits.first_pod:
            why = ["it has made no pod", *self._cluster.warnings(self.name)][-1]
            raise CannotStart(self.name, why, _given(self._limits.first_pod, "pod_creation_wait_interal"))

    def _wait_for_the_start(self, pod: Pod, reason: str, message: str) -> None:
        name = pod["metadata"]["name"]
        why = f"pod {name}: {reason}: {message}"
        if reason in IN_VAIN:
            raise CannotStart(self.name, why, "waiting would not help: correct the task's spec_schema")
        if self._lasts(f"pod {name}") >= self._limits.start:
            raise CannotStart(self.name, why, _given(self._limits.start, "pod_start_timeout"))

    def _lasts(self, what: str) -> float:
        """For how long it has been so."""
        now = self._clock.monotonic()
        if self._since is None or self._since[0] != what:
            self._since = what, now
        return now - self._since[1]


def _given(seconds: float, limit: str) -> str:
    return f"it was given {seconds:g} seconds: the task's {limit}"


def _why(condition: Mapping[str, Any], pods: Sequence[Pod]) -> str:
    reasons = [f"{condition.get('reason')}: {condition.get('message')}"]
    return "; ".join([*reasons, *(failures(pods[-1]) if pods else ())])

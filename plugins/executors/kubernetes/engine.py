"""What is with a cluster: jobs are created with their secrets, the state of pods is asked for, jobs are deleted."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from luigi.clock import SYSTEM, Clock
from luigi.contrib._kubernetes.description import unique_name
from luigi.contrib._kubernetes.errors import NotThere
from luigi.errors import KernelError
from luigi.executors.hosting.batch_jobs import messages
from luigi.executors.hosting.batch_jobs.engine import BatchEngine
from luigi.executors.hosting.batch_jobs.hearing import Hearing
from luigi.plugins.executors.kubernetes import manifests
from luigi.plugins.executors.kubernetes.sent import OVER, Patience, Sent

if TYPE_CHECKING:
    from luigi.executors.hosting.engine import Post
    from luigi.interfaces import Message
    from luigi.plugins.executors.kubernetes import Settings
    from luigi.plugins.executors.kubernetes.cluster import ExecutorCluster

logger = logging.getLogger("luigi-interface")

KEY_BYTES: Final = 32
LEAVING: Final = 30.0
"""Seconds within which pods have to be gone that are ended with the executor: what Kubernetes gives them."""
BETWEEN: Final = 0.2
"""Seconds between looks at whether they are."""


class KubernetesEngine(BatchEngine[Sent]):
    """Jobs of Kubernetes, by secrets and logs."""

    system = "Kubernetes"

    def __init__(
        self, settings: Settings, cluster: ExecutorCluster, luggage: bytes, post: Post, clock: Clock = SYSTEM
    ) -> None:
        super().__init__(post, settings.poll_time, clock)
        self._settings, self._cluster, self._luggage = settings, cluster, luggage
        self._executor = secrets.token_hex(8)
        self._ask_at = 0.0
        self.begin()

    @property
    def places(self) -> int:
        """As many as may be with the cluster: those that wait for a node are its own to see to."""
        return self._settings.max_jobs

    def send(self, token: int, message: Message) -> bool:
        """See Engine: by way of the pod's secret, which its node looks at once in a while."""
        sent = self._sent.get(token)
        if sent is None or not sent.hearing.where or sent.hearing.is_over:
            return False
        sent.messages += 1
        self._cluster.add_to_secret(sent.name, messages.name_of(sent.messages), messages.packed(message))
        return True

    # --- the thread --------------------------------------------------------------------------------------------------

    def _hand_over(self, hearings: Sequence[Hearing]) -> None:
        for hearing in hearings:
            if self._is_closing or hearing.is_over:
                continue
            try:
                self._create(hearing)
            except KernelError as error:
                self._refuse(hearing, error)

    def _create(self, hearing: Hearing) -> None:
        parcel, name, key = hearing.parcel, unique_name(hearing.parcel.family), secrets.token_bytes(KEY_BYTES)
        uid = self._cluster.create_job(manifests.job(name, parcel, self._settings, self._executor))
        try:
            self._cluster.create_secret(manifests.secret(name, uid, parcel, self._luggage, key))
        except BaseException:  # the pod waits for its secret
            self._delete(name)
            raise
        self._keep(Sent(hearing, name, key, self._cluster, Patience(self._settings.start_timeout)))

    def _look_after(self) -> None:
        now = self._clock.monotonic()
        if not self._sent or now < self._ask_at:
            return
        self._ask_at = now + self._settings.poll_time
        pods = self._pods()
        for sent in list(self._sent.values()):
            sent.note(pods.get(sent.name), now)

    def _pods(self) -> Mapping[str, Mapping[str, Any]]:
        """The pods there are, by the names of their jobs."""
        return {pod["metadata"]["labels"]["job-name"]: pod for pod in self._cluster.pods_of(self._executor)}

    def _end(self, jobs: Sequence[Sent]) -> None:
        for sent in jobs:
            self._delete(sent.name)

    def _delete(self, name: str) -> None:
        """The pod has the time to end that its specification gives it; the secret goes too."""
        try:
            self._cluster.delete(name)
        except NotThere:
            logger.debug("Kubernetes job %s is gone already", name)

    def _put_away(self, sent: Sent) -> None:
        sent.put_away()
        if not self._settings.keep_jobs:
            self._to_end.append(sent)

    def _leave(self, jobs: Sequence[Sent]) -> None:
        until = self._clock.monotonic() + LEAVING
        while self._are_left() and self._clock.monotonic() < until:
            self._clock.sleep(BETWEEN)

    def _are_left(self) -> bool:
        return any(pod["status"].get("phase") not in OVER for pod in self._pods().values())

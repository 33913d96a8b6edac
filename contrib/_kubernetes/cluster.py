"""What is asked of a cluster: jobs, their pods, what those printed, and what happened to them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from luigi.clock import SYSTEM, Clock
from luigi.contrib._kubernetes.connection import Way
from luigi.contrib._kubernetes.errors import EXTRA, WHO, AlreadyThere, ClusterAway, ClusterRefused, of_answer
from luigi.extras import need

Described = Mapping[str, Any]
"""As Kubernetes describes it in JSON."""


class Patience(NamedTuple):
    """How long a question may take. Times are seconds."""

    connect: float
    read: float
    attempts: int
    pause: float = 0.5
    """Until it is asked again; twice as many each time."""


USUAL: Final = Patience(connect=10, read=30, attempts=4)
HURRIED: Final = Patience(connect=1, read=1, attempts=2, pause=0.2)
"""For a task that is being ended, and has three seconds."""


class Cluster:
    """Asks in one namespace. Methods raise ClusterAway, ClusterRefused, NotThere and other ClusterErrors.

    Descriptions go as they are, by the client's own generic way: what a newer Kubernetes knows needs no newer client.
    """

    def __init__(self, way: Way, namespace: str | None = None, clock: Clock = SYSTEM) -> None:
        self.namespace = namespace or way.namespace
        self._host = way.client.configuration.host
        self._clock = clock
        dynamic = need("kubernetes.dynamic", EXTRA, WHO)
        self._client = dynamic.DynamicClient(way.client, discoverer=lambda client, cache_file: None)

    def create(self, job: Described) -> None:
        """Create a job. One of its name that is there is it: an answer was lost, and it was asked again."""
        try:
            self._ask("post", self._jobs(), body=job)
        except AlreadyThere:
            self.job(job["metadata"]["name"])

    def job(self, name: str) -> Described:
        """A job."""
        found: Described = self._described("get", self._jobs(name))
        return found

    def delete(self, name: str, patience: Patience = USUAL) -> None:
        """Delete a job with its pods."""
        self._ask("delete", self._jobs(name), query={"propagationPolicy": "Background"}, patience=patience)

    def pods(self, job: str) -> list[Described]:
        """The pods of a job, the oldest first."""
        found = self._described("get", self._core("pods"), {"labelSelector": f"job-name={job}"})["items"]
        return sorted(found, key=lambda pod: (pod["metadata"].get("creationTimestamp") or "", pod["metadata"]["name"]))

    def log(self, pod: str, container: str, *, lines: int, previous: bool = False) -> str:
        """The last lines that a container has printed; `previous` for before it was started again."""
        query: dict[str, Any] = {"container": container, "tailLines": lines}
        if previous:
            query["previous"] = "true"
        return self._ask("get", f"{self._core('pods')}/{quote(pod, safe='')}/log", query).decode("utf-8", "replace")

    def warnings(self, job: str) -> list[str]:
        """What went wrong with a job, the last last; nothing where that must not be asked."""
        about = {"fieldSelector": f"involvedObject.kind=Job,involvedObject.name={job},type=Warning"}
        try:
            found = self._described("get", self._core("events"), about)["items"]
        except ClusterRefused:
            return []
        return [f"{event.get('reason')}: {event.get('message')}" for event in found]

    def _jobs(self, name: str = "") -> str:
        path = f"/apis/batch/v1/namespaces/{quote(self.namespace, safe='')}/jobs"
        return f"{path}/{quote(name, safe='')}" if name else path

    def _core(self, kind: str) -> str:
        return f"/api/v1/namespaces/{quote(self.namespace, safe='')}/{kind}"

    def _described(self, verb: str, path: str, query: Mapping[str, Any] | None = None) -> Any:
        return json.loads(self._ask(verb, path, query))

    def _ask(
        self,
        verb: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: Described | None = None,
        patience: Patience = USUAL,
    ) -> bytes:
        """The answer; asked again while there is none. All that is asked here may be asked twice."""
        for attempt in range(patience.attempts - 1):
            try:
                return self._once(verb, path, query, body, patience)
            except ClusterAway:
                self._clock.sleep(patience.pause * 2**attempt)
        return self._once(verb, path, query, body, patience)

    def _once(
        self, verb: str, path: str, query: Mapping[str, Any] | None, body: Described | None, patience: Patience
    ) -> bytes:
        refused = need("kubernetes.client.exceptions", EXTRA, WHO).ApiException
        broken = need("urllib3.exceptions", EXTRA, WHO).HTTPError
        try:
            answer = self._client.request(
                verb,
                path,
                body=body,
                query_params=list((query or {}).items()),
                serialize=False,
                _request_timeout=(patience.connect, patience.read),
            )
            return bytes(answer.data)
        except refused as error:
            raise of_answer(error, self._host) from error
        except broken as error:
            raise ClusterAway(self._host, error) from error

"""What the executor asks of a cluster beyond what tasks with jobs of their own do: secrets, its pods, their logs."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import quote

from luigi.contrib._kubernetes.cluster import Cluster, Described
from luigi.contrib._kubernetes.connection import way
from luigi.contrib._kubernetes.errors import EXTRA, AlreadyThere, ClusterAway, of_answer
from luigi.contrib.kubernetes import kubernetes
from luigi.extras import need
from luigi.plugins.executors.kubernetes.manifests import OF_EXECUTORS

CONNECT: Final = 10.0
QUIET: Final = 300.0
"""Seconds after which a log that says nothing is asked for anew: the connection may be broken."""
MERGE: Final = "application/merge-patch+json"
WHO: Final = "the executor kubernetes"


class ExecutorCluster(Cluster):
    """Methods raise ClusterAway, ClusterRefused, NotThere and other ClusterErrors."""

    def create_job(self, described: Described) -> str:
        """Create a job; its uid. One of its name that is there is it: an answer was lost, and it was asked again."""
        self.create(described)
        return str(self.job(described["metadata"]["name"])["metadata"]["uid"])

    def create_secret(self, described: Described) -> None:
        """Create a secret; one of its name is it."""
        try:
            self._ask("post", self._core("secrets"), body=described)
        except AlreadyThere:
            return

    def add_to_secret(self, name: str, file: str, content: bytes) -> None:
        """Put one more file into a secret: pods that have it mounted find it there after some time."""
        path = f"{self._core('secrets')}/{quote(name, safe='')}"
        body = {"data": {file: b64encode(content).decode()}}
        with self._in_our_words():
            self._client.request("patch", path, body=body, content_type=MERGE, _request_timeout=(CONNECT, CONNECT))

    def pods_of(self, executor: str) -> list[Described]:
        """The pods of one executor; of all of them for an empty name."""
        selector = f"{OF_EXECUTORS}={executor}" if executor else OF_EXECUTORS
        found: list[Described] = json.loads(self._ask("get", self._core("pods"), {"labelSelector": selector}))["items"]
        return found

    def follow(self, pod: str, container: str, since: str) -> Iterator[bytes]:
        """What a container prints, as it does, each line behind its time; `since` is such a time, or empty."""
        query = {"container": container, "follow": "true", "timestamps": "true"}
        if since:
            query["sinceTime"] = since
        path = f"{self._core('pods')}/{quote(pod, safe='')}/log"
        with self._in_our_words():
            options = {"query_params": list(query.items()), "serialize": False, "_request_timeout": (CONNECT, QUIET)}
            yield from self._client.request("get", path, **options)

    @contextmanager
    def _in_our_words(self) -> Iterator[None]:
        refused = need("kubernetes.client.exceptions", EXTRA, WHO).ApiException
        broken = need("urllib3.exceptions", EXTRA, WHO).HTTPError
        try:
            yield
        except refused as error:
            raise of_answer(error, self._host) from error
        except broken as error:
            raise ClusterAway(self._host, error) from error


def cluster(namespace: str = "") -> ExecutorCluster:
    """The cluster that `[kubernetes]` leads to. Raises MissingExtra, NoCredentials and UnknownAuthMethod."""
    config = kubernetes()
    reached = way(config.auth_method, config.kubeconfig_path)
    return ExecutorCluster(reached, namespace or config.kubernetes_namespace)

"""What a cluster and its client say when it goes wrong, in our words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from luigi.errors import ConfigurationError, KernelError

EXTRA = "kubernetes"
WHO = "luigi.contrib.kubernetes"
LONGEST = 500
"""Characters of what is no answer of Kubernetes, such as a proxy's page."""


class ClusterError(KernelError):
    """The cluster does not do as asked."""


class ClusterAway(ClusterError, ConnectionError):
    """The cluster does not answer, also when asked again."""

    def __init__(self, host: str, said: object) -> None:
        super().__init__(f"the cluster at {host} does not answer: {said}")
        self.hint = "is the address in the kubeconfig right, and the network there? `kubectl version` would say"


class ClusterRefused(ClusterError, PermissionError):
    """The cluster does not know who asks, or does not let them."""

    def __init__(self, said: str) -> None:
        super().__init__(f"the cluster refuses: {said}")
        self.hint = "jobs are created, read and deleted, pods listed, their logs read: see `kubectl auth can-i --list`"


class NotThere(ClusterError):
    """The cluster has no such thing."""


class AlreadyThere(ClusterError):
    """The cluster has one of that name."""


class CannotStart(ClusterError):
    """The pods of a job do not come to run."""

    def __init__(self, job: str, why: str, hint: str) -> None:
        super().__init__(f"Kubernetes job {job} does not start: {why}")
        self.hint = hint


class NoCredentials(ConfigurationError):
    """The kubeconfig, or the pod's service account, cannot be used."""

    def __init__(self, where: str, said: object) -> None:
        super().__init__(f"{where} says nothing that can be used of who asks which cluster: {said}")
        self.hint = "[kubernetes] auth_method is kubeconfig, with kubeconfig_path, or, within a pod, service-account"


class UnknownAuthMethod(ConfigurationError, ValueError):
    """There is no such way of saying who one is."""

    def __init__(self, given: str) -> None:
        super().__init__(f"[kubernetes] auth_method = {given!r}: there is no such way")
        self.hint = "say kubeconfig or service-account"


OF_STATUS: Mapping[int, Callable[[str], ClusterError]] = {
    401: ClusterRefused,
    403: ClusterRefused,
    404: NotThere,
    409: AlreadyThere,
}
AWAY = {429, 500, 502, 503, 504}
"""Statuses that go by when it is tried again."""


def of_answer(error: Any, host: str) -> ClusterError:
    """What an answer means that is none of success; `error` is the client's ApiException."""
    said = _message(error.body) or str(error.reason)
    if error.status in AWAY:
        return ClusterAway(host, f"{error.status} {said}")
    return OF_STATUS.get(error.status, ClusterError)(said)


def _message(body: Any) -> str:
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else str(body or "")
    try:
        return str(json.loads(text)["message"])
    except (ValueError, KeyError, TypeError):
        return text[:LONGEST]

"""What is asked of the cluster for one task, as Kubernetes describes it: a job of one pod, and its secret."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from math import ceil
from typing import TYPE_CHECKING, Any, Final

from luigi.contrib._kubernetes.description import job_named
from luigi.errors import ConfigurationError, KernelError
from luigi.executors.hosting.batch_jobs import job_spec
from luigi.executors.hosting.batch_jobs.job_spec import STDOUT, JobSpec

if TYPE_CHECKING:
    from luigi.executors.hosting.engine import Parcel
    from luigi.plugins.executors.kubernetes import Settings

OF_EXECUTORS: Final = "luigi-kernel/executor"
"""The label of all jobs and pods of one executor."""
CONTAINER: Final = "task"
VOLUME: Final = "luigi-job"
PLACE: Final = "/var/run/luigi-kernel"
LUGGAGE: Final = "luggage"
READ_BY_USER: Final = 0o400
CALLED: Final = {"cpus": "cpu", "gpu": "nvidia.com/gpu"}
SPARE: Final = 300
"""Seconds beyond the task's own time, which the job keeps itself: to find a node, and to pull the image."""
KEPT: Final = 3600
"""Seconds for which a job stays that nobody deletes: those of a worker that was killed among them."""
LARGEST: Final = 1_000_000
"""Bytes of a secret, of which Kubernetes takes a MiB."""


class BadJson(ConfigurationError):
    """An option is to be JSON, and is not."""

    def __init__(self, option: str, why: str) -> None:
        super().__init__(f"[kubernetes_executor] {option} is no JSON that can be used: {why}")
        self.hint = 'it is an object: {"serviceAccountName": "etl"}'


class TooLarge(KernelError):
    """A task does not fit into a secret."""

    def __init__(self, task_id: str, size: int) -> None:
        super().__init__(f"{task_id} has {size} bytes on its way, and a secret of Kubernetes holds {LARGEST}")
        self.hint = "have its modules in the image, and large values in files"


def job(name: str, parcel: Parcel, settings: Settings, executor: str) -> dict[str, Any]:
    """The job of one task."""
    limit = ceil(parcel.timeout) + SPARE if parcel.timeout else None
    labels = {OF_EXECUTORS: executor}
    described = job_named(name, _pod(name, parcel, settings), labels=labels, tries=0, active_deadline_seconds=limit)
    described["spec"]["ttlSecondsAfterFinished"] = KEPT
    return described


def secret(name: str, uid: str, parcel: Parcel, luggage: bytes, key: bytes) -> dict[str, Any]:
    """What the pod is to do, which goes with the job whose `uid` this is. Raises TooLarge."""
    files = {job_spec.NAME: job_spec.packed(JobSpec(parcel, LUGGAGE, STDOUT, key)), LUGGAGE: luggage}
    data = {file: b64encode(content).decode() for file, content in files.items()}
    size = sum(map(len, data.values()))
    if size > LARGEST:
        raise TooLarge(parcel.task_id, size)
    owner = {"apiVersion": "batch/v1", "kind": "Job", "name": name, "uid": uid}
    metadata = {"name": name, "ownerReferences": [owner]}
    return {"apiVersion": "v1", "kind": "Secret", "type": "Opaque", "metadata": metadata, "data": data}


def _pod(name: str, parcel: Parcel, settings: Settings) -> dict[str, Any]:
    more, of_container = _of_json("pod", settings.pod), _of_json("container", settings.container)
    mount = {"name": VOLUME, "mountPath": PLACE, "readOnly": True}
    volume = {"name": VOLUME, "secret": {"secretName": name, "defaultMode": READ_BY_USER}}
    container = {
        "image": settings.image,
        **of_container,
        "name": CONTAINER,
        "command": [settings.kernel, "execute-task", f"{PLACE}/{job_spec.NAME}"],
        "volumeMounts": [*of_container.get("volumeMounts", ()), mount],
        "resources": _resources(
            parcel.needs, _of_json("resources", settings.resources), of_container.get("resources", {})
        ),
    }
    containers = [container, *more.pop("containers", ())]
    volumes = [*more.pop("volumes", ()), volume]
    return {**more, "restartPolicy": "Never", "containers": containers, "volumes": volumes}


def _resources(needs: Mapping[str, int], called: Mapping[str, str], given: Mapping[str, Any]) -> dict[str, Any]:
    """What the container has in any case, and of what the task needs that which the cluster knows by a name."""
    names = {**CALLED, **called}
    limits = {names[name]: str(amount) for name, amount in needs.items() if name in names and amount > 0}
    return {**given, "limits": {**given.get("limits", {}), **limits}}


def _of_json(option: str, text: str) -> dict[str, Any]:
    """What an option says. Raises BadJson."""
    try:
        found = json.loads(text or "{}")
    except ValueError as error:
        raise BadJson(option, str(error)) from error
    if not isinstance(found, dict):
        raise BadJson(option, "it is no object, {…}")
    return found

"""What OpenPAI is told of a job, by its own names: they become JSON as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class Port:
    """Ports that a role is given."""

    __slots__ = ("beginAt", "label", "portNumber")

    def __init__(self, label: str, begin_at: int = 0, port_number: int = 1) -> None:
        self.label = label
        self.beginAt = begin_at  # 0: OpenPAI chooses
        self.portNumber = port_number


class TaskRole:
    """A program that runs so many times, and what each of them is given.

    `minFailedTaskCount` and `minSucceededTaskCount` may be set: how many end the job.
    """

    __slots__ = (
        "command",
        "cpuNumber",
        "gpuNumber",
        "memoryMB",
        "minFailedTaskCount",
        "minSucceededTaskCount",
        "name",
        "portList",
        "shmMB",
        "taskNumber",
    )

    minFailedTaskCount: int
    minSucceededTaskCount: int

    def __init__(
        self,
        name: str,
        command: str,
        taskNumber: int = 1,
        cpuNumber: int = 1,
        memoryMB: int = 2048,
        shmMB: int = 64,
        gpuNumber: int = 0,
        portList: Sequence[Port] = (),
    ) -> None:
        self.name = name
        self.command = command
        self.taskNumber = taskNumber
        self.cpuNumber = cpuNumber
        self.memoryMB = memoryMB
        self.shmMB = shmMB
        self.gpuNumber = gpuNumber
        self.portList = list(portList)


class PaiJob:
    """A job. What is not set is not told."""

    __slots__ = (
        "authFile",
        "codeDir",
        "dataDir",
        "gpuType",
        "image",
        "jobName",
        "outputDir",
        "retryCount",
        "taskRoles",
        "virtualCluster",
    )

    authFile: str | None
    codeDir: str | None
    dataDir: str | None
    gpuType: str | None
    outputDir: str | None
    retryCount: int
    virtualCluster: str

    def __init__(self, jobName: str, image: str, tasks: Sequence[TaskRole]) -> None:
        self.jobName = jobName
        self.image = image
        self.taskRoles = list(tasks)


def slot_to_dict(o: Any) -> dict[str, Any]:
    """The attributes of one of the above that are set, and not to None."""
    found = ((name, getattr(o, name, None)) for name in o.__slots__)
    return {name: value for name, value in found if value is not None}

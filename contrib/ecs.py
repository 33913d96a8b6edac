"""Amazon ECS: a task that runs a task definition there.

    class Clean(ECSTask):
        task_def_arn = "arn:aws:ecs:eu-west-1:123456789012:task-definition/clean:3"
        command = [{"name": "main", "command": ["clean", "--all"]}]

`pip install "luigi-kernel[aws]"` brings what it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import luigi
from luigi.contrib import remote_job
from luigi.contrib._aws import clients
from luigi.contrib._ecs.errors import EcsTaskFailed, NoDefinition, NotPlaced
from luigi.contrib._ecs.job import EcsJob
from luigi.freezing import recursively_unfreeze

__all__ = ["POLL_TIME", "ECSTask", "EcsTaskFailed", "NoDefinition", "NotPlaced", "TaskDefinitionParameter", "client"]

POLL_TIME = 2
"""Seconds between two looks at what runs. A program may change it."""


client: Any = clients.Later("ecs")
"""Boto3's client of ECS. A program may put one of its own in its place."""


def _client(patience: clients.Patience) -> Any:
    return clients.client("ecs", patience) if isinstance(client, clients.Later) else client


class TaskDefinitionParameter(luigi.OptionalDictParameter, luigi.OptionalParameter):  # type: ignore[misc]
    """A definition of ECS's, or None; on the command line JSON."""


class ECSTask(luigi.Task):
    """Runs a definition to its end; fails when an essential container does, with the last lines of its log.

    A task that is ended stops what it started.
    """

    task_def_arn: str | None = luigi.OptionalParameter(default=None, description="a definition that is registered")
    task_def: Mapping[str, Any] | None = TaskDefinitionParameter(
        default=None, description="or one to register, by the names of Amazon's RegisterTaskDefinition"
    )
    cluster: str = luigi.Parameter(default="default", description="its name or ARN")

    @property
    def ecs_task_ids(self) -> Sequence[str] | None:
        """The ARNs of what was started; None before."""
        return getattr(self, "_task_ids", None)

    @property
    def command(self) -> Sequence[Mapping[str, Any]] | None:
        """What containers run in place of what the definition says: `[{"name": "main", "command": ["ls", "/"]}]`."""
        return None

    @property
    def run_task_kwargs(self) -> Mapping[str, Any]:
        """More for Amazon's RunTask, such as `launchType`, `networkConfiguration` or `overrides`."""
        return {}

    @property
    def combined_overrides(self) -> dict[str, Any]:
        """The `overrides` of `run_task_kwargs`, with `command` in them."""
        overrides: dict[str, Any] = recursively_unfreeze(dict(self.run_task_kwargs.get("overrides", {})))
        if self.command:
            containers = [dict(one) for one in overrides.get("containerOverrides", [])]
            for command in self.command:
                self.update_container_overrides_command(containers, command)
            overrides["containerOverrides"] = containers
        return overrides

    @staticmethod
    def update_container_overrides_command(
        container_overrides: list[dict[str, Any]], command: Mapping[str, Any]
    ) -> None:
        """Have the container that `command` names run its command: in place of what the list says, or as a new item."""
        for one in container_overrides:
            if one["name"] == command["name"]:
                one["command"] = command["command"]
                return
        container_overrides.append(dict(command))

    def run(self) -> None:
        """Run it to its end. Raises EcsTaskFailed, NotPlaced, NoDefinition, and botocore's errors."""
        wanted = {
            **self.run_task_kwargs,
            "taskDefinition": self._definition(),
            "cluster": self.cluster,
            "overrides": self.combined_overrides,
        }
        remote_job.run(_Remembered(wanted, self._remember), self, POLL_TIME)

    def _remember(self, arns: Sequence[str]) -> None:
        self._task_ids = arns

    def _definition(self) -> str:
        if bool(self.task_def) == bool(self.task_def_arn):
            raise NoDefinition(self.get_task_family())
        if self.task_def_arn:
            return self.task_def_arn
        answer = _client(clients.USUAL).register_task_definition(**recursively_unfreeze(self.task_def))
        return str(answer["taskDefinition"]["taskDefinitionArn"])


class _Remembered(EcsJob):
    """A run whose ARNs somebody is told when it begins."""

    def __init__(self, wanted: Mapping[str, Any], tell: Callable[[Sequence[str]], object]) -> None:
        super().__init__(_client, wanted)
        self._tell = tell

    def submit(self) -> str:
        job_id = super().submit()
        self._tell(job_id.split(","))
        return job_id

"""One run of a task definition in ECS: how it is started, looked at and stopped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Final

from luigi.contrib._aws import console
from luigi.contrib._aws.clients import EXTRA, HASTY, USUAL, Patience
from luigi.contrib._aws.logs import last_words
from luigi.contrib._aws.troubles import NotKnown, ServiceAway, may_be_away
from luigi.contrib._ecs.definition import Containers
from luigi.contrib._ecs.errors import EcsTaskFailed, NotPlaced
from luigi.contrib._ecs.verdict import succeeded, told
from luigi.contrib.remote_job import JobState, RemoteJob
from luigi.extras import need

STOPPED: Final = "STOPPED"


class EcsJob(RemoteJob):
    """One or more tasks of ECS that one call has started; its id is their ARNs, separated by commas."""

    kind: ClassVar[str] = "ECS task"
    passing = (*RemoteJob.passing, NotKnown)

    def __init__(self, client: Callable[[Patience], Any], wanted: Mapping[str, Any]) -> None:
        self._client = client
        self._wanted = wanted
        self._cluster = {"cluster": wanted["cluster"]}
        self._seen: Sequence[Mapping[str, Any]] = ()

    def submit(self) -> str:
        """Their ARNs. Raises NotPlaced, and stops what was started, when not all could be."""
        answer = self._client(USUAL).run_task(**self._wanted)  # boto3 adds a token: when repeated, it is done once
        job_id = ",".join(task["taskArn"] for task in answer["tasks"])
        if answer["failures"] or not job_id:
            self.cancel(job_id)
            raise NotPlaced(answer["failures"])
        return job_id

    def look(self, job_id: str) -> JobState:
        """How they are now: ended when all have stopped."""
        self._seen = tasks = self._described(job_id)
        running = [task["lastStatus"] for task in tasks if task["lastStatus"] != STOPPED]
        return JobState(
            running[0] if running else STOPPED,
            ended=not running,
            succeeded=not running and all(map(self._succeeded, tasks)),
            tracking_url=console.ecs_task(tasks[0]["taskArn"]),
            message="; ".join(filter(None, map(told, tasks))),
        )

    def cancel(self, job_id: str) -> None:
        """Stop all of them."""
        for arn in filter(None, job_id.split(",")):
            self._client(HASTY).stop_task(task=arn, reason="its luigi task was ended", **self._cluster)

    def last_output(self, job_id: str) -> str:
        """What each container that did not end with 0 has printed last, if CloudWatch has it; by what was seen last."""
        return "\n".join(filter(None, map(self._printed, self._seen)))

    def failure(self, job_id: str, state: JobState) -> EcsTaskFailed:
        """With why they stopped, the exit codes, and the last lines of their logs."""
        output = self.last_output(job_id)
        return EcsTaskFailed(self.called(job_id), state.status, message=state.message, output=output)

    def _described(self, job_id: str) -> Sequence[dict[str, Any]]:
        arns = job_id.split(",")
        with may_be_away():
            tasks: Sequence[dict[str, Any]] = self._client(USUAL).describe_tasks(tasks=arns, **self._cluster)["tasks"]
        if len(tasks) < len(arns):
            raise NotKnown(f"the task {', '.join(set(arns) - {task['taskArn'] for task in tasks})} of ECS")
        return tasks

    def _succeeded(self, task: Mapping[str, Any]) -> bool:
        return succeeded(task, lambda: self._containers(task).essential)

    def _printed(self, task: Mapping[str, Any]) -> str:
        failed = {one.get("name") for one in task.get("containers", []) if one.get("exitCode") != 0}
        try:
            streams = self._containers(task).streams(task["taskArn"]) if failed else {}
        except (need("botocore.exceptions", EXTRA).ClientError, ServiceAway) as error:
            return f"(where it prints to cannot be read: {error})"
        return "\n".join(last_words(*place) for name, place in streams.items() if name in failed)

    def _containers(self, task: Mapping[str, Any]) -> Containers:
        """What its definition says. Raises ServiceAway, and botocore's errors."""
        with may_be_away():
            answer = self._client(USUAL).describe_task_definition(taskDefinition=task["taskDefinitionArn"])
        return Containers(answer["taskDefinition"])

"""Stands in for AWS Batch, ECS and CloudWatch's logs, whose emulators need Docker: containers are local programs.

The real client talks to it, led here by Amazon's own environment variables.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from luigi.testing.http_server import Answer, HttpServer, Request

ACCOUNT = "eu-west-1:123456789012"
SECRET = "the-secret-key"


class Refused(Exception):
    """An answer that is an error."""

    def __init__(self, code: str, message: str = "", status: int = 400) -> None:
        self.code, self.message, self.status = code, message, status


class Container:
    """A program, and what it has printed."""

    def __init__(self, command: list[str]) -> None:
        self.lines: list[str] = []
        self.program = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.program.stdout is not None
        for line in self.program.stdout:
            self.lines.append(line.rstrip("\n"))

    @property
    def code(self) -> int | None:
        """Its exit code as Docker tells it; None while it runs."""
        code = self.program.poll()
        if code is None:
            return None
        self._reader.join(5)
        return code if code >= 0 else 128 - code

    def stop(self) -> None:
        """Kill it; it has no process to look after it."""
        self.program.kill()
        self.program.wait()


class Amazon:
    """The few routes that our tasks use. `calls` is what was asked, `failures` what is answered to the next calls."""

    def __init__(self) -> None:
        self.numbers = itertools.count(1)
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.failures: list[tuple[str, Refused]] = []
        self.definitions: dict[str, dict[str, Any]] = {}
        self.queues = [{"jobQueueName": "first", "state": "ENABLED", "status": "VALID"}]
        self.jobs: dict[str, dict[str, Any]] = {}
        self.tasks: dict[str, dict[str, Any]] = {}
        self.streams: dict[tuple[str, str], Container] = {}
        self._server = HttpServer(self._answered)
        self.url = self._server.url

    def _answered(self, request: Request) -> Answer:
        name = request.headers.get("x-amz-target", request.path).replace("/v1/", "").rpartition(".")[2]
        status, answer = self.answer(name, json.loads(request.body or b"{}"))
        return Answer.of_json(answer, status)

    def stop(self) -> None:
        for container in self.streams.values():
            container.stop()
        self._server.close()

    def fail(self, call: str, code: str, status: int = 400) -> None:
        """Answer the next call of that name by an error."""
        self.failures.append((call, Refused(code, f"{code}: said so", status)))

    def called(self, call: str) -> list[dict[str, Any]]:
        """With what it was called."""
        return [given for name, given in self.calls if name == call]

    def answer(self, name: str, given: dict[str, Any]) -> tuple[int, Any]:
        self.calls.append((name, given))
        try:
            if self.failures and self.failures[0][0] == name:
                raise self.failures.pop(0)[1]
            return 200, getattr(self, name)(**given)
        except Refused as refused:
            return refused.status, {"__type": refused.code, "code": refused.code, "message": refused.message}

    # --- CloudWatch ------------------------------------------------------------------------------------------------

    def GetLogEvents(self, logGroupName: str, logStreamName: str, limit: int, startFromHead: bool) -> Any:
        if (logGroupName, logStreamName) not in self.streams:
            raise Refused("ResourceNotFoundException", "The specified log stream does not exist.")
        lines = self.streams[logGroupName, logStreamName].lines
        return {"events": [{"timestamp": 1, "message": line} for line in lines[-limit:]]}

    # --- Batch -------------------------------------------------------------------------------------------------------

    def registerjobdefinition(self, **definition: Any) -> Any:
        self.definitions[definition["jobDefinitionName"]] = definition
        return {"jobDefinitionName": definition["jobDefinitionName"], "jobDefinitionArn": "arn", "revision": 1}

    def describejobqueues(self, **chosen: Any) -> Any:
        return {"jobQueues": self.queues}

    def submitjob(self, jobName: str, jobQueue: str, jobDefinition: str, parameters: dict[str, str]) -> Any:
        if jobDefinition not in self.definitions:
            raise Refused("ClientException", f"JobDefinition {jobDefinition} does not exist")
        properties = self.definitions[jobDefinition]["containerProperties"]
        named = {f"Ref::{name}": value for name, value in parameters.items()}
        number = next(self.numbers)
        group = properties.get("logConfiguration", {}).get("options", {}).get("awslogs-group", "/aws/batch/job")
        container = self._start([named.get(word, word) for word in properties["command"]], group, f"stream-{number}")
        job_id = f"job-{number}"
        self.jobs[job_id] = {
            "jobId": job_id,
            "jobName": jobName,
            "createdAt": number,
            "jobArn": f"arn:aws:batch:{ACCOUNT}:job/{job_id}",
            "logConfiguration": properties.get("logConfiguration", {}),
            "stream": f"stream-{number}",
            "running": container,
        }
        return {"jobId": job_id, "jobName": jobName}

    def describejobs(self, jobs: list[str]) -> Any:
        return {"jobs": [self._job(self.jobs[job_id]) for job_id in jobs if job_id in self.jobs]}

    def _job(self, job: dict[str, Any]) -> dict[str, Any]:
        code = job["running"].code
        container = {"logStreamName": job["stream"], "logConfiguration": job["logConfiguration"]}
        told = {name: job[name] for name in ("jobId", "jobName", "jobArn", "createdAt")}
        if code is None:
            return {**told, "status": "RUNNING", "container": container}
        ended = {**container, "exitCode": code}
        status = "FAILED" if code else "SUCCEEDED"
        reason = job.get("reason", "Essential container in task exited")
        return {
            **told,
            "status": status,
            "statusReason": reason,
            "container": ended,
            "attempts": [{"container": ended}],
        }

    def listjobs(self, jobQueue: str, filters: list[dict[str, Any]]) -> Any:
        (name,) = filters[0]["values"]
        return {"jobSummaryList": [self._job(job) for job in self.jobs.values() if job["jobName"].startswith(name)]}

    def terminatejob(self, jobId: str, reason: str) -> Any:
        self.jobs[jobId]["reason"] = reason
        self.jobs[jobId]["running"].stop()
        return {}

    # --- ECS ---------------------------------------------------------------------------------------------------------

    def RegisterTaskDefinition(self, **definition: Any) -> Any:
        arn = f"arn:aws:ecs:{ACCOUNT}:task-definition/{definition['family']}:{next(self.numbers)}"
        self.definitions[arn] = {**definition, "taskDefinitionArn": arn}
        return {"taskDefinition": self.definitions[arn]}

    def DescribeTaskDefinition(self, taskDefinition: str) -> Any:
        return {"taskDefinition": self.definitions[taskDefinition]}

    def RunTask(self, taskDefinition: str, cluster: str, overrides: Any, clientToken: str, count: int = 1) -> Any:
        if taskDefinition not in self.definitions:
            raise Refused("ClientException", "TaskDefinition not found.")
        return {"tasks": [self._run(taskDefinition, cluster, overrides) for _ in range(count)], "failures": []}

    def _run(self, definition: str, cluster: str, overrides: Any) -> Any:
        number = next(self.numbers)
        arn = f"arn:aws:ecs:{ACCOUNT}:task/{cluster}/task-{number}"
        commands = {one["name"]: one["command"] for one in overrides.get("containerOverrides", [])}
        containers = {
            one["name"]: self._start(
                commands.get(one["name"], one["command"]), "ecs", f"luigi/{one['name']}/task-{number}"
            )
            for one in self.definitions[definition]["containerDefinitions"]
        }
        self.tasks[arn] = {"taskArn": arn, "taskDefinitionArn": definition, "running": containers}
        return self._task(arn)

    def DescribeTasks(self, tasks: list[str], cluster: str) -> Any:
        return {"tasks": [self._task(arn) for arn in tasks if arn in self.tasks], "failures": []}

    def _task(self, arn: str) -> Any:
        task = self.tasks[arn]
        containers: dict[str, Container] = task["running"]
        essential = {
            one["name"]
            for one in self.definitions[task["taskDefinitionArn"]]["containerDefinitions"]
            if one.get("essential", True)
        }
        told = {"taskArn": arn, "taskDefinitionArn": task["taskDefinitionArn"]}
        if not any(containers[name].code is not None for name in essential):
            return {**told, "lastStatus": "RUNNING", "containers": [{"name": name} for name in containers]}
        for container in containers.values():
            if container.code is None:
                container.stop()
        codes = [{"name": name, "exitCode": container.code} for name, container in containers.items()]
        stopped = task.get("stopped", {"stopCode": "EssentialContainerExited", "stoppedReason": "Essential exited"})
        return {**told, "lastStatus": "STOPPED", "containers": codes, **stopped}

    def StopTask(self, task: str, cluster: str, reason: str) -> Any:
        self.tasks[task]["stopped"] = {"stopCode": "UserInitiated", "stoppedReason": reason}
        for container in self.tasks[task]["running"].values():
            container.stop()
        return {"task": self._task(task)}

    def _start(self, command: list[str], group: str, stream: str) -> Container:
        self.streams[group, stream] = Container(command)
        return self.streams[group, stream]


@pytest.fixture
def amazon(monkeypatch: pytest.MonkeyPatch) -> Iterator[Amazon]:
    """The stand-in, to which this process's environment leads boto3."""
    stand_in = Amazon()
    lead_boto3_to(stand_in.url, monkeypatch)
    yield stand_in
    stand_in.stop()


@pytest.fixture
def aws_service(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The emulator moto, whose jobs run nowhere and succeed: for what it makes of our calls."""
    server_of = pytest.importorskip("moto.server", reason="moto[server] is not installed")
    server = server_of.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    url = "http://{}:{}".format(*server.get_host_and_port())
    lead_boto3_to(url, monkeypatch)
    yield url
    server.stop()


def lead_boto3_to(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("boto3", reason="boto3 is not installed")
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a-test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")

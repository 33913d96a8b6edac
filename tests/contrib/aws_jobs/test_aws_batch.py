"""Jobs of AWS Batch: `luigi.contrib.batch`."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.clock import SYSTEM
from luigi.contrib._batch.job import BatchJob
from luigi.contrib.batch import BatchClient, BatchJobException, BatchTask, NoQueue
from luigi.errors import KernelError
from luigi.task import Task
from luigi.testing.contracts import RemoteJobContract


class BatchLines(BatchTask):
    """Runs lines of a shell, by a definition that takes them as a parameter."""

    lines = luigi.Parameter()
    job_definition = "shell"
    poll_time = 0

    @property
    def parameters(self) -> Mapping[str, str]:
        return {"lines": self.lines}

    def complete(self) -> bool:
        return bool(getattr(self, "was_run", False))

    def run(self) -> None:
        super().run()
        self.was_run = True


@pytest.fixture
def shell(amazon: Any) -> Any:
    """Batch, with a definition that runs lines of a shell."""
    amazon.definitions["shell"] = {"containerProperties": {"command": ["sh", "-c", "Ref::lines"]}}
    return amazon


class TestBatchJobs(RemoteJobContract):
    last_words = "the disk is full"
    says_where = True

    @pytest.fixture(autouse=True)
    def _place(self, shell: Any) -> None:
        self.batch = shell

    def succeeding(self) -> Task:
        return BatchLines(lines="true")

    def failing(self) -> Task:
        return BatchLines(lines="echo the disk is full; exit 3")

    def endless(self) -> Task:
        return BatchLines(lines="exec sleep 600", job_name="endless")

    def is_running(self, task: Task) -> bool:
        """From when its task has looked at it: it knows what to end."""
        jobs = [job for job in self.batch.jobs.values() if job["jobName"] == "endless"]
        return any(job["running"].code is None for job in jobs) and bool(self.batch.called("describejobs"))


def test_a_job_is_submitted_as_the_task_says(shell: Any) -> None:
    BatchLines(lines="true", job_name="mine", job_queue="second").run()
    (said,) = shell.called("submitjob")
    assert said == {
        "jobName": "mine",
        "jobQueue": "second",
        "jobDefinition": "shell",
        "parameters": {"lines": "true"},
    }
    assert not shell.called("describejobqueues")


def test_what_is_not_said_is_the_first_queue_that_takes_jobs_and_a_name_of_chance(shell: Any) -> None:
    off = {"jobQueueName": "off", "state": "DISABLED", "status": "VALID"}
    broken = {"jobQueueName": "broken", "state": "ENABLED", "status": "INVALID"}
    shell.queues[:0] = [off, broken]
    BatchLines(lines="true").run()
    (said,) = shell.called("submitjob")
    assert said["jobQueue"] == "first"
    assert said["jobName"].startswith("batch-job-")


def test_without_a_queue_that_takes_jobs_it_says_so(shell: Any) -> None:
    shell.queues.clear()
    with pytest.raises(NoQueue, match="ENABLED") as error:
        BatchLines(lines="true").run()
    assert "job_queue" in error.value.hint


def test_the_error_names_job_state_reason_and_exit_code_and_no_key(
    shell: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(BatchJobException) as error:
        BatchLines(lines="echo one; echo two; exit 3").run()
    assert str(error.value) == (
        "AWS Batch job job-1 ended as FAILED: Essential container in task exited, exit code 3\n"
        "the last that it printed:\none\ntwo"
    )
    assert "the-secret-key" not in caplog.text


def test_only_the_last_lines_of_a_long_log_are_told(shell: Any) -> None:
    with pytest.raises(BatchJobException) as error:
        BatchLines(lines="seq 1000; exit 1").run()
    assert error.value.output.splitlines() == [str(number) for number in range(951, 1001)]


def test_a_log_group_of_the_definition_is_read(shell: Any) -> None:
    where = {"logDriver": "awslogs", "options": {"awslogs-group": "mine"}}
    shell.definitions["shell"]["containerProperties"]["logConfiguration"] = where
    with pytest.raises(BatchJobException, match="from my own group"):
        BatchLines(lines="echo from my own group; exit 1").run()


def test_a_log_that_cannot_be_read_does_not_hide_the_failure(shell: Any) -> None:
    shell.fail("GetLogEvents", "AccessDeniedException")
    with pytest.raises(BatchJobException, match=r"exit code 3\n.*\n.*cannot be read.*AccessDenied"):
        BatchLines(lines="echo one; exit 3").run()


def test_a_job_that_had_no_container_fails_with_its_reason(shell: Any) -> None:
    client = BatchClient(poll_time=0)
    job_id = client.submit_job("shell", {"lines": "false"})
    shell._job = lambda job: {**job, "status": "FAILED", "statusReason": "no such image", "running": 0, "container": {}}
    with pytest.raises(BatchJobException, match="no such image"):
        client.wait_on_job(job_id)


def test_a_job_that_batch_does_not_know_yet_is_waited_for(shell: Any) -> None:
    describe, empty = shell.describejobs, iter([{"jobs": []}, {"jobs": []}])
    shell.describejobs = lambda jobs: next(empty, None) or describe(jobs)
    BatchLines(lines="true").run()


def test_a_job_that_batch_has_forgotten_is_no_success(shell: Any) -> None:
    with pytest.raises(KernelError, match="does not know the job job-gone of AWS Batch"):
        BatchClient(poll_time=0).wait_on_job("job-gone")


def test_a_service_in_trouble_costs_no_job(shell: Any) -> None:
    for _ in range(6):  # more often than boto3 asks
        shell.fail("describejobs", "ServerException", status=503)
    BatchLines(lines="true").run()
    assert len(shell.called("submitjob")) == 1


def test_a_submission_is_made_again_only_when_it_certainly_was_not_taken(shell: Any) -> None:
    shell.fail("submitjob", "TooManyRequestsException", status=429)
    BatchLines(lines="true").run()
    assert len(shell.called("submitjob")) == 2
    shell.fail("submitjob", "ServerException", status=500)
    with pytest.raises(Exception, match="ServerException"):
        BatchLines(lines="true", job_name="another").run()
    assert len(shell.called("submitjob")) == 3


def test_a_service_that_hangs_does_not_keep_a_task_from_ending(shell: Any) -> None:
    released = threading.Event()
    shell.terminatejob = lambda jobId, reason: released.wait(10)
    began = SYSTEM.monotonic()
    with pytest.raises(Exception, match="timeout"):
        BatchJob().cancel("job-1")
    released.set()
    assert SYSTEM.monotonic() - began < 3


def test_an_unknown_definition_is_named(shell: Any) -> None:
    with pytest.raises(Exception, match="JobDefinition nowhere does not exist"):
        BatchClient().submit_job("nowhere", {"lines": "true"})


def test_values_with_quotes_spaces_and_dashes_arrive_as_they_are(shell: Any) -> None:
    shell.definitions["shell"]["containerProperties"]["command"] = ["printf", "%s", "Ref::lines"]
    job_id = BatchClient(0).submit_job("shell", {"lines": "--x 'y' \"z\" $(id); \n-"})
    BatchClient(0).wait_on_job(job_id)
    assert "\n".join(shell.jobs[job_id]["running"].lines) == "--x 'y' \"z\" $(id); \n-"


def test_a_job_is_found_by_its_name_whatever_its_state(shell: Any) -> None:
    client = BatchClient(poll_time=0)
    client.submit_job("shell", {"lines": "true"}, job_name="mine")
    newest = client.submit_job("shell", {"lines": "true"}, job_name="mine")
    client.submit_job("shell", {"lines": "true"}, job_name="mine too")
    assert client.get_job_id_from_name("mine") == newest
    assert client.get_job_id_from_name("nobody's") is None


def test_what_a_job_printed_can_be_asked_for(shell: Any) -> None:
    client = BatchClient(poll_time=0)
    job_id = client.submit_job("shell", {"lines": "seq 3"})
    assert client.wait_on_job(job_id) is True
    assert client.get_job_status(job_id) == "SUCCEEDED"
    assert client.get_logs(shell.jobs[job_id]["stream"], get_last=2) == "2\n3"


@pytest.mark.service("aws")
def test_the_emulator_understands_all_calls(aws_service: str, tmp_path: Path) -> None:
    """Moto checks what a job needs: a definition, a queue, a compute environment, and a role for it."""
    import boto3

    _without_docker(aws_service)
    role = boto3.client("iam").create_role(RoleName="role", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    service = boto3.client("batch")
    kind = {"type": "UNMANAGED", "state": "ENABLED", "serviceRole": role}
    arn = service.create_compute_environment(computeEnvironmentName="here", **kind)["computeEnvironmentArn"]
    order = [{"order": 1, "computeEnvironment": arn}]
    service.create_job_queue(jobQueueName="queue", state="ENABLED", priority=1, computeEnvironmentOrder=order)
    (tmp_path / "definition.json").write_text(json.dumps(DEFINITION))

    client = BatchClient(poll_time=0)
    assert client.register_job_definition(str(tmp_path / "definition.json"))["revision"] == 1
    assert client.get_active_queue() == "queue"
    job_id = client.submit_job("true", {}, job_name="mine")
    assert client.wait_on_job(job_id) is True
    assert client.get_job_id_from_name("mine") == job_id


DEFINITION = {
    "jobDefinitionName": "true",
    "type": "container",
    "containerProperties": {"image": "busybox", "vcpus": 1, "memory": 128, "command": ["true"]},
}


def _without_docker(url: str) -> None:
    from urllib.request import Request, urlopen

    body = json.dumps({"batch": {"use_docker": False}}).encode()
    headers = {"Content-Type": "application/json"}
    urlopen(Request(f"{url}/moto-api/config", body, headers, method="POST"), timeout=10).close()

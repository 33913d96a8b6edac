"""Tasks of Amazon ECS: `luigi.contrib.ecs`."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from luigi.contrib import ecs
from luigi.contrib.ecs import ECSTask, EcsTaskFailed, NoDefinition, NotPlaced
from luigi.errors import MissingExtra
from luigi.task import Task
from luigi.testing.contracts import RemoteJobContract

LOGS = {"logDriver": "awslogs", "options": {"awslogs-group": "ecs", "awslogs-stream-prefix": "luigi"}}


def container(name: str, lines: str = "true", **more: Any) -> dict[str, Any]:
    """A container that runs lines of a shell, and prints to CloudWatch."""
    return {"name": name, "image": "busybox", "command": ["sh", "-c", lines], "logConfiguration": LOGS, **more}


def definition(*containers: dict[str, Any]) -> dict[str, Any]:
    return {"family": "test", "containerDefinitions": list(containers)}


class EcsRun(ECSTask):
    """Runs a definition, and is complete once it did."""

    cluster = "tests"

    def complete(self) -> bool:
        return bool(getattr(self, "was_run", False))

    def run(self) -> None:
        super().run()
        self.was_run = True


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """As programs do: the interval is theirs to change."""
    monkeypatch.setattr(ecs, "POLL_TIME", 0.05)


class TestEcsJobs(RemoteJobContract):
    last_words = "the disk is full"
    says_where = True

    @pytest.fixture(autouse=True)
    def _place(self, amazon: Any) -> None:
        self.amazon = amazon

    def succeeding(self) -> Task:
        return EcsRun(task_def=definition(container("main")))

    def failing(self) -> Task:
        return EcsRun(task_def=definition(container("main", "echo the disk is full; exit 3")))

    def endless(self) -> Task:
        return EcsRun(task_def=definition(container("main", "exec sleep 600")))

    def is_running(self, task: Task) -> bool:
        """From when its task has looked at it: it knows what to stop."""
        running = any(one["running"]["main"].code is None for one in self.amazon.tasks.values())
        return running and bool(self.amazon.called("DescribeTasks"))


def test_a_container_that_fails_fails_the_task_which_luigi_took_for_a_success(
    amazon: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(EcsTaskFailed) as error:
        EcsRun(task_def=definition(container("main", "echo one; exit 3"))).run()
    assert str(error.value) == (
        "ECS task arn:aws:ecs:eu-west-1:123456789012:task/tests/task-2 ended as STOPPED: "
        "Essential exited; container main ended with 3\nthe last that it printed:\none"
    )
    assert "the-secret-key" not in caplog.text


def test_a_companion_that_is_stopped_with_the_task_does_not_count(amazon: Any) -> None:
    proxy = container("proxy", "exec sleep 600", essential=False)
    EcsRun(task_def=definition(container("main"), proxy)).run()
    second = container("second", "exec sleep 600")
    EcsRun(task_def=definition(container("first"), second)).run()


def test_a_companion_that_succeeds_does_not_make_up_for_the_essential_container(amazon: Any) -> None:
    with pytest.raises(EcsTaskFailed, match="container main ended with 1"):
        EcsRun(task_def=definition(container("main", "sleep 0.3; exit 1"), container("side", essential=False))).run()


def test_a_task_that_somebody_stopped_has_failed(amazon: Any) -> None:
    task = EcsRun(task_def=definition(container("main")))
    run = amazon.RunTask

    def run_and_stop(**given: Any) -> Any:
        answer = run(**given)
        amazon.StopTask(answer["tasks"][0]["taskArn"], "tests", "maintenance")
        return answer

    amazon.RunTask = run_and_stop
    with pytest.raises(EcsTaskFailed, match="maintenance"):
        task.run()


def test_what_finds_no_place_is_told_and_stops_what_had_one(amazon: Any) -> None:
    run = amazon.RunTask
    failures = [{"arn": "arn:instance", "reason": "RESOURCE:MEMORY"}]
    amazon.RunTask = lambda **given: {**run(**given), "failures": failures}
    with pytest.raises(NotPlaced, match="arn:instance: RESOURCE:MEMORY"):
        EcsRun(task_def=definition(container("main", "exec sleep 600"))).run()
    assert len(amazon.called("StopTask")) == 1


def test_a_definition_that_is_registered_is_not_registered_again(amazon: Any) -> None:
    amazon.definitions["arn:mine"] = definition(container("main"))
    task = EcsRun(task_def_arn="arn:mine")
    task.run()
    assert not amazon.called("RegisterTaskDefinition")
    (said,) = amazon.called("RunTask")
    assert said.pop("clientToken")  # by which a call that is made again is done once
    assert said == {"taskDefinition": "arn:mine", "cluster": "tests", "overrides": {}}
    assert task.ecs_task_ids == list(amazon.tasks)


def test_a_definition_may_be_json_on_the_command_line(amazon: Any) -> None:
    text = '{"family": "f", "containerDefinitions": [{"name": "main", "image": "busybox", "command": ["true"]}]}'
    task = EcsRun.from_str_params({"task_def": text})
    task.run()
    assert amazon.called("RegisterTaskDefinition")[0]["family"] == "f"
    assert task is EcsRun.from_str_params({"task_def": text})


@pytest.mark.parametrize("both", [{}, {"task_def_arn": "arn:x", "task_def": definition()}])
def test_one_definition_is_needed(both: dict[str, Any]) -> None:
    with pytest.raises(NoDefinition, match="either task_def or task_def_arn"):
        EcsRun(**both).run()


def test_a_task_that_ecs_does_not_know_yet_is_waited_for(amazon: Any) -> None:
    describe, missing = amazon.DescribeTasks, iter([{"tasks": [], "failures": [{"reason": "MISSING"}]}])
    amazon.DescribeTasks = lambda tasks, cluster: next(missing, None) or describe(tasks, cluster)
    EcsRun(task_def=definition(container("main"))).run()


def test_without_the_package_it_says_which_extra_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://nobody.invalid")  # for which there is no client yet
    monkeypatch.setitem(sys.modules, "boto3", None)
    monkeypatch.setitem(sys.modules, "botocore.config", None)
    with pytest.raises(MissingExtra) as error:
        EcsRun(task_def_arn="arn:x").run()
    assert "luigi-kernel[aws]" in error.value.hint


def test_several_at_once_are_one_job(amazon: Any) -> None:
    class Twice(EcsRun):
        run_task_kwargs = {"count": 2}

    task = Twice(task_def=definition(container("main")))
    task.run()
    assert task.ecs_task_ids is not None
    assert len(task.ecs_task_ids) == 2


def test_a_log_that_cannot_be_read_does_not_hide_the_failure(amazon: Any) -> None:
    amazon.fail("DescribeTaskDefinition", "AccessDeniedException")
    with pytest.raises(EcsTaskFailed, match=r"ended with 3\n.*\n.*cannot be read.*AccessDenied"):
        EcsRun(task_def=definition(container("main", "exit 3"))).run()


def test_a_client_that_a_program_puts_in_place_is_used(amazon: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import boto3

    monkeypatch.setattr(ecs, "client", boto3.client("ecs", region_name="us-east-1"))
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    EcsRun(task_def=definition(container("main"))).run()
    assert amazon.called("RunTask")


def test_luigis_name_for_the_client_is_boto3s(amazon: Any) -> None:
    assert ecs.client.describe_tasks(tasks=["arn"], cluster="tests") is not None


def test_without_a_region_it_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    with pytest.raises(Exception, match="region") as error:
        _ = ecs.client.run_task
    assert "AWS_DEFAULT_REGION" in error.value.hint  # type: ignore[attr-defined]


class EcsCommands(ECSTask):
    """With commands, and overrides of its own."""

    task_def_arn = "arn:x"

    @property
    def command(self) -> Sequence[Mapping[str, Any]]:
        return [{"name": "one", "command": ["a", "b"]}, {"name": "new", "command": ["z"]}]

    @property
    def run_task_kwargs(self) -> Mapping[str, Any]:
        containers = [{"name": "one", "command": ["old"], "cpu": 3}, {"name": "keep", "memory": 1}]
        return {"launchType": "FARGATE", "overrides": {"containerOverrides": containers, "taskRoleArn": "role"}}


def test_commands_are_put_into_the_overrides() -> None:
    """As Luigi 3.8.1 does."""
    assert EcsCommands().combined_overrides == {
        "containerOverrides": [
            {"name": "one", "command": ["a", "b"], "cpu": 3},
            {"name": "keep", "memory": 1},
            {"name": "new", "command": ["z"]},
        ],
        "taskRoleArn": "role",
    }


def test_a_command_replaces_that_of_its_container_only() -> None:
    overrides: list[dict[str, Any]] = [{"name": "one", "command": ["old"]}]
    ECSTask.update_container_overrides_command(overrides, {"name": "one", "command": ["new"]})
    ECSTask.update_container_overrides_command(overrides, {"name": "two", "command": ["too"]})
    assert overrides == [{"name": "one", "command": ["new"]}, {"name": "two", "command": ["too"]}]


@pytest.mark.service("aws")
def test_the_emulator_understands_all_calls(aws_service: str) -> None:
    """Moto's tasks end well after some looks at them."""
    ecs.client.create_cluster(clusterName="tests")

    class Fargate(EcsRun):
        run_task_kwargs = {
            "launchType": "FARGATE",
            "networkConfiguration": {"awsvpcConfiguration": {"subnets": [_subnet()], "securityGroups": []}},
        }

    whole = {**definition(container("main", memory=128)), "networkMode": "awsvpc", "cpu": "256", "memory": "512"}
    task = Fargate(task_def={**whole, "requiresCompatibilities": ["FARGATE"]})
    task.run()
    assert task.ecs_task_ids is not None
    ecs.client.stop_task(task=task.ecs_task_ids[0], cluster="tests", reason="enough")


def _subnet() -> str:
    import boto3

    return str(boto3.client("ec2").describe_subnets()["Subnets"][0]["SubnetId"])

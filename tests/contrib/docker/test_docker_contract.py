"""Containers on a real Docker engine are jobs like any other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.contrib.docker_runner import DockerTask
from luigi.task import Task
from luigi.testing.contracts import RemoteJobContract


class DockerLines(DockerTask):
    """Runs lines of shell in a container, which sees a folder of the test's."""

    lines = luigi.Parameter()
    folder = luigi.Parameter()
    url = luigi.Parameter()

    image = "busybox:test"
    network_mode = "none"

    @property
    def docker_url(self) -> str:
        return str(self.url)

    @property
    def command(self) -> list[str]:
        return ["sh", "-c", self.lines]

    @property
    def binds(self) -> list[str]:
        return [f"{self.folder}:/out"]

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(f"{self.folder}/done")


class NamedDockerLines(DockerLines):
    name = "lines-by-name"
    auto_remove = False


@pytest.mark.service("docker")
class TestContainers(RemoteJobContract):
    """They are removed with their task."""

    last_words = "the disk is full"
    task_class = DockerLines

    @pytest.fixture(autouse=True)
    def _on_engine(self, engine: Any, docker_service: str, tmp_path: Path) -> None:
        self._engine = engine
        self._where = {"url": docker_service, "folder": str(tmp_path)}

    def succeeding(self) -> Task:
        return self.task_class(lines="touch /out/done", **self._where)

    def failing(self) -> Task:
        return self.task_class(lines="echo the disk is full >&2; exit 3", **self._where)

    def endless(self) -> Task:
        return self.task_class(lines="echo begun; sleep 600", **self._where)

    def is_running(self, task: Task) -> bool:
        label = f"luigi_task_id={task.task_id}"
        return bool(self._engine.containers(filters={"label": label, "status": "running"}))

    def test_nothing_is_left(self) -> None:
        self.test_a_job_that_fails_fails_its_task_with_the_last_that_it_printed()
        self.test_a_task_that_is_ended_takes_its_job_with_it()
        assert self._engine.containers(all=True) == []


@pytest.mark.service("docker")
class TestContainersThatStay(TestContainers):
    """They are ended, but not removed."""

    task_class = NamedDockerLines

    def test_nothing_is_left(self) -> None:
        self.test_a_task_that_is_ended_takes_its_job_with_it()
        assert [container["State"] for container in self._engine.containers(all=True)] == ["exited"]

"""Jobs of Kubernetes are jobs like any other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.contrib.kubernetes import KubernetesJobTask
from luigi.task import Task
from luigi.testing.contracts import RemoteJobContract


class PodLines(KubernetesJobTask):
    """Runs lines of shell in a pod."""

    lines = luigi.Parameter()
    done = luigi.Parameter()
    config = luigi.Parameter()

    name = "lines"
    poll_interval = 0.1
    pod_creation_wait_interal = 30

    @property
    def kubeconfig_path(self) -> str:
        return str(self.config)

    @property
    def spec_schema(self) -> dict[str, Any]:
        return {"containers": [{"name": "main", "image": "busybox", "command": ["sh", "-c", self.lines]}]}

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(self.done)

    def signal_complete(self) -> None:
        with self.output().open("w"):
            """Its being there is what says so."""


class TestKubernetesJobs(RemoteJobContract):
    last_words = "the disk is full"

    @pytest.fixture(autouse=True)
    def _on_cluster(self, cluster: Any, tmp_path: Path) -> None:
        self._cluster = cluster
        self._where = {"config": cluster.kubeconfig, "done": str(tmp_path / "done")}
        self._pid = tmp_path / "pid"

    def succeeding(self) -> Task:
        return PodLines(lines="true", **self._where)

    def failing(self) -> Task:
        return PodLines(lines="echo the disk is full >&2; exit 3", **self._where)

    def endless(self) -> Task:
        return PodLines(lines=f"echo $$ > {self._pid}; exec sleep 600", **self._where)

    def is_running(self, task: Task) -> bool:
        pid = self._pid.read_text().strip() if self._pid.exists() else ""  # it may be there and not yet written
        return bool(pid) and Path(f"/proc/{pid}").exists()

    def test_a_task_that_is_ended_leaves_no_job(self) -> None:
        before = len(self._cluster.jobs())
        self.test_a_task_that_is_ended_takes_its_job_with_it()
        assert len(self._cluster.jobs()) == before

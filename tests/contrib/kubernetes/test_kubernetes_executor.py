"""The executor `kubernetes` by the official client, on a stand-in for a cluster that runs what pods say."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import threading
from base64 import b64decode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.contrib._kubernetes.connection import way
from luigi.executors import ExecutorSetup
from luigi.executors.hosting.engine import Ended, Lost, Parcel
from luigi.executors.hosting.executor import HostedExecutor
from luigi.interfaces import Executor, Job
from luigi.plugins.executors import kubernetes
from luigi.plugins.executors.kubernetes import Settings, manifests
from luigi.plugins.executors.kubernetes.cluster import ExecutorCluster
from luigi.plugins.executors.kubernetes.engine import KubernetesEngine
from luigi.task_status import DONE, FAILED
from luigi.testing.contracts import ExecutorContract, PluginContract
from luigi.testing.contracts.executor_tasks import Sleeps

KERNEL = str(Path(sys.executable).with_name("kernel"))
QUICK: dict[str, Any] = {"kernel": KERNEL, "poll_time": 0.1}
PARCEL = Parcel("Task", 1, "Task", 0, False, {}, b"", False)


class TestKubernetesPlugin(PluginContract):
    plugin = kubernetes


class InThePod(luigi.Task):
    """Prints what only its task knows."""

    folder = luigi.Parameter()
    secret = luigi.Parameter(default="swordfish", visibility=luigi.parameter.ParameterVisibility.PRIVATE)
    resources = {"gpu": 2, "cpus": 1, "unknown": 5}

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(f"{self.folder}/out")

    def run(self) -> None:
        print("half a line, ", end="", flush=True)
        self.set_status_message("on the way")
        print("and the rest")
        with self.output().open("w") as out:
            out.write(str(self.secret))


class Heard:
    """What a sink is handed."""

    def __init__(self) -> None:
        self.text = ""

    def printed(self, speaker: Any, at: float, stream: str, text: str) -> None:
        self.text += text

    def missed(self, speaker: Any, at: float, size: int) -> None:
        raise AssertionError

    def ended(self, speaker: Any, at: float) -> None:
        """That was all."""


class TestKubernetesExecutor(ExecutorContract):
    in_this_process = False
    suspends = False

    @pytest.fixture(autouse=True)
    def _cluster(self, cluster: Any) -> Iterator[None]:
        self.cluster, self.sink = cluster, Heard()
        self.before = len(cluster.asked())
        yield
        assert cluster.jobs() == [], "a job is left"
        assert cluster.get("/api/v1/namespaces/etl/secrets")["items"] == [], "a secret is left"

    def make_executor(self, setup: ExecutorSetup) -> Executor:
        reached = ExecutorCluster(way("kubeconfig", self.cluster.kubeconfig))
        settings = Settings("luigi:1", **QUICK)
        return HostedExecutor(
            setup._replace(output=self.sink), lambda *given: KubernetesEngine(settings, reached, *given)
        )

    def test_what_it_prints_comes_home_and_its_news_are_not_among_it(
        self, start: Callable[..., Executor], folder: str
    ) -> None:
        (outcome,) = self.ended(start(), Job(InThePod(folder), 1))
        assert outcome.status == DONE, outcome.explanation
        assert "half a line, and the rest\n" in self.sink.text
        assert "luigi-kernel" not in self.sink.text
        assert InThePod(folder).output().open().read() == "swordfish"

    def test_values_are_in_the_secret_alone(self, start: Callable[..., Executor], folder: str) -> None:
        self.ended(start(), Job(InThePod(folder), 1))
        asked = [one for one in self.cluster.asked()[self.before :] if one.startswith("POST")]
        job, secret = (json.loads(one.split(" ", 2)[2]) for one in asked)
        (container,) = job["spec"]["template"]["spec"]["containers"]
        assert container["command"] == [KERNEL, "execute-task", "/var/run/luigi-kernel/job.json"]
        assert container["resources"] == {"limits": {"nvidia.com/gpu": "2", "cpu": "1"}}
        assert folder not in json.dumps(job)
        spec = json.loads(b64decode(secret["data"]["job.json"]))
        assert spec["task"]["family"] == "InThePod"
        assert b"swordfish" in b64decode(spec["task"]["content"])
        assert secret["metadata"]["ownerReferences"][0]["kind"] == "Job"

    def test_a_pod_that_is_killed_is_lost(self, start: Callable[..., Executor], folder: str) -> None:
        executor = start()
        executor.submit(Job(Sleeps(folder), 1))
        while not self.log(folder):
            executor.poll(0.05)
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            if b"luigi-job/job.json" in _read(path):
                os.kill(int(path.parent.name), signal.SIGKILL)
        (outcome,) = executor.poll()
        assert (outcome.status, outcome.retriable) == (FAILED, True)
        assert "was lost: the pod of Kubernetes job luigi-testing-sleeps-" in (outcome.explanation or "")
        assert "ended as Failed; container task: exit code 137" in (outcome.explanation or "")

    def test_a_cluster_that_is_away_for_a_moment_loses_nothing(
        self, start: Callable[..., Executor], folder: str
    ) -> None:
        executor = start()
        self.cluster.fail(503, 2)
        (outcome,) = self.ended(executor, Job(InThePod(folder), 1))
        assert outcome.status == DONE

    def test_a_lost_answer_makes_no_second_job(self, start: Callable[..., Executor], folder: str) -> None:
        executor = start()
        self.cluster.lose()
        (outcome,) = self.ended(executor, Job(InThePod(folder), 1))
        assert outcome.status == DONE


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


class TestWhatDoesNotStart:
    """The attempt has failed, and says why; nothing of it is left."""

    @pytest.fixture
    def failing(self, cluster: Any) -> Callable[..., Any]:
        def fail(parcel: Parcel = PARCEL, namespace: str = "", **options: Any) -> Any:
            heard: list[Any] = []
            reached = ExecutorCluster(way("kubeconfig", cluster.kubeconfig), namespace or None)
            settings = Settings(**{"image": "luigi:1", "start_timeout": 0.3, **QUICK, **options})
            engine = KubernetesEngine(settings, reached, b"luggage", heard.append)
            engine.start(parcel)
            while not heard or not isinstance(heard[-1], Ended | Lost):
                threading.Event().wait(0.02)
            engine.close()
            assert cluster.jobs(namespace or "etl") == []
            return heard[-1]

        return fail

    def test_no_node_fits(self, failing: Callable[..., Any]) -> None:
        lost = failing(pod='{"nodeSelector": {"disk": "fast"}}')
        assert "does not start: Unschedulable: 0/1 nodes are available" in lost.why

    def test_its_image_has_no_such_name(self, failing: Callable[..., Any]) -> None:
        assert "does not start: InvalidImageName" in failing(image="Luigi", start_timeout=300.0).why

    def test_there_is_no_room_for_a_pod(self, failing: Callable[..., Any]) -> None:
        assert "does not start: FailedCreate: pods is forbidden: exceeded quota" in failing(namespace="full").why

    def test_who_must_not_create_jobs_hears_of_it(self, failing: Callable[..., Any], cluster: Any) -> None:
        cluster.fail(403, 1)
        ended = failing()
        assert ended.status == FAILED
        assert "could not be handed over to Kubernetes: the cluster refuses" in ended.explanation

    def test_what_is_too_large_for_a_secret_says_what_to_do(self, failing: Callable[..., Any]) -> None:
        ended = failing(PARCEL._replace(content=bytes(1_000_000)))
        assert "a secret of Kubernetes holds" in ended.explanation
        assert "have its modules in the image" in ended.explanation

    def test_an_image_without_the_kernel_ends_with_what_it_says(self, failing: Callable[..., Any]) -> None:
        assert "container task: exit code 128, StartError" in failing(kernel="/no/kernel").why


def test_what_is_configured_of_pod_and_container_is_kept() -> None:
    limited = {"requests": {"cpu": "1"}, "limits": {"memory": "1Gi"}}
    settings = Settings(
        "luigi:1",
        pod='{"serviceAccountName": "etl", "volumes": [{"name": "data"}]}',
        container=json.dumps({"env": [{"name": "A", "value": "b"}], "resources": limited}),
        resources='{"tape": "example.com/tape"}',
    )
    job = manifests.job("name", PARCEL._replace(needs={"tape": 1, "api": 3}, timeout=60.5), settings, "abc")
    spec = job["spec"]["template"]["spec"]
    assert spec["serviceAccountName"] == "etl"
    assert [volume["name"] for volume in spec["volumes"]] == ["data", "luigi-job"]
    (described,) = spec["containers"]
    assert described["env"] == [{"name": "A", "value": "b"}]
    assert described["resources"] == {
        "requests": {"cpu": "1"},
        "limits": {"memory": "1Gi", "example.com/tape": "1"},
    }
    assert (job["spec"]["backoffLimit"], job["spec"]["activeDeadlineSeconds"]) == (0, 361)
    assert job["spec"]["template"]["metadata"]["labels"] == {"luigi-kernel/executor": "abc"}


@pytest.mark.parametrize("text", ["{", "[]"])
def test_what_is_no_json_is_named(text: str) -> None:
    with pytest.raises(manifests.BadJson, match=r"\[kubernetes_executor\] pod is no JSON that can be used"):
        manifests.job("name", PARCEL, Settings("luigi:1", pod=text), "abc")


def test_it_says_whether_the_cluster_answers(cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".kube").mkdir()
    (tmp_path / ".kube" / "config").write_text(Path(cluster.kubeconfig).read_text())
    monkeypatch.setenv("HOME", str(tmp_path))
    said = kubernetes.look(Settings("luigi:1"))
    assert re.fullmatch(r"the cluster answers, and has \d+ pods of executors in etl", said), "some may still be ending"

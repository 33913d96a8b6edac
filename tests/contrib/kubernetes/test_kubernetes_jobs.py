"""What becomes of a KubernetesJobTask's job, on a stand-in for a cluster that runs what pods say."""

from __future__ import annotations

import logging
import socket
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.clock import SYSTEM
from luigi.contrib._kubernetes.cluster import Cluster
from luigi.contrib._kubernetes.connection import way
from luigi.contrib._kubernetes.description import job_named, unique_name
from luigi.contrib._kubernetes.job import KubernetesJob, Limits
from luigi.contrib.kubernetes import CannotStart, ClusterAway, ClusterError, ClusterRefused, KubernetesJobTask
from luigi.contrib.remote_job import JobFailed
from luigi.testing import FakeClock


class OnePod(KubernetesJobTask):
    """Runs lines of shell; keeps what it is told to report."""

    name = "one"
    lines = "echo done"
    poll_interval = 0.1
    pod_creation_wait_interal = 30
    pod_start_timeout = 0.5
    pod: dict[str, Any] = {}
    container: dict[str, Any] = {}

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.complete_signalled = False

    @property
    def spec_schema(self) -> dict[str, Any]:
        main = {"name": "main", "image": "busybox", "command": ["sh", "-c", self.lines], **self.container}
        return {"containers": [main], **self.pod}

    def set_status_message(self, message: str) -> None:
        self.said.append(message)

    def signal_complete(self) -> None:
        self.complete_signalled = True


@pytest.fixture(autouse=True)
def _on_the_tests_cluster(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OnePod, "kubeconfig_path", cluster.kubeconfig)


def of(cluster: Any, task: KubernetesJobTask) -> list[Any]:
    """The jobs of a task that there are."""
    return [job for job in cluster.jobs() if job["metadata"]["name"] == task.uu_name]


def test_one_that_succeeded_is_signalled_and_deleted_with_its_pods(cluster: Any) -> None:
    task = OnePod()
    task.run()
    assert task.complete_signalled
    assert of(cluster, task) == []
    deleted = f"DELETE /apis/batch/v1/namespaces/etl/jobs/{task.uu_name}?propagationPolicy=Background"
    assert [one for one in cluster.asked() if one.startswith(deleted)]


def test_it_may_stay(cluster: Any) -> None:
    class Staying(OnePod):
        delete_on_success = False

    task = Staying()
    task.run()
    assert len(of(cluster, task)) == 1


def test_one_that_cannot_be_deleted_has_succeeded_all_the_same(cluster: Any, caplog: pytest.LogCaptureFixture) -> None:
    class NoMore(OnePod):
        def signal_complete(self) -> None:
            super().signal_complete()
            cluster.fail(403, 1)

    task = NoMore()
    task.run()
    assert task.complete_signalled
    assert "could not be deleted" in caplog.text


def test_the_error_says_why_and_what_it_printed_and_the_job_stays(cluster: Any) -> None:
    class Failing(OnePod):
        lines = "echo the disk is full; exit 3"

    task = Failing()
    with pytest.raises(JobFailed) as error:
        task.run()
    assert str(error.value) == (
        f"Kubernetes job {task.uu_name} ended as Failed: BackoffLimitExceeded: Job has reached the specified backoff "
        "limit; container main: exit code 3\nthe last that it printed:\nthe disk is full"
    )
    assert not task.complete_signalled
    assert len(of(cluster, task)) == 1


def test_it_is_tried_again_as_often_as_is_said(cluster: Any, tmp_path: Path) -> None:
    class Retried(OnePod):
        max_retrials = 2
        lines = f"cd {tmp_path}; test ! -e tried || until test -e told; do sleep 0.05; done; touch tried; exit 3"

        def set_status_message(self, message: str) -> None:
            if message == f"Kubernetes job {self.uu_name}: Running (failed so far: 1)":
                (tmp_path / "told").touch()

    task = Retried()
    with pytest.raises(JobFailed):
        task.run()
    assert len([pod for pod in cluster.pods() if pod["metadata"]["name"].startswith(task.uu_name)]) == 3


def test_a_later_try_that_succeeds_is_success(tmp_path: Path) -> None:
    class Lucky(OnePod):
        max_retrials = 1
        lines = f"test -e {tmp_path}/once || {{ touch {tmp_path}/once; exit 3; }}"

    task = Lucky()
    task.run()
    assert task.complete_signalled


def test_a_pod_that_restarts_its_container_is_no_failure(tmp_path: Path) -> None:
    class Restarted(OnePod):
        pod = {"restartPolicy": "OnFailure"}
        lines = f"test -e {tmp_path}/once || {{ touch {tmp_path}/once; exit 3; }}"

    task = Restarted()
    task.run()
    assert task.complete_signalled


def test_what_it_prints_is_logged_when_that_is_wanted(caplog: pytest.LogCaptureFixture) -> None:
    class Printing(OnePod):
        print_pod_logs_on_exit = True
        lines = "echo first; echo second"

    caplog.set_level(logging.INFO, "luigi-interface")
    task = Printing()
    task.run()
    assert f"{task.uu_name}-00000, container main, printed:\nfirst\nsecond\n" in caplog.messages


def test_so_it_is_when_it_fails(caplog: pytest.LogCaptureFixture) -> None:
    class FailingAloud(OnePod):
        print_pod_logs_on_exit = True
        max_retrials = 1
        lines = "echo oh; exit 1"

    caplog.set_level(logging.INFO, "luigi-interface")
    with pytest.raises(JobFailed):
        FailingAloud().run()
    assert [one.splitlines()[-1] for one in caplog.messages if ", printed:" in one] == ["oh", "oh"]


def test_its_deadline_ends_it() -> None:
    class Slow(OnePod):
        active_deadline_seconds = 1
        lines = "sleep 600"

    with pytest.raises(JobFailed, match="DeadlineExceeded: Job was active longer than allowed"):
        Slow().run()


def test_a_program_that_is_not_there_is_an_error() -> None:
    class Lacking(OnePod):
        container = {"command": ["no-such-program"]}

    with pytest.raises(JobFailed, match="container main: exit code 128, StartError"):
        Lacking().run()


def test_arguments_are_given_as_they_are(caplog: pytest.LogCaptureFixture) -> None:
    class Given(OnePod):
        print_pod_logs_on_exit = True
        container = {
            "command": ["sh", "-c", 'for one in "$@"; do echo "<$one>"; done', "sh"],
            "args": ["a b", "$HOME; ls", "'\"", "-x", "a\nb"],
        }

    caplog.set_level(logging.INFO, "luigi-interface")
    Given().run()
    assert "\n<a b>\n<$HOME; ls>\n<'\">\n<-x>\n<a\nb>\n" in caplog.text


class TestWhatDoesNotStart:
    """Why is told while there is hope, and is the error when there is none; nothing of it is left."""

    def test_no_node_fits(self, cluster: Any) -> None:
        class Picky(OnePod):
            pod = {"nodeSelector": {"disk": "fast"}}

        task = Picky()
        with pytest.raises(CannotStart, match="Unschedulable: 0/1 nodes are available") as error:
            task.run()
        assert "Pending (Unschedulable: 0/1 nodes are available: 1 didn't match selector.)" in task.said[-1]
        assert error.value.hint == "it was given 0.5 seconds: the task's pod_start_timeout"
        assert of(cluster, task) == []

    def test_its_image_cannot_be_pulled(self, cluster: Any) -> None:
        class Unpulled(OnePod):
            container = {"image": "missing:1"}

        task = Unpulled()
        with pytest.raises(CannotStart, match="ImagePullBackOff: Back-off pulling image: not found"):
            task.run()
        assert any("Pending (ImagePullBackOff: " in one for one in task.said)
        assert of(cluster, task) == []

    def test_what_would_wait_in_vain_does_not_wait(self, cluster: Any) -> None:
        class Misnamed(OnePod):
            pod_start_timeout = 3600
            container = {"image": "BusyBox"}

        task = Misnamed()
        with pytest.raises(CannotStart, match="InvalidImageName: couldn't parse image name") as error:
            task.run()
        assert "spec_schema" in error.value.hint
        assert of(cluster, task) == []

    def test_there_is_no_room_for_a_pod(self, cluster: Any) -> None:
        class Crowded(OnePod):
            kubernetes_namespace = "full"
            pod_creation_wait_interal = 0.5

        task = Crowded()
        with pytest.raises(CannotStart, match="FailedCreate: pods is forbidden: exceeded quota: small") as error:
            task.run()
        assert "pod_creation_wait_interal" in error.value.hint
        assert any("Pending (there is no pod yet)" in one for one in task.said)
        assert cluster.jobs("full") == []

    def test_one_that_is_held_back_on_purpose_is_waited_for(self, cluster: Any) -> None:
        pod = {"restartPolicy": "Never", "containers": [{"name": "main", "image": "busybox"}]}
        described = {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": {"name": "held-back"},
            "spec": {"suspend": True, "template": {"spec": pod}},
        }
        job = KubernetesJob(Cluster(way("kubeconfig", cluster.kubeconfig)), described, Limits(0, 0))
        assert job.look(job.submit()).status == "Suspended"
        job.delete()


def test_one_that_somebody_deletes_has_failed(cluster: Any) -> None:
    class Deleted(OnePod):
        lines = "sleep 600"

        def set_status_message(self, message: str) -> None:
            if message.endswith(": Running"):
                Cluster(way("kubeconfig", cluster.kubeconfig)).delete(self.uu_name)

    with pytest.raises(JobFailed, match="ended as deleted: somebody has deleted it"):
        Deleted().run()


class TestAWeakCluster:
    """What goes by is asked again; what does not is an error that says what to do."""

    def test_it_may_be_away_for_a_moment(self, cluster: Any) -> None:
        cluster.fail(503, 2)
        OnePod().run()

    def test_a_lost_answer_makes_no_second_job(self, cluster: Any) -> None:
        before = len([one for one in cluster.asked() if one.startswith("POST")])
        cluster.lose()
        task = OnePod()
        task.run()
        posts = [one for one in cluster.asked() if one.startswith("POST")][before:]
        assert len(posts) == 2
        assert len({post.split(" ", 2)[2] for post in posts}) == 1

    def test_one_that_stays_away_is_asked_four_times(self, tmp_path: Path, cluster: Any) -> None:
        config, clock = tmp_path / "config", FakeClock()
        config.write_text(Path(cluster.kubeconfig).read_text().replace(f":{cluster.port}", ":9"))
        with pytest.raises(ClusterAway, match="the cluster at http://127.0.0.1:9 does not answer: .*refused"):
            Cluster(way("kubeconfig", str(config)), clock=clock).job("any")
        assert clock.slept == [0.5, 1.0, 2.0]

    def test_who_is_ended_while_the_answer_is_out_leaves_no_job(self, cluster: Any) -> None:
        class Interrupting(FakeClock):
            def sleep(self, seconds: float) -> None:
                raise KeyboardInterrupt

        cluster.lose()
        job = self._job(cluster, Interrupting())
        with pytest.raises(KeyboardInterrupt):
            job.submit()
        assert job.name not in [one["metadata"]["name"] for one in cluster.jobs()]

    def test_who_gives_up_leaves_no_job(self, cluster: Any) -> None:
        class Failing(FakeClock):
            def sleep(self, seconds: float) -> None:
                if not self.slept:
                    cluster.fail(503, 3)
                super().sleep(seconds)

        cluster.lose()
        job = self._job(cluster, Failing())
        with pytest.raises(ClusterAway):
            job.submit()
        assert job.name not in [one["metadata"]["name"] for one in cluster.jobs()]

    def _job(self, cluster: Any, clock: FakeClock) -> KubernetesJob:
        pod = {
            "containers": [{"name": "main", "image": "busybox", "command": ["sleep", "600"]}],
            "restartPolicy": "Never",
        }
        described = job_named(unique_name("lost"), pod, labels={}, tries=0, active_deadline_seconds=None)
        return KubernetesJob(Cluster(way("kubeconfig", cluster.kubeconfig), clock=clock), described, Limits(5, 5))

    def test_one_that_is_silent_does_not_hold_up_who_is_ended(self, tmp_path: Path, cluster: Any) -> None:
        config = tmp_path / "config"
        with socket.create_server(("127.0.0.1", 0)) as silent:
            port = silent.getsockname()[1]
            config.write_text(Path(cluster.kubeconfig).read_text().replace(f":{cluster.port}", f":{port}"))
            job = KubernetesJob(Cluster(way("kubeconfig", str(config))), {"metadata": {"name": "any"}}, Limits(0, 0))
            began = SYSTEM.monotonic()
            with pytest.raises(ClusterAway, match="timed out"):
                job.cancel("any")
        assert SYSTEM.monotonic() - began < 5  # when what is left of a task is killed

    def test_who_may_not_is_told_so(self) -> None:
        class Forbidden(OnePod):
            kubernetes_namespace = "forbidden"

        with pytest.raises(ClusterRefused, match='jobs.batch is forbidden: User "luigi" cannot create') as error:
            Forbidden().run()
        assert "kubectl auth can-i" in error.value.hint

    def test_a_wrong_token_is_an_error_that_does_not_show_it(
        self, cluster: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        class Stranger(OnePod):
            kubeconfig_path = str(tmp_path / "config")

        caplog.set_level(logging.DEBUG)
        Path(Stranger.kubeconfig_path).write_text(Path(cluster.kubeconfig).read_text().replace("the-token", "hunter2"))
        with pytest.raises(ClusterRefused, match="Unauthorized") as error:
            Stranger().run()
        assert "hunter2" not in str(error.value) + caplog.text

    def test_what_is_no_pod_is_refused_in_the_clusters_words(self) -> None:
        class Odd(OnePod):
            pod = {"restartPolicy": "Always"}

        with pytest.raises(ClusterError, match=r'Job.batch "one-.*" is invalid'):
            Odd().run()

    def test_a_name_cannot_lead_elsewhere(self, cluster: Any) -> None:
        class Astray(OnePod):
            kubernetes_namespace = "etl/jobs/other?x=y#"

        with pytest.raises(ClusterError, match="not found"):
            Astray().run()
        assert any("/namespaces/etl%2Fjobs%2Fother%3Fx%3Dy%23/jobs " in one for one in cluster.asked())


class KubernetesByParameters(KubernetesJobTask):
    """Its pod comes from the command line."""

    pod = luigi.DictParameter()
    name = "given"
    poll_interval = 0.1


def test_what_a_parameter_gives_goes_as_it_is(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KubernetesByParameters, "kubeconfig_path", cluster.kubeconfig)
    monkeypatch.setattr(KubernetesByParameters, "spec_schema", property(lambda self: self.pod))
    containers = [{"name": "main", "image": "busybox", "command": ["true"], "aNewField": {"one": [1, None, True]}}]
    KubernetesByParameters(pod={"containers": containers}).run()
    assert cluster.created()["spec"]["template"]["spec"] == {"restartPolicy": "Never", "containers": containers}

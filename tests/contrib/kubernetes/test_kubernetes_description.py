"""How a KubernetesJobTask is described to Kubernetes, and what the configuration says."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest

from luigi.contrib._kubernetes.connection import way
from luigi.contrib._kubernetes.description import unique_name
from luigi.contrib.kubernetes import KubernetesJobTask, NoCredentials, UnknownAuthMethod, kubernetes
from luigi.errors import MissingExtra

LUIGIS = {
    "active_deadline_seconds": None,
    "auth_method": "kubeconfig",
    "backoff_limit": 6,
    "delete_on_success": True,
    "kubeconfig_path": "~/.kube/config",
    "kubernetes_namespace": None,
    "labels": {},
    "max_retrials": 0,
    "pod_creation_wait_interal": 5,
    "poll_interval": 5,
    "print_pod_logs_on_exit": False,
}


class Described(KubernetesJobTask):
    """A job of which only the description is looked at."""

    name = "described"
    uu_name = "described-1"
    spec_schema = {"containers": [{"name": "main", "image": "busybox"}]}


def test_properties_are_luigis() -> None:
    assert {name: getattr(Described(), name) for name in LUIGIS} == LUIGIS


def test_a_whole_one() -> None:
    class Whole(Described):
        labels = {"day": "2026-11-22", "attempt": 3}
        active_deadline_seconds = 60

    described: Any = Whole()._described()
    assert described["metadata"]["labels"].pop("luigi_task_id")
    assert described == {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {
            "name": "described-1",
            "labels": {"spawned_by": "luigi", "day": "2026-11-22", "attempt": "3"},
        },
        "spec": {
            "backoffLimit": 0,
            "activeDeadlineSeconds": 60,
            "template": {
                "metadata": {"name": "described-1", "labels": {"day": "2026-11-22", "attempt": "3"}},
                "spec": {"restartPolicy": "Never", "containers": [{"name": "main", "image": "busybox"}]},
            },
        },
    }


@pytest.mark.parametrize(
    ("max_retrials", "backoff_limit", "restart_policy", "tries"),
    [(0, 6, "Never", 0), (3, 6, "Never", 3), (9, 6, "Never", 6), (9, 1, "Never", 1), (0, 6, "OnFailure", 6)],
)
def test_the_smaller_limit_holds(max_retrials: int, backoff_limit: int, restart_policy: str, tries: int) -> None:
    task: Any = type("Limited", (Described,), {"max_retrials": max_retrials, "backoff_limit": backoff_limit})()
    task.spec_schema = {**Described.spec_schema, "restartPolicy": restart_policy}
    assert task._described()["spec"]["backoffLimit"] == tries


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("pi", "pi-"),
        ("Daily_Report.v2", "daily-report-v2-"),
        ("-rm -rf /", "rm-rf-"),
        ("n" * 80, "n" * 31 + "-"),
        ("Überblick", "berblick-"),
        ("", "luigi-"),
    ],
)
def test_each_job_has_a_name_of_its_own_that_kubernetes_takes(name: str, begins: str) -> None:
    made = unique_name(name)
    assert re.fullmatch(re.escape(begins) + r"\d{14}-[0-9a-f]{16}", made)
    assert len(made) <= 63
    assert made != unique_name(name)


@pytest.mark.parametrize("option", ["max_retries", "max_retrials"])
def test_retries_are_configured_by_the_manuals_name_and_by_luigis(option: str, luigi_config: Any) -> None:
    luigi_config("kubernetes", **{option: "4"})
    assert Described().max_retrials == 4


def test_the_rest_is_configured_too(luigi_config: Any) -> None:
    given = {"auth_method": "service-account", "kubeconfig_path": "/etc/kube", "kubernetes_namespace": "etl"}
    luigi_config("kubernetes", **given)
    assert {name: getattr(Described(), name) for name in given} == given
    assert {name: getattr(kubernetes(), name) for name in given} == given


def test_a_task_that_says_nothing_says_what_to_write() -> None:
    with pytest.raises(NotImplementedError, match="write its name"):
        KubernetesJobTask().run()


class TestTheWay:
    """How the cluster is found."""

    def test_a_kubeconfig_names_the_namespace(self, cluster: Any) -> None:
        assert way("kubeconfig", cluster.kubeconfig).namespace == "etl"

    def test_one_that_says_none_means_the_default(self, cluster: Any, tmp_path: Path) -> None:
        path = tmp_path / "config"
        path.write_text(Path(cluster.kubeconfig).read_text().replace(', "namespace": "etl"', ""))
        assert way("kubeconfig", str(path)).namespace == "default"

    def test_it_may_be_at_home(self, cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / ".kube").mkdir()
        (tmp_path / ".kube" / "config").write_text(Path(cluster.kubeconfig).read_text())
        monkeypatch.setenv("HOME", str(tmp_path))
        assert way("kubeconfig", "~/.kube/config").client.configuration.host.endswith(f":{cluster.port}")

    def test_none_is_an_error_that_says_what_to_do(self, tmp_path: Path) -> None:
        with pytest.raises(NoCredentials, match="none-here") as error:
            way("kubeconfig", str(tmp_path / "none-here"))
        assert "kubeconfig_path" in error.value.hint

    def test_one_that_cannot_be_read_shows_nothing_of_itself(self, tmp_path: Path) -> None:
        (tmp_path / "config").write_text("users: [{token: hunter2\n")
        with pytest.raises(NoCredentials) as error:
            way("kubeconfig", str(tmp_path / "config"))
        assert "hunter2" not in str(error.value)
        assert error.value.__suppress_context__

    def test_outside_a_pod_there_is_no_service_account(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
        with pytest.raises(NoCredentials, match="service account"):
            way("service-account", "")

    def test_another_way_there_is_not(self) -> None:
        with pytest.raises(UnknownAuthMethod, match="'password'"):
            way("password", "")

    def test_without_the_client_the_error_names_the_extra(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "kubernetes.config", None)
        with pytest.raises(MissingExtra) as error:
            way("kubeconfig", "")
        assert "luigi-kernel[kubernetes]" in error.value.hint


def test_a_pods_service_account_leads_to_its_own_cluster(
    tls_cluster: tuple[int, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kubernetes.config import incluster_config

    port, certificate = tls_cluster
    (tmp_path / "token").write_text("the-token")
    (tmp_path / "namespace").write_text("of-the-pod")
    monkeypatch.setattr(incluster_config, "SERVICE_TOKEN_FILENAME", str(tmp_path / "token"))
    monkeypatch.setattr(incluster_config, "SERVICE_CERT_FILENAME", str(certificate))
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "127.0.0.1")
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", str(port))

    class Within(Described):
        auth_method = "service-account"
        poll_interval = 0.1
        pod_creation_wait_interal = 30
        delete_on_success = False
        spec_schema = {"containers": [{"name": "main", "image": "busybox", "command": ["true"]}]}

    Within().run()
    found = way("service-account", "")
    assert found.namespace == "of-the-pod"
    assert found.client.configuration.host == f"https://127.0.0.1:{port}"

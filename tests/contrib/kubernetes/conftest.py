"""A stand-in for a Kubernetes cluster, as a server of its own, and the kubeconfig that leads to it."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from luigi.clock import SYSTEM
from luigi.testing.ports import free_port

PROGRAM = Path(__file__).with_name("kubernetes_stand_in.py")
TOKEN = "the-token"
KUBECONFIG = {
    "apiVersion": "v1",
    "kind": "Config",
    "current-context": "tests",
    "contexts": [{"name": "tests", "context": {"cluster": "tests", "user": "luigi", "namespace": "etl"}}],
    "users": [{"name": "luigi", "user": {"token": TOKEN}}],
}


class StandIn:
    """What tests ask of the stand-in itself."""

    def __init__(self, port: int, kubeconfig: Path) -> None:
        self.port = port
        self.kubeconfig = str(kubeconfig)
        kubeconfig.write_text(json.dumps({**KUBECONFIG, "clusters": [self._cluster(f"http://127.0.0.1:{port}")]}))

    def asked(self) -> list[str]:
        """Every request so far: verb, URL and body."""
        found: list[str] = self.get("/stand-in/asked")
        return found

    def created(self) -> dict[str, Any]:
        """The job that was created last."""
        verb, _, body = [one for one in self.asked() if one.startswith("POST")][-1].split(" ", 2)
        assert verb == "POST"
        described: dict[str, Any] = json.loads(body)
        return described

    def fail(self, status: int, times: int) -> None:
        """Answer the next requests with that status."""
        self.get(f"/stand-in/fail?status={status}&times={times}")

    def lose(self) -> None:
        """Do what the next request asks, but lose the answer."""
        self.get("/stand-in/lose")

    def jobs(self, namespace: str = "etl") -> list[Any]:
        """The jobs that there are."""
        found: list[Any] = self.get(f"/apis/batch/v1/namespaces/{namespace}/jobs")["items"]
        return found

    def pods(self, namespace: str = "etl") -> list[Any]:
        """The pods that there are."""
        found: list[Any] = self.get(f"/api/v1/namespaces/{namespace}/pods")["items"]
        return found

    def get(self, path: str) -> Any:
        request = Request(f"http://127.0.0.1:{self.port}{path}", headers={"Authorization": f"Bearer {TOKEN}"})
        with urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def _cluster(self, url: str) -> dict[str, Any]:
        return {"name": "tests", "cluster": {"server": url}}


@contextmanager
def standing_in(*arguments: str) -> Iterator[int]:
    """Its port."""
    port = free_port()
    server = subprocess.Popen([sys.executable, PROGRAM, str(port), *arguments])
    try:
        for _ in range(600):
            with socket.socket() as line:
                if not line.connect_ex(("127.0.0.1", port)):
                    break
            SYSTEM.sleep(0.05)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """A cluster for the tests of a module."""
    with standing_in() as port:
        yield StandIn(port, tmp_path_factory.mktemp("kube") / "config")


@pytest.fixture
def tls_cluster(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """The port of a cluster that speaks TLS, as the one that a pod is in does, and the certificate."""
    certificate, key = tmp_path / "ca.crt", tmp_path / "key.pem"
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "1", "-nodes"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-keyout", key, "-out", certificate, *subject]
    subprocess.run(command, check=True, capture_output=True)
    with standing_in(str(certificate), str(key)) as port:
        yield port, certificate

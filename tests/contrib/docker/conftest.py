"""A real Docker engine, with one small image, and a real registry to pull from; both on this machine only."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import socket
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from luigi.clock import SYSTEM
from luigi.testing.ports import free_port

IMAGE = "busybox:test"
APPLETS = ["cat", "echo", "env", "false", "head", "ls", "sh", "sleep", "touch", "true", "wc", "yes"]
ENGINE = ["--iptables=false", "--ip6tables=false", "--bridge=none", "--storage-driver=vfs"]
REGISTRY = """\
version: 0.1
log: {{accesslog: {{disabled: true}}}}
storage: {{filesystem: {{rootdirectory: {folder}/images}}}}
http: {{addr: "127.0.0.1:{port}"}}
"""


@pytest.fixture(scope="session")
def docker_service() -> Iterator[str]:
    """The URL of an engine that has IMAGE. All tests share it: give containers names of your own."""
    if shutil.which("dockerd") is None or shutil.which("runc") is None:
        pytest.skip("there is no dockerd: apt-get install docker.io containerd runc iptables")
    if not Path("/bin/busybox").exists():
        pytest.skip("there is no busybox to make an image of: apt-get install busybox-static")
    if os.geteuid() != 0:
        pytest.skip("only root can run dockerd")
    with TemporaryDirectory(prefix="docker-", dir="/tmp") as folder:  # a socket's path must be short
        url = f"unix://{folder}/docker.sock"
        places = [
            f"--data-root={folder}/root",
            f"--exec-root={folder}/exec",
            f"--pidfile={folder}/pid",
            f"--host={url}",
        ]
        with running(["dockerd", *places, *ENGINE], Path(folder, "log")) as server:
            client_of(url, server, Path(folder, "log")).import_image_from_data(busybox(), *IMAGE.split(":"))
            yield url


@contextmanager
def running(command: list[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        server = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        yield server
    finally:
        server.terminate()
        server.wait(timeout=30)


def client_of(url: str, server: subprocess.Popen[bytes], log: Path) -> Any:
    import docker

    for _ in range(600):
        with contextlib.suppress(docker.errors.DockerException):
            return docker.APIClient(url)
        if server.poll() is not None:
            pytest.skip(f"dockerd cannot run here: {log.read_text()[-2000:]}")
        SYSTEM.sleep(0.05)
    pytest.fail(f"dockerd does not answer: {log.read_text()[-2000:]}")


def busybox() -> bytes:
    """What is in the image, as a tar."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for folder in ("bin", "tmp"):
            one = tarfile.TarInfo(folder)
            one.type, one.mode = tarfile.DIRTYPE, 0o777
            tar.addfile(one)
        tar.add(Path("/bin/busybox").resolve(), "bin/busybox")
        for name in APPLETS:
            one = tarfile.TarInfo(f"bin/{name}")
            one.type, one.linkname = tarfile.SYMTYPE, "busybox"
            tar.addfile(one)
    return buffer.getvalue()


@pytest.fixture
def engine(docker_service: str) -> Any:
    """A client of the engine; what containers a test leaves are removed after it."""
    import docker

    with contextlib.closing(docker.APIClient(docker_service)) as client:
        yield client
        for container in client.containers(all=True):
            client.remove_container(container["Id"], force=True)


@pytest.fixture(scope="session")
def registry_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a registry, in which there is nothing."""
    program = shutil.which("docker-registry")
    if program is None:
        pytest.skip("there is no docker-registry: apt-get install docker-registry")
    folder, port = tmp_path_factory.mktemp("registry"), free_port()
    (folder / "config.yml").write_text(REGISTRY.format(folder=folder, port=port))
    with running([program, "serve", str(folder / "config.yml")], folder / "log"):
        for _ in range(600):
            with socket.socket() as line:
                if not line.connect_ex(("127.0.0.1", port)):
                    break
            SYSTEM.sleep(0.05)
        yield f"127.0.0.1:{port}"

"""Tasks whose work is done in a container: DockerTask.

`pip install "luigi-kernel[docker]"` brings what it needs.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Final

import luigi
from luigi.contrib import remote_job
from luigi.contrib._docker.container import TASK, Container, Plan
from luigi.contrib._docker.engine import connected
from luigi.contrib._docker.errors import DockerAway, DockerError, NameTaken, NoImage

__all__ = ["DockerAway", "DockerError", "DockerTask", "NameTaken", "NoImage"]

logger = logging.getLogger("luigi-interface")

LOOK_EVERY: Final = 0.5
"""Seconds."""


class DockerTask(luigi.Task):
    """Runs a container to its end, and fails when it does.

    Its properties are overridden, by properties or attributes:

        class Convert(DockerTask):
            image = "pandoc/core:3.1"
            command = ["-o", "/data/out.html", "/data/in.md"]
            binds = ["/srv/data:/data"]
    """

    @property
    def image(self) -> str:
        """Its image, which is pulled when it is not here."""
        return "alpine"

    @property
    def command(self) -> str | Sequence[str]:
        """The command: a list of arguments, or a text that is cut into them as a shell would; none runs it."""
        return "echo hello world"

    @property
    def name(self) -> str | None:
        """The container's name; None for one of Docker's."""
        return None

    @property
    def environment(self) -> Mapping[str, str | None] | Sequence[str]:
        """Variables of its environment, by name, or as texts `NAME=value`."""
        return {}

    @property
    def container_options(self) -> Mapping[str, Any]:
        """Further arguments of `docker.APIClient.create_container`."""
        return {}

    @property
    def host_config_options(self) -> Mapping[str, Any]:
        """Further arguments of `docker.APIClient.create_host_config`: `mem_limit`, `nano_cpus`, …"""
        return {}

    @property
    def binds(self) -> str | Sequence[str] | None:
        """What of the engine's machine is seen inside: `/there:/inside`, or `/there:/inside:ro`."""
        return None

    @property
    def network_mode(self) -> str:
        """`none`, `host`, `bridge` or the name of a network; empty for the engine's default."""
        return ""

    @property
    def docker_url(self) -> str | None:
        """Where the engine is; None for where DOCKER_HOST says, or else this machine's."""
        return None

    @property
    def auto_remove(self) -> bool:
        """Whether the container is removed afterwards, and what is left under its name before."""
        return True

    @property
    def force_pull(self) -> bool:
        """Whether the image is pulled even though it is here."""
        return False

    @property
    def mount_tmp(self) -> bool:
        """Whether a folder of its own is seen inside, at `container_tmp_dir`; it goes with the container."""
        return True

    @property
    def container_tmp_dir(self) -> str:
        """Where that folder is inside; LUIGI_TMP_DIR says so there."""
        return "/tmp/luigi"

    def run(self) -> None:
        """Run the container. Raises JobFailed when it fails, and DockerError."""
        with _folder(self.mount_tmp) as folder:
            container = Container(connected(self.docker_url), self._plan(folder))
            with _afterwards(container.clear):
                container.prepare()
                job_id = remote_job.run(container, self, LOOK_EVERY)
                if printed := container.last_output(job_id):
                    logger.info("%s printed:\n%s", container.called(job_id), printed)

    def _plan(self, folder: str | None) -> Plan:
        binds = [self.binds] if isinstance(self.binds, str) else list(self.binds or ())
        environment = _pairs(self.environment)
        if folder is not None:
            binds.append(f"{folder}:{self.container_tmp_dir}")
            environment["LUIGI_TMP_DIR"] = self.container_tmp_dir
        given = dict(self.container_options)
        labels = {"spawned_by": "luigi", TASK: self.task_id, **_pairs(given.pop("labels", {}))}
        options = {"command": self.command, "name": self.name, "environment": environment, "labels": labels, **given}
        host = {"binds": binds, "network_mode": self.network_mode or None, **self.host_config_options}
        # The engine itself would remove it before what it printed is read.
        removed = bool(host.pop("auto_remove", False)) or self.auto_remove
        return Plan(self.image, self.force_pull, options, host, removed)


def __getattr__(name: str) -> Any:
    """`docker`, the client, which Luigi's module has imported; None where it is not installed."""
    if name != "docker":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return import_module("docker")
    except ImportError:
        return None


@contextmanager
def _folder(wanted: bool) -> Iterator[str | None]:
    """A folder until the end; in /tmp, of which also engines in virtual machines see what is there."""
    if not wanted:
        yield None
        return
    folder = tempfile.mkdtemp(prefix="luigi-docker-tmp-dir-", dir="/tmp")
    with _afterwards(lambda: shutil.rmtree(folder)):
        yield folder


@contextmanager
def _afterwards(clear: Callable[[], object]) -> Iterator[None]:
    """Call `clear` at the end, also when the task is given up; to fail at that fails no task."""
    with remote_job.ending(clear):
        yield
    try:
        clear()
    except (DockerError, OSError):
        logger.warning("what a container has left could not be removed", exc_info=True)


def _pairs(given: Mapping[str, str | None] | Sequence[str]) -> dict[str, str | None]:
    if isinstance(given, Mapping):
        return dict(given)
    parts = (one.partition("=") for one in given)
    return {name: value if equals else None for name, equals, value in parts}

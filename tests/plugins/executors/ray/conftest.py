"""A real Ray cluster of two machines that are processes of this one, at 127.0.0.1 alone."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from luigi.clock import SYSTEM

START = """
from ray._private import services
services.get_node_ip_address = lambda address=None: "127.0.0.1"
from ray.scripts.scripts import main
main()
"""
"""Ray's own program; told 127.0.0.1, it would take another address of this machine."""
OPTIONS = {"node-ip-address": "127.0.0.1", "dashboard-agent-listen-port": 0, "object-store-memory": 80_000_000}
CPUS = 2
"""Of each machine."""


class RayNode:
    """One machine."""

    def __init__(self, name: str, process: subprocess.Popen[bytes], log: Path) -> None:
        self.name, self.process, self.log = name, process, log

    def runs_tasks(self) -> bool:
        """Whether there are processes of the kernel's."""
        for pid in below(self.process.pid):
            with suppress(OSError):  # it has ended
                if b"luigi.executors.hosting.child_program" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    return True
        return False

    def kill(self) -> None:
        """End it at once, with all that runs there."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=30)


def below(pid: int) -> Iterator[int]:
    """A process and all that it has started."""
    yield pid
    with suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text().split():
                yield from below(int(child))


class RayCluster:
    """A head, and machines that join it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.nodes: list[RayNode] = []
        self._start("head", "--head", "--port=0", "--include-dashboard=false", f"--temp-dir={folder}")
        self.address = self._until_there(folder / "ray_current_cluster", "")

    def join(self, name: str, resources: str = "{}") -> RayNode:
        """One more machine, once it is there."""
        where = "127.0.0.1:" + self.address.rpartition(":")[2]
        node = self._start(name, f"--address={where}", f"--node-name={name}", f"--resources={resources}")
        self._until_there(node.log, "Ray runtime started")
        return node

    def join_second(self) -> None:
        """The machine that there always is beside the head."""
        self.second = self.join("second", '{"press": 1}')

    def close(self) -> None:
        for node in reversed(self.nodes):
            node.kill()

    def _start(self, name: str, *words: str) -> RayNode:
        program = [sys.executable, "-c", START, "start", "--block", "--disable-usage-stats"]
        options = [f"--{option}={value}" for option, value in OPTIONS.items()]
        log = self.folder / f"{name}.log"
        with log.open("wb") as said:
            process = subprocess.Popen(
                [*program, *options, f"--num-cpus={CPUS}", *words],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                env=os.environ | {"RAY_USAGE_STATS_ENABLED": "0"},
                start_new_session=True,
            )
        self.nodes.append(RayNode(name, process, log))
        return self.nodes[-1]

    def _until_there(self, file: Path, words: str) -> str:
        until = SYSTEM.monotonic() + 90
        while SYSTEM.monotonic() < until and self.nodes[-1].process.poll() is None:
            with suppress(OSError):
                said = file.read_text()
                if said and words in said:
                    return said.strip()
            SYSTEM.sleep(0.05)
        pytest.fail(f"Ray does not start: {self.nodes[-1].log.read_text()[-2000:]}")


@pytest.fixture(scope="session")
def ray_service() -> Iterator[RayCluster]:
    """Ray, on two machines with two processors each, for all tests of a session."""
    if find_spec("ray") is None:  # imported, it would have read its environment
        pytest.skip("there is no Ray: pip install ray")
    with TemporaryDirectory(prefix="ray-") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_AUTH_MODE", "token")
        patch.setenv("RAY_AUTH_TOKEN", secrets.token_hex(32))
        cluster = RayCluster(Path(folder))
        try:
            cluster.join_second()
            yield cluster
        finally:
            cluster.close()

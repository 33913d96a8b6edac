"""A Ray cluster started on this machine for one process, and ended with it, however that ends.

It listens at 127.0.0.1 alone, asks for a token, and tells nobody of its use.
"""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from luigi.clock import SYSTEM
from luigi.environment import variables_set
from luigi.errors import KernelError
from luigi.executors.forking import fork_lock
from luigi.executors.groups import signal_group
from luigi.executors.warden import Warden

START: Final = 60.0
"""Seconds that a cluster may take to start."""
OBJECTS: Final = 128 * 1024 * 1024
"""Bytes of shared memory of a cluster started here. Only large tasks and their requirements pass through it."""
_TOKENS: Final = ("RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH")


class NoCluster(KernelError):
    """There is no Ray cluster where one should be, or it does not let this process in."""


@contextmanager
def started(cpus: int) -> Iterator[str]:
    """Start a cluster on this machine; gives its address. It ends with this process, however that ends."""
    warden = Warden()
    with TemporaryDirectory(prefix="luigi-ray-") as folder, variables_set(_own_token()):
        process = _start(Path(folder), cpus)
        warden.watch(process.pid)
        try:
            yield _address(Path(folder), process)
        finally:
            signal_group(process.pid, signal.SIGKILL)
            process.wait()
            warden.forget(process.pid)
            warden.close()


def _start(folder: Path, cpus: int) -> subprocess.Popen[bytes]:
    options = {
        "node-ip-address": "127.0.0.1",
        "port": 0,
        "num-cpus": cpus,
        "include-dashboard": "false",
        "dashboard-agent-listen-port": 0,
        "object-store-memory": OBJECTS,
        "temp-dir": folder,
    }
    command = [sys.executable, "-m", "ray.scripts.scripts", "start", "--head", "--block", "--disable-usage-stats"]
    command += [f"--{name}={value}" for name, value in options.items()]
    own = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}  # the latter: loopback alone
    with (folder / "log").open("wb") as log, fork_lock:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=os.environ | own, start_new_session=True
        )


def _address(folder: Path, process: subprocess.Popen[bytes]) -> str:
    """Where the head is, once it is."""
    until = SYSTEM.monotonic() + START
    while SYSTEM.monotonic() < until and process.poll() is None:
        with suppress(OSError):
            if address := (folder / "ray_current_cluster").read_text().strip():
                return address
        SYSTEM.sleep(0.05)
    said = (folder / "log").read_text(errors="replace").splitlines()
    raise NoCluster(
        f"Ray does not start here: {said[-1] if said else 'it says nothing'}",
        hint="try `ray start --head`, or give the address of a cluster: [ray] address",
    )


def _own_token() -> dict[str, str]:
    """What Ray's processes show each other. A user's own is left as it is."""
    if os.environ.get("RAY_AUTH_MODE") == "token" and any(name in os.environ for name in _TOKENS):
        return {}
    return {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": _token()}


@lru_cache(maxsize=1)
def _token() -> str:
    """One for this process: Ray reads it once."""
    return secrets.token_hex(32)

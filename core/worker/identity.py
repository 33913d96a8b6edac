"""A worker's name: who it is and where it runs, for schedulers and people."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

Facts = list[tuple[str, Any]]
"""What a worker says of itself, as pairs."""


def worker_facts(processes: int) -> Facts:
    """What a new worker of this process can say of itself: salt, workers, host, username, pid."""
    import getpass

    salt = int.from_bytes(os.urandom(5)) % 10_000_000_000
    try:
        username = getpass.getuser()
    except (KeyError, OSError, ImportError):  # a user id without a name, as in containers
        username = str(os.getuid()) if hasattr(os, "getuid") else ""
    return [
        ("salt", str(salt)),
        ("workers", processes),
        ("host", _host()),
        ("username", username),
        ("pid", os.getpid()),
    ]


def _host() -> str:
    """This machine's name. `platform` knows it too, and costs more to load than a worker takes to start."""
    if hasattr(os, "uname"):
        return os.uname().nodename
    return os.environ.get("COMPUTERNAME", "")


def worker_id(facts: Iterable[tuple[str, str | int]]) -> str:
    """The id made of such facts, by Luigi's pattern: `Worker(salt=…, workers=…, host=…, username=…, pid=…)`."""
    return f"Worker({', '.join(f'{name}={value}' for name, value in facts)})"

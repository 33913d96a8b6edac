"""The scheduler over HTTP and its page. Nothing imports this package: it brings its command through a hook."""

from __future__ import annotations

from typing import Any


def run(
    api_port: int = 8082, address: str | None = None, unix_socket: str | None = None, scheduler: Any = None
) -> None:
    """Serve until `stop`, SIGTERM or SIGINT. The rest is as the section `[server]` says.

    Without an `address` it listens on this machine's own alone. A `scheduler` that is given has its `load()` called
    before, and its `dump()` after; otherwise the state is in `[server] state_store`.
    Raises KernelError for what cannot be had: the address, the port, the state.
    """
    from luigi.server import luigid

    luigid.run(api_port, address, unix_socket, scheduler)


def stop() -> None:
    """Have every server of this process stop: calls under way are answered, then `run` returns. From any thread."""
    from luigi.server.http.serving import RUNNING

    RUNNING.stop()

"""Ports of 127.0.0.1 for servers that a test starts.

Not those that the system gives to clients: between looking for one and the server's binding it, or while a server is
down on purpose, another test's connection could get it.
"""

from __future__ import annotations

import contextlib
import random
import socket

PORTS = range(20_000, 32_000)
_given: set[int] = set()


def free_port() -> int:
    """One that nobody listens at. A process gets each only once. Raises OSError when there is none."""
    for port in random.SystemRandom().sample(PORTS, len(PORTS)):
        if port in _given:
            continue
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            _given.add(port)
            return port
    raise OSError(f"no port is free from {PORTS.start} to {PORTS.stop}")

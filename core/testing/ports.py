"""Ports of 127.0.0.1 for servers that a test starts.

Not those that the system gives to clients: between looking for one and the server's binding it, or while a server is
down on purpose, another test's connection could get it.
"""

from __future__ import annotations

import contextlib
import random
import socket

_in_turn = iter(random.SystemRandom().sample(range(20_000, 32_000), 12_000))


def free_port() -> int:
    """One that nobody listens at. A process gets each only once. Raises OSError when there is none left."""
    for port in _in_turn:
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise OSError("no port is free from 20000 to 31999")

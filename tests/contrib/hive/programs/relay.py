"""Carries bytes between two addresses: by a socket in the file system a server in a network namespace is reached.

usage: relay.py LISTEN CONNECT, each a path or a port of 127.0.0.1
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any


async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    """Carry one direction to its end."""
    try:
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    finally:
        sink.close()


async def main(listen: str, connect: str) -> None:
    """Listen for ever."""

    async def met(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            there = await _connected(connect)
        except OSError:
            sink.close()
            return
        await asyncio.gather(pump(source, there[1]), pump(there[0], sink), return_exceptions=True)

    server = await _listening(listen, met)
    await server.serve_forever()


async def _connected(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if address.isdigit():
        return await asyncio.open_connection("127.0.0.1", int(address))
    return await asyncio.open_unix_connection(address)


async def _listening(address: str, met: Any) -> asyncio.Server:
    if address.isdigit():
        return await asyncio.start_server(met, "127.0.0.1", int(address))
    return await asyncio.start_unix_server(met, address)


asyncio.run(main(*sys.argv[1:]))

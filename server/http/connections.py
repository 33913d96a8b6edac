"""Connections as waitress has them, but for three things: refusals are problems, an answer is sent in one piece, and
calls that leave the server's loop nothing to do leave it alone.
"""

from __future__ import annotations

import json
from typing import Any, Final

from waitress.channel import HTTPChannel  # type: ignore[import-untyped]  # waitress has no types
from waitress.task import ErrorTask, WSGITask  # type: ignore[import-untyped]

from luigi.server.problems import MEDIA_TYPE, Problem

LOOKAHEAD: Final = 1
"""Calls of a connection that are read while another one is under way: so the loop goes on watching it meanwhile."""


class Answer(WSGITask):  # type: ignore[misc]
    """A call that the application answers. Head and body go out together, as far as they are one piece."""

    def write(self, data: bytes) -> None:
        """Write the body, or a part of it, and the head before it."""
        if self.wrote_header:
            super().write(data)
            return
        with self.channel.in_one_piece():
            super().write(data)


class Refusal(ErrorTask):  # type: ignore[misc]
    """What waitress refuses before the application hears of it: too long, or not HTTP at all. The connection ends."""

    def execute(self) -> None:
        """Write the answer."""
        error = self.request.error
        problem = Problem(error.code, str(error.body))
        body = json.dumps(problem.as_json()).encode()
        self.status = f"{problem.status} {problem.title}"
        self.response_headers.append(("Content-Type", MEDIA_TYPE))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Waking:
    """A connection's server, whose loop it wakes only where that has something to do: to send, to close, to read on.

    It says which connection that is: the loop looks at no other.
    """

    def __init__(self, server: Any, connection: Connection) -> None:
        self._server, self._connection = server, connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._server, name)

    def pull_trigger(self) -> None:
        """Wake the loop."""
        if not self._connection.is_quiet:
            self._server.restless.add(self._connection.socket.fileno())
            self._server.pull_trigger()


class Pieces:
    """What is written meanwhile goes out at the end, as one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.held: list[bytes] = []

    def __enter__(self) -> None:
        self._connection.pieces = self

    def __exit__(self, kind: object, error: object, traceback: object) -> None:
        self._connection.pieces = None
        if kind is None:
            self._connection.write_soon(b"".join(self.held))


class Connection(HTTPChannel):  # type: ignore[misc]
    """A connection. It is read from while a call is under way: one that ends has nothing to tell the loop then."""

    task_class = Answer
    error_task_class = Refusal
    pieces: Pieces | None = None

    def __init__(self, server: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(Waking(server, self), *args, **kwargs)

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is under way: no call that was read, no answer that is to be sent, no end."""
        return not (self.requests or self.total_outbufs_len or self.will_close or self.close_when_flushed)

    def readable(self) -> bool:
        """Whether to read on. A little that is still to be sent does not matter. A caller who leaves much of it has to
        take that first: an answer to what was read now would have to wait for it."""
        if self.will_close or self.close_when_flushed or len(self.requests) > LOOKAHEAD:
            return False
        return bool(self.total_outbufs_len <= self.adj.outbuf_high_watermark)

    def writable(self) -> bool:
        """Whether the loop has something to do here. Not while a thread sends what it has answered: the loop would be
        told again and again that the socket takes more. That thread wakes it for what is left."""
        if self.will_close or self.close_when_flushed:
            return True
        if not self.total_outbufs_len or not self.outbuf_lock.acquire(blocking=False):
            return False
        self.outbuf_lock.release()
        return True

    def in_one_piece(self) -> Pieces:
        """While this lasts, what is written is held back. For the thread whose call it is."""
        return Pieces(self)

    def write_soon(self, data: Any) -> int:
        """Send, as soon as that is possible."""
        if self.pieces is None:
            return int(super().write_soon(data))
        self.pieces.held.append(data)
        return len(data)

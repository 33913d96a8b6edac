"""A network between workers and their server that loses, repeats and delays some of their calls.

`UnreliableNetwork` stands before the server and passes calls on, one at a time for each connection. Of every hundred it
treats a few badly: the call does not arrive; it arrives and the answer is lost; it arrives twice, the second time a
moment later; it is late. What the server has acknowledged, and the caller was told, is kept in `acknowledged`.
"""

from __future__ import annotations

import json
import socket
import threading
from contextlib import suppress
from random import Random
from typing import NamedTuple

from luigi.clock import SYSTEM

FATES = ("lost", "unanswered", "repeated", "late")
PATIENCE = 20.0
"""Seconds after which one who waits for the other side gives up."""


class Call(NamedTuple):
    """A request or an answer, as it travels."""

    head: bytes
    body: bytes

    @property
    def bytes(self) -> bytes:
        """All of it."""
        return self.head + self.body


class UnreliableNetwork:
    """Listens on `port` of 127.0.0.1 and passes on to `target`. `share` of the calls come to harm, by chance `seed`."""

    def __init__(self, target: int, share: float, seed: int) -> None:
        self._target, self._share = target, share
        self._random = Random(seed)
        self._lock = threading.Lock()
        self.acknowledged: dict[str, None] = {}
        """Ids of the tasks of which the server has acknowledged that they are done, in that order."""
        self.harmed = dict.fromkeys(FATES, 0)
        self.calls = 0
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        """Pass nothing on any more."""
        self._listening.close()

    def _listen(self) -> None:
        while True:
            try:
                caller, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(caller,), daemon=True).start()

    def _serve(self, caller: socket.socket) -> None:
        """Pass on the calls of one connection, until something of it is lost or either side ends it."""
        with caller, suppress(OSError):
            caller.settimeout(PATIENCE)
            while (call := _received(caller)) is not None:
                fate = self._fate()
                if fate == "lost":
                    return
                if fate == "late":
                    SYSTEM.sleep(self._random.random() * 0.3)
                answer = self._passed_on(call)
                if fate == "repeated":
                    threading.Thread(target=self._repeat, args=(call,), daemon=True).start()
                if answer is None or fate == "unanswered":
                    return
                caller.sendall(answer.bytes)
                self._note(call, answer)

    def _fate(self) -> str:
        with self._lock:
            self.calls += 1
            if self._random.random() >= self._share:
                return ""
            fate = self._random.choice(FATES)
            self.harmed[fate] += 1
            return fate

    def _passed_on(self, call: Call) -> Call | None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self._target), PATIENCE) as server:
            server.sendall(call.bytes)
            return _received(server)
        return None

    def _repeat(self, call: Call) -> None:
        SYSTEM.sleep(self._random.random() * 0.5)
        self._passed_on(call)

    def _note(self, call: Call, answer: Call) -> None:
        """Keep which tasks are done, of what a worker handed in and was answered."""
        if b"/exchange " not in call.head.partition(b"\r\n")[0] or b" 200 " not in answer.head.partition(b"\r\n")[0]:
            return
        refused = json.loads(answer.body).get("refused", ())
        for said in json.loads(call.body).get("said", ()):
            if said.get("status") == "DONE" and said["task_id"] not in refused:
                self.acknowledged[said["task_id"]] = None


def _received(peer: socket.socket) -> Call | None:
    """The next request or answer; None at the end of the connection."""
    told = b""
    while b"\r\n\r\n" not in told:
        more = peer.recv(65536)
        if not more:
            return None
        told += more
    head, _, body = told.partition(b"\r\n\r\n")
    lines = [line.partition(b":") for line in head.lower().split(b"\r\n")[1:]]
    length = next((int(value) for name, _, value in lines if name == b"content-length"), 0)
    while len(body) < length:
        more = peer.recv(65536)
        if not more:
            return None
        body += more
    return Call(head + b"\r\n\r\n", body)

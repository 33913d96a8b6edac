"""The Ray cluster that this process has joined: the one at an address, or one started for it."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import lru_cache
from importlib import import_module
from typing import Any, Final, NamedTuple

from luigi.extras import need
from luigi.plugins.executors.ray.own_cluster import NoCluster, started

REACH: Final = 10.0
"""Seconds that a cluster's head may take to answer the telephone: Ray itself would try for minutes."""


class Node(NamedTuple):
    """A machine of the cluster."""

    id: str
    name: str
    """What is said of it: its name and address."""
    resources: dict[str, float]


class Cluster:
    """A cluster that this process has joined."""

    def __init__(self, ray: Any) -> None:
        self.ray = ray

    def nodes(self) -> Sequence[Node]:
        """Those that are there now."""
        return [_node(facts) for facts in self.ray.nodes() if facts["Alive"]]


def _node(facts: dict[str, Any]) -> Node:
    name, address = facts.get("NodeName") or "", facts["NodeManagerAddress"]
    said = address if name in ("", address) else f"{name} ({address})"
    return Node(facts["NodeID"], said, facts["Resources"])


def library() -> Any:
    """Ray itself. Raises MissingExtra."""
    return need("ray", "ray", "the ray executor")


@contextmanager
def joined(address: str, cpus: int) -> Iterator[Cluster]:
    """The cluster at `address`; where that is empty, one with so many CPUs, started for this.

    A process can be in one cluster at a time: who has joined one already stays with that. Raises MissingExtra and
    NoCluster.
    """
    membership = _membership()
    try:
        yield membership.enter(address, cpus)
    finally:
        membership.leave()


class _Membership:
    """Of this process in a cluster: ends when the last that has entered leaves, unless the program itself began it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._open = ExitStack()

    def enter(self, address: str, cpus: int) -> Cluster:
        """Be in a cluster, by `joined`'s rules."""
        with self._lock:
            ray = library()
            if not ray.is_initialized():
                self._begin(ray, address, cpus)
            self._inside += 1
            return Cluster(ray)

    def leave(self) -> None:
        """One is out again."""
        with self._lock:
            self._inside -= 1
            if not self._inside:
                self._open.close()

    def _begin(self, ray: Any, address: str, cpus: int) -> None:
        with ExitStack() as opened:
            there = address or opened.enter_context(started(cpus))
            _join(ray, there)
            opened.callback(_leave, ray)
            self._open = opened.pop_all()


@lru_cache(maxsize=1)
def _membership() -> _Membership:
    """Ray knows of one for each process."""
    return _Membership()


def _leave(ray: Any) -> None:
    with _handlers_kept():
        ray.shutdown()


def _join(ray: Any, address: str) -> None:
    if address != "auto":
        _look_whether_it_answers(address)
    _read_environment()
    try:
        with _handlers_kept():
            ray.init(address=_as_ray_wants_it(address), log_to_driver=False, configure_logging=False)
    except (OSError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
        reason = (str(error.__cause__ or error).splitlines() or [repr(error)])[-1]
        raise NoCluster(
            f"the Ray cluster at {address} cannot be joined: {reason}",
            hint="Ray and Python have to be the same there, and RAY_AUTH_MODE and the token in the environment here",
        ) from error


def _read_environment() -> None:
    """Ray reads how it is to show who it is when it is imported, which may have been long ago."""
    internals = import_module("ray._raylet")
    with suppress(AttributeError):  # of versions that know no tokens
        internals.Config.initialize("")
        internals.AuthenticationTokenLoader.instance().reset_cache()


def _look_whether_it_answers(address: str) -> None:
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), REACH).close()
    except (OSError, ValueError) as error:
        raise NoCluster(
            f"there is no Ray cluster at {address}: {error}",
            hint="[ray] address is that of the head, as `ray start --head` says it: 10.0.0.1:6379",
        ) from error


def _as_ray_wants_it(address: str) -> str:
    """Ray takes the loopback's address for another one of this machine, at which a head may not listen."""
    host, _, port = address.rpartition(":")
    return f"[::ffff:127.0.0.1]:{port}" if host in ("127.0.0.1", "localhost") and socket.has_ipv6 else address


@contextmanager
def _handlers_kept() -> Iterator[None]:
    """Ray takes SIGTERM for itself, which the worker has plans for."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)

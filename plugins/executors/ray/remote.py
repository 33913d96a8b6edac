"""The handle on one host in the cluster: what it is told, and how what it says gets to the engine's thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, NamedTuple

from luigi.plugins.executors.ray.actor import CALLS, RayHost

if TYPE_CHECKING:
    from luigi.executors.hosting.engine import Parcel
    from luigi.interfaces import Message
    from luigi.plugins.executors.ray.actor import Where
    from luigi.plugins.executors.ray.shapes import Shape

ANSWER = 10.0
"""Seconds that a host may take to take a message."""


class Opened(NamedTuple):
    """A host is ready, or cannot be."""

    host: RemoteHost
    answer: Future[Any]


class Turned(NamedTuple):
    """A host has news, or is gone."""

    host: RemoteHost
    answer: Future[Any]


class Closed(NamedTuple):
    """A host has nothing any more."""

    host: RemoteHost
    answer: Future[Any]


Event = Opened | Turned | Closed
Tell = Callable[[Event], None]


class RemoteHost:
    """None of its calls waits but `send` and `drop`. `tell` is called by a thread of Ray's, which must not be kept."""

    def __init__(self, ray: Any, shape: Shape, luggage: Any, tell: Tell) -> None:
        self._ray = ray
        self._tell = tell
        options: Mapping[str, object] = {**shape.options, "max_concurrency": CALLS, "max_restarts": 0}
        self._actor = ray.remote(RayHost).options(**options).remote(luggage)
        self.where: Where | None = None
        self._ask(Opened, self._actor.open)

    def run(self, parcel: Parcel) -> None:
        """Begin a job."""
        self._ask(Turned, self._actor.run, parcel)

    def listen(self) -> None:
        """Ask for more news of the job."""
        self._ask(Turned, self._actor.more)

    def cancel(self, token: int) -> None:
        """End a job."""
        self._actor.cancel.remote(token)

    def send(self, token: int, message: Message) -> bool:
        """Give the running task a message."""
        try:
            sent: bool = self._ray.get(self._actor.send.remote(token, message), timeout=ANSWER)
        except self._ray.exceptions.RayError:  # it is gone, which its job is told of on its own
            return False
        return sent

    def drop(self, task_id: str, seconds: float) -> None:
        """Give up a suspended run, and wait so long for its end."""
        self._ray.wait([self._actor.drop.remote(task_id)], timeout=seconds)

    def close(self) -> Any:
        """Have it end all it has; gives what can be waited for."""
        return self._ask(Closed, self._actor.close)

    def kill(self) -> None:
        """Let go of the actor and of what it holds."""
        self._ray.kill(self._actor)

    def _ask(self, kind: Callable[[RemoteHost, Future[Any]], Event], method: Any, *arguments: Any) -> Any:
        reference = method.remote(*arguments)
        reference.future().add_done_callback(lambda answer: self._tell(kind(self, answer)))
        return reference

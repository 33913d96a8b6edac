"""The engine of Ray: carries parcels to hosts in the cluster, and news back.

Each host is an actor that holds what one job takes, so that Ray's own accounts are right whoever else uses the cluster.
What happens there comes to one thread; `crew` says what is to be done about it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Final

from luigi.clock import SYSTEM, Clock
from luigi.errors import KernelError
from luigi.executors.hosting.engine import Ended, Lost, News, NotThere, Parcel, Post
from luigi.executors.hosting.host import GRACE
from luigi.executors.hosting.luggage import opened
from luigi.plugins.executors.ray.cluster import joined
from luigi.plugins.executors.ray.crew import Crew
from luigi.plugins.executors.ray.places import Begin, Give, Place, Refuse, Retire, Step
from luigi.plugins.executors.ray.remote import Closed, Event, Opened, RemoteHost, Turned
from luigi.task_status import FAILED

if TYPE_CHECKING:
    from luigi.interfaces import Message
    from luigi.plugins.executors.ray import Settings
    from luigi.plugins.executors.ray.cluster import Node

logger = logging.getLogger("luigi-interface")

LOOK: Final = 2.0
"""Seconds between looks at which machines the cluster has."""


class RayEngine:
    """Raises MissingExtra and NoCluster. `workers`: how many CPUs a cluster started here has, where nothing is said."""

    def __init__(self, settings: Settings, workers: int, luggage: bytes, post: Post, clock: Clock = SYSTEM) -> None:
        self._post = post
        self._monotonic = clock.monotonic
        self._patience = 2 * opened(luggage).kill_grace + GRACE
        self._events: SimpleQueue[Event | None] = SimpleQueue()
        self._lock = threading.RLock()
        self._crew = Crew(settings.cpus_per_task, settings.idle_time)
        self._hosts: dict[Place, RemoteHost] = {}
        self._places: dict[RemoteHost, Place] = {}
        self._names: dict[str, str] = {}
        """Of nodes, also of those that are gone, by id."""
        self._open = ExitStack()
        self._cluster = self._open.enter_context(joined(settings.address, settings.local_cpus or workers))
        try:
            self._take_stock(self._cluster.nodes())
            self._luggage = self._cluster.ray.put(luggage)
        except BaseException:
            self._open.close()
            raise
        self._thread = threading.Thread(target=self._run, name="luigi-ray", daemon=True)
        self._thread.start()

    @property
    def places(self) -> int:
        """As of some seconds ago."""
        return self._crew.room

    # --- from outside ------------------------------------------------------------------------------------------

    def start(self, parcel: Parcel) -> None:
        """Have it run as soon as there is a place."""
        with self._lock:
            self._crew.take_in(parcel)
            self._go_on()

    def cancel(self, token: int) -> None:
        """End a job, or take it back."""
        with self._lock:
            if self._crew.withdraw(token):
                self._post(Lost(token, "was cancelled before it began"))
            elif (place := self._crew.running(token)) is not None:
                self._hosts[place].cancel(token)

    def send(self, token: int, message: Message) -> bool:
        """Give a running task a message."""
        with self._lock:
            place = self._crew.running(token)
            host = None if place is None else self._hosts.get(place)
        return host is not None and host.send(token, message)

    def drop(self, task_id: str) -> None:
        """Give up a suspended run."""
        with self._lock:
            place = self._crew.forget(task_id)
            host = None if place is None else self._hosts.get(place)
        if host is not None:
            host.drop(task_id, self._patience)

    def close(self) -> None:
        """End all hosts, those that have something in hand in good order, and leave the cluster."""
        self._events.put(None)
        self._thread.join()
        try:
            closing = [host.close() for host in self._places if host.where is not None]
            if closing:
                self._cluster.ray.wait(closing, num_returns=len(closing), timeout=self._patience)
        finally:
            for host in self._places:
                host.kill()
            self._open.close()

    # --- the engine's thread -----------------------------------------------------------------------------------

    def _run(self) -> None:
        look_at = self._monotonic() + LOOK
        while True:
            try:
                event = self._events.get(timeout=max(0.0, look_at - self._monotonic()))
                if event is None:
                    return
                with self._lock:
                    self._take_in(event)
                    self._go_on()
            except Empty:
                self._look()
                look_at = self._monotonic() + LOOK

    def _look(self) -> None:
        """Which machines there are, and which places are of no use any more."""
        try:
            nodes = self._cluster.nodes()
        except Exception as error:  # Ray's client raises whatever its connection does
            logger.warning("Ray does not say which machines it has: %s", error)
            return
        with self._lock:
            self._take_stock(nodes)
            self._carry_out(self._crew.cleared(self._monotonic()))

    def _take_stock(self, nodes: Sequence[Node]) -> None:
        self._names.update((node.id, node.name) for node in nodes)
        self._crew.nodes = [node.resources for node in nodes]

    def _take_in(self, event: Event) -> None:
        host = event.host
        place = self._places.get(host)
        match event:
            case Closed():
                host.kill()
            case Opened() if place is not None:
                self._settle_in(place, host, event)
            case Turned() if place is not None:
                self._hear(place, host, event)

    def _settle_in(self, place: Place, host: RemoteHost, event: Opened) -> None:
        error = event.answer.exception()
        if error is None:
            host.where = event.answer.result()
            self._crew.opened(place, self._monotonic())
            return
        self._forget(place)
        job = self._crew.failed_to_open(place)
        if job is not None:
            self._post(Ended(job.token, FAILED, _why_not(error), retriable=not isinstance(_own(error), KernelError)))

    def _hear(self, place: Place, host: RemoteHost, event: Turned) -> None:
        error = event.answer.exception()
        if error is not None:
            self._lose(place, host, error)
            return
        token = None if place.job is None else place.job.token
        last: News | None = None
        for news in event.answer.result():
            if news.token == token and isinstance(news, Ended | NotThere | Lost):
                last = news
            self._post(news)
        if last is None:
            host.listen()
        else:
            suspended = isinstance(last, Ended) and last.wanted is not None
            self._crew.ended(place, self._monotonic(), is_suspended=suspended)

    def _lose(self, place: Place, host: RemoteHost, error: BaseException) -> None:
        self._forget(place)
        job = self._crew.gone(place)
        if job is not None:
            self._post(Lost(job.token, f"was lost: {self._whereabouts(host)} is gone: {_reason(error)}"))

    def _whereabouts(self, host: RemoteHost) -> str:
        if host.where is None:
            return "its place in the cluster"
        node, address, pid = host.where
        return f"process {pid} on node {self._names.get(node, f'{node[:12]} ({address})')}"

    # --- steps -------------------------------------------------------------------------------------------------

    def _go_on(self) -> None:
        self._carry_out(self._crew.steps(self._monotonic()))

    def _carry_out(self, steps: Sequence[Step]) -> None:
        for step in steps:
            match step:
                case Begin(place):
                    host = RemoteHost(self._cluster.ray, place.shape, self._luggage, self._events.put)
                    self._hosts[place] = host
                    self._places[host] = place
                case Give(place, job):
                    self._hosts[place].run(job)
                case Retire(place):
                    host = self._hosts.pop(place)
                    del self._places[host]
                    host.close()
                case Refuse(job, why):
                    self._post(Ended(job.token, FAILED, f"Task {job.task_id}: {why}", retriable=False))

    def _forget(self, place: Place) -> None:
        host = self._hosts.pop(place)
        del self._places[host]
        host.kill()


def _why_not(error: Any) -> str:
    """Why there is no host, in the words of its own error if it had any."""
    cause = _own(error)
    if isinstance(cause, KernelError):
        return f"{cause}\n{cause.hint}" if cause.hint else str(cause)
    hint = "luigi-kernel, Ray and Python have to be the same on all machines of the cluster"
    return f"no task can be run in the Ray cluster: {_reason(error)}\n{hint}"


def _own(error: Any) -> Any:
    """What was raised there, if that is known."""
    return getattr(error, "cause", None)


def _reason(error: BaseException) -> str:
    """What Ray says of it, in a line."""
    return " ".join(str(error).split())[:300] or repr(error)

"""The engine over Dask, at home: each job is a task of Dask's, and what is heard of it an event of Dask's.

Jobs that come together are handed over together, which costs Dask's scheduler a fraction.
"""

from __future__ import annotations

import logging
import pickle
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from luigi.clock import SYSTEM
from luigi.executors.hosting.engine import Ended, Lost, NotThere, Parcel, Post
from luigi.plugins.executors.dask import once, site
from luigi.task_status import FAILED

if TYPE_CHECKING:
    from luigi.interfaces import Message
    from luigi.plugins.executors.dask.cluster import Cluster

logger = logging.getLogger("luigi-interface")

LOOK: Final = 0.5
"""Seconds between looks at what has become of jobs that nothing was heard of."""
COUNT: Final = 2.0
"""Seconds between looks at what machines there are."""
BATCH: Final = 500
"""Jobs handed over together at most."""


@contextmanager
def _away_is_no_error() -> Iterator[None]:
    """Without Dask's scheduler all jobs are lost, which each of them is told on its own."""
    try:
        yield
    except Exception as error:  # of any part of the connection
        logger.warning("Dask cannot be reached: %r", error)


class _Placement(NamedTuple):
    """Where a job may run. Those with the same are handed over together."""

    worker: str
    resources: tuple[tuple[str, int], ...]


class DaskEngine:
    """Uses the cluster, and closes it. One thread hands jobs over, and looks after them."""

    def __init__(self, cluster: Cluster, luggage: bytes, post: Post) -> None:
        self._cluster, self._post = cluster, post
        self._run = f"luigi-run-{uuid.uuid4().hex}"
        """Names the luggage at Dask's scheduler, the topic of what is heard, and a task of Dask's that is there for as
        long as this process wants it."""
        self._futures: dict[int, Any] = {}
        self._homes: dict[str, str] = {}
        """Addresses of the workers that have suspended runs, by the task's id."""
        self._ids: dict[int, str] = {}
        """Ids of the tasks of jobs that have not ended, by token."""
        self._bound: dict[int, str] = {}
        """Addresses of the workers that alone may run a job, by token: Dask would wait for one that is gone."""
        self._waiting: SimpleQueue[Parcel | None] = SimpleQueue()
        self._look_at = 0.0
        self._count_at = 0.0
        self._machines = cluster.machines()
        client = cluster.client
        client.subscribe_topic(self._run, self._hear)
        cluster.on_scheduler(once.install)
        client.set_metadata([self._run], luggage)
        self._anchor = client.submit(int, key=self._run, priority=1000)
        self._thread = threading.Thread(target=self._carry, name="luigi-dask", daemon=True)
        self._thread.start()

    @property
    def places(self) -> int:
        """The threads of all of Dask's workers."""
        return sum(machine["nthreads"] for machine in self._machines.values())

    # --- what the executor wants -------------------------------------------------------------------------------

    def start(self, parcel: Parcel) -> None:
        """Hand it over with others."""
        self._ids[parcel.token] = parcel.task_id
        self._waiting.put(parcel)

    def cancel(self, token: int) -> None:
        """End it where it runs; where it does not yet, keep it from beginning."""
        runs: dict[str, bool] = {}
        with _away_is_no_error():
            runs = self._cluster.on_workers(site.cancel_job, self._run, token)
        if not any(runs.values()):
            self._lose(token, "was cancelled")

    def send(self, token: int, message: Message) -> bool:
        """Ask all workers for the job: it is rare."""
        sent: dict[str, bool] = {}
        with _away_is_no_error():
            sent = self._cluster.on_workers(site.send_message, self._run, token, message)
        return any(sent.values())

    def drop(self, task_id: str) -> None:
        """Where it waits, if that is still there."""
        address = self._homes.pop(task_id, "")
        with _away_is_no_error():
            if address in self._cluster.machines():
                self._cluster.on_workers(site.drop_suspended, self._run, task_id, at=address)

    def close(self) -> None:
        """End the run's jobs and hosts, and let go of the cluster."""
        self._waiting.put(None)
        self._thread.join()
        client = self._cluster.client
        try:
            if client.status == "running":
                with _away_is_no_error():
                    self._end_there(client)
        finally:
            self._futures.clear()
            del self._anchor
            self._cluster.close()

    def _end_there(self, client: Any) -> None:
        client.cancel(list(self._futures.values()), force=True)
        client.set_metadata([self._run], None)  # so that no site begins for a job that is on its way
        self._cluster.on_workers(site.end_site, self._run)
        client.unsubscribe_topic(self._run)
        self._cluster.on_scheduler(once.forget, self._run)

    # --- the thread that carries -------------------------------------------------------------------------------

    def _carry(self) -> None:
        while (parcels := self._next()) is not None:
            try:
                self._hand_over(parcels)
            except Exception as error:  # of any part of the connection
                for parcel in parcels:
                    self._lose(parcel.token, f"was lost: Dask cannot be reached: {error!r}")
            self._look()

    def _next(self) -> list[Parcel] | None:
        """Parcels to hand over, none when it is time to look; None at the end."""
        parcels: list[Parcel] = []
        try:
            parcel = self._waiting.get(timeout=LOOK)
            while parcel is not None:
                parcels.append(parcel)
                if len(parcels) == BATCH:
                    return parcels
                parcel = self._waiting.get_nowait()
        except Empty:
            return parcels
        return None

    def _hand_over(self, parcels: Sequence[Parcel]) -> None:
        placements: dict[_Placement, list[Parcel]] = {}
        for parcel in parcels:
            if parcel.token in self._ids:  # or it was cancelled
                placements.setdefault(self._placement(parcel), []).append(parcel)
        for (address, resources), those in placements.items():
            futures = self._cluster.client.map(
                site.run_job,
                [site.Sealed(pickle.dumps(tuple(parcel))) for parcel in those],
                run=self._run,
                key=[f"{once.PREFIX}{parcel.family}-{uuid.uuid4().hex}" for parcel in those],
                workers=[address] if address else None,
                resources=dict(resources) or None,
                pure=False,
            )
            for parcel, future in zip(those, futures, strict=True):
                if parcel.token in self._ids:
                    self._futures[parcel.token] = future
                    if address:
                        self._bound[parcel.token] = address

    def _placement(self, parcel: Parcel) -> _Placement:
        home = self._homes.pop(parcel.task_id, "")
        offered = {name for machine in self._machines.values() for name in machine.get("resources") or ()}
        needs = tuple(sorted((name, amount) for name, amount in parcel.needs.items() if name in offered))
        return _Placement(home if home in self._machines else "", needs)

    def _look(self) -> None:
        """See to jobs that ended without a word, now and then."""
        now = SYSTEM.monotonic()
        if now >= self._count_at:
            self._count_at = now + COUNT
            self._count_again()
            self._lose_bound()
        if now < self._look_at:
            return
        self._look_at = now + LOOK
        is_cut_off = self._cluster.client.status == "closed"  # which swallows what it is given on its way there
        for token, future in list(self._futures.items()):
            if is_cut_off or future.status not in ("pending", "finished"):
                self._look_into(token, future)

    def _count_again(self) -> None:
        try:
            self._machines = self._cluster.machines()
        except Exception as error:  # of any part of the connection
            if self._machines:
                logger.warning("Dask cannot be reached: %r", error)
            self._machines = {}

    def _lose_bound(self) -> None:
        """Jobs that wait for a worker which had died before Dask was given them."""
        for token, address in list(self._bound.items()):
            if self._machines and address not in self._machines:
                self._lose(token, f"was lost: Dask's worker {address} is gone")

    def _look_into(self, token: int, future: Any) -> None:
        """Dask has given the job up: its worker died, or could not even begin it."""
        from distributed.scheduler import KilledWorker

        error = future.exception() if future.status == "error" else None
        if isinstance(error, KilledWorker):
            self._lose(token, f"was lost: Dask's worker {error.last_worker.address} is gone")
        elif error is not None:
            hint = "install luigi-kernel on the workers of the cluster, the same as here"
            why = f"Dask's worker cannot run it: {error!r}\n{hint}"
            self._end(Ended(token, FAILED, why, retriable=not isinstance(error, ImportError)))
        elif self._cluster.client.status == "running":
            self._lose(token, "was lost: Dask has given it up")
        else:
            self._lose(token, "was lost: Dask's scheduler does not answer any more")

    # --- what is heard -----------------------------------------------------------------------------------------

    def _hear(self, event: tuple[float, bytes]) -> None:
        """News from a worker, in the thread of Dask's client."""
        address, told = pickle.loads(event[1])
        for news in told:
            if isinstance(news, Ended) and news.wanted is not None and news.token in self._ids:
                self._homes[self._ids[news.token]] = address
            if isinstance(news, Ended | NotThere | Lost):
                self._end(news)
            else:
                self._post(news)

    def _lose(self, token: int, why: str) -> None:
        self._end(Lost(token, why))

    def _end(self, news: Ended | NotThere | Lost) -> None:
        """The last of a job; of one that has ended, nothing more is believed."""
        if self._ids.pop(news.token, None) is None:
            return
        self._futures.pop(news.token, None)  # and Dask forgets it
        self._bound.pop(news.token, None)
        self._post(news)

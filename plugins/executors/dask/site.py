"""On Dask's workers: a host for each run, which works off the jobs that Dask hands to the worker.

A job is a coroutine in Dask's event loop, and takes one of the worker's threads in Dask's books; the task itself runs
in a process of the host's.
"""

from __future__ import annotations

import asyncio
import pickle
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from luigi.errors import KernelError
from luigi.executors.hosting.engine import Ended, Lost, News, NotThere, Parcel
from luigi.executors.hosting.host import Host
from luigi.task_status import FAILED

if TYPE_CHECKING:
    from luigi.interfaces import Message

SITES: Final = "luigi"
"""The extension of Dask's worker that has the sites."""
BUNDLED: Final = 0.1
"""Seconds that news may wait for others to be sent with: but for the last of a job, which takes all with it."""
LOOK: Final = 5.0
"""Seconds between looks at whether the run is still there."""
AWAY: Final = 12
"""Looks in vain after which a run whose scheduler does not answer is given up."""


class Sites:
    """The sites of one of Dask's workers. All of it happens in its event loop."""

    def __init__(self, worker: Any) -> None:
        self._worker = worker
        self.by_run: dict[str, asyncio.Task[Site]] = {}
        """Beginning, or begun; by the run's name, under which Dask's scheduler has the luggage."""

    @classmethod
    def of(cls, worker: Any) -> Sites:
        """Those of the worker, which keeps them."""
        sites: Sites = worker.extensions.setdefault(SITES, cls(worker))
        return sites

    async def site(self, run: str) -> Site:
        """The site of the run; begun with its first job. Raises KernelError."""
        if run not in self.by_run:
            self.by_run[run] = asyncio.create_task(self._begin(run))
        try:
            return await asyncio.shield(self.by_run[run])
        except Exception:
            self.by_run.pop(run, None)
            raise

    async def _begin(self, run: str) -> Site:
        luggage = await self._worker.scheduler.get_metadata(keys=[run], default=None)
        if luggage is None:
            raise KernelError("the run has ended")
        site = Site(self._worker, run, luggage)
        site.watch = asyncio.create_task(self._watch(run))
        return site

    async def _watch(self, run: str) -> None:
        """End the site when nobody wants the run's key any more: the program that did has ended, however it did."""
        in_vain = 0
        while in_vain < AWAY:
            await asyncio.sleep(LOOK)
            try:
                told = await self._worker.scheduler.get_task_status(keys=[run])
                in_vain = 0
            except OSError:  # it restarts, or has gone for good
                in_vain += 1
                continue
            if told[run] is None:
                await self._worker.scheduler.set_metadata(keys=[run], value=None)
                break
        await self.end(run)

    async def end(self, run: str) -> None:
        """End a run's site, if it has one."""
        begun = self.by_run.pop(run, None)
        if begun is None:
            return
        try:
            site = await begun
        except (KernelError, OSError):  # it could not be begun, which its jobs have told
            return
        await site.close()

    async def close(self) -> None:
        """The worker goes: Dask calls this."""
        for run in list(self.by_run):
            await self.end(run)


class Site:
    """The host of one run at one of Dask's workers. Raises WrongMachine."""

    def __init__(self, worker: Any, run: str, luggage: bytes) -> None:
        self._worker, self._run = worker, run
        self._loop = asyncio.get_running_loop()
        self._bundle: list[News] = []
        self._begun: dict[int, asyncio.Future[None]] = {}
        self._cancelled: set[int] = set()
        self._flushing: asyncio.TimerHandle | None = None
        self.watch: asyncio.Task[None] | None = None
        self.host = Host(luggage, worker.state.nthreads, self._post)

    async def run(self, parcel: Parcel) -> None:
        """Run a job to its end. What is to be said of it is said before."""
        if parcel.token in self._cancelled:
            tell(self._worker, self._run, [Lost(parcel.token, "was cancelled")])
            return
        ended = self._begun[parcel.token] = self._loop.create_future()
        self.host.start(parcel)
        await ended

    def cancel(self, token: int) -> bool:
        """End a job, now or as soon as it comes. Whether it runs here."""
        self._cancelled.add(token)
        if token not in self._begun:
            return False
        self.host.cancel(token)
        return True

    def send(self, token: int, message: Message) -> bool:
        """Give a running task a message. Whether it is here."""
        return token in self._begun and self.host.send(token, message)

    async def close(self) -> None:
        """End all there is."""
        await asyncio.to_thread(self.host.close)
        self._flush()
        if self.watch is not None and self.watch is not asyncio.current_task():
            self.watch.cancel()

    def _post(self, news: News) -> None:
        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self._take, news)

    def _take(self, news: News) -> None:
        self._bundle.append(news)
        if isinstance(news, Ended | NotThere | Lost):
            self._flush()
            ended = self._begun.pop(news.token, None)
            if ended is not None and not ended.done():
                ended.set_result(None)
        elif self._flushing is None:
            self._flushing = self._loop.call_later(BUNDLED, self._flush)

    def _flush(self) -> None:
        if self._flushing is not None:
            self._flushing.cancel()
            self._flushing = None
        bundle, self._bundle = self._bundle, []
        if bundle:
            tell(self._worker, self._run, bundle)


def tell(worker: Any, run: str, news: list[News]) -> None:
    """Send news home, by way of Dask's scheduler."""
    worker.log_event(run, pickle.dumps((worker.address, news)))


# --- what home calls, by name --------------------------------------------------------------------------------------


class Sealed(NamedTuple):
    """A parcel as bytes. Dask logs what it cannot run, and these may hold values that are nobody's business."""

    content: bytes

    def __repr__(self) -> str:
        return "a parcel"


async def run_job(sealed: Sealed, run: str) -> None:
    """One task of Dask's: a job of the kernel's."""
    from distributed import get_worker

    worker = get_worker()
    parcel = Parcel(*pickle.loads(sealed.content))
    try:
        site = await Sites.of(worker).site(run)
    except KernelError as error:
        tell(worker, run, [Ended(parcel.token, FAILED, f"{error}\n{error.hint}", retriable=False)])
        return
    await site.run(parcel)


async def cancel_job(run: str, token: int, dask_worker: Any = None) -> bool:
    """End a job. Whether it runs here."""
    return run in (sites := Sites.of(dask_worker)).by_run and (await sites.site(run)).cancel(token)


async def send_message(run: str, token: int, message: Message, dask_worker: Any = None) -> bool:
    """Give a running task a message. Whether it is here."""
    return run in (sites := Sites.of(dask_worker)).by_run and (await sites.site(run)).send(token, message)


async def drop_suspended(run: str, task_id: str, dask_worker: Any = None) -> None:
    """Give up a suspended run."""
    sites = Sites.of(dask_worker)
    if run in sites.by_run:
        await asyncio.to_thread((await sites.site(run)).host.drop, task_id)


async def end_site(run: str, dask_worker: Any = None) -> None:
    """The run is over."""
    await Sites.of(dask_worker).end(run)

"""The executor whose jobs run on other machines: one for all engines, which only carry.

What is heard from there - outcomes, progress, answers, output - is passed on as if it had happened here.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Final

from luigi.clock import SYSTEM, Clock
from luigi.errors import KernelError
from luigi.event import Event
from luigi.executors.config import processes as processes_config
from luigi.executors.frames import CannotTravel
from luigi.executors.hosting import luggage
from luigi.executors.hosting.engine import Ended, Lost, MakeEngine, News, NotThere, Parcel, Printed, Said
from luigi.executors.hosting.mailing import Mailing
from luigi.executors.hosting.printing import Printing
from luigi.executors.hosting.travel import Packing
from luigi.executors.parcels import unpack_wanted
from luigi.interfaces import Job, Message, Outcome
from luigi.task_status import FAILED, PENDING

if TYPE_CHECKING:
    from luigi.executors.setup import ExecutorSetup
    from luigi.interfaces import Answer, Progress

logger = logging.getLogger("luigi-interface")

NEVER: Final = float("inf")
SOME: Final = 256
"""News taken in before outcomes are given: what is printed all the time must not keep them back."""


class HostedExecutor:
    """Runs up to `setup.workers` jobs at a time, and not many more than the engine has places for.

    One worker, which is what a run has when nobody says how many, leaves it to the engine.

    `send` and `resize` may be called by any thread, the rest by one. Raises CannotPack, and what the engine raises.
    """

    def __init__(self, setup: ExecutorSetup, make_engine: MakeEngine, clock: Clock = SYSTEM) -> None:
        self._setup = setup
        self._workers: float = setup.workers if setup.workers > 1 else NEVER
        self._monotonic = clock.monotonic
        self._news: SimpleQueue[News | None] = SimpleQueue()
        self._jobs: dict[int, Job] = {}
        """What is in hand, by token."""
        self._tokens: dict[str, int] = {}
        """The same by the task's id."""
        self._cancelled: set[int] = set()
        self._suspended: set[str] = set()
        """Ids of the tasks that wait at a host."""
        self._sent: dict[int, int] = {}
        """How much went by value when a job was sent: see `Packing.version`."""
        self._packing = Packing()
        self._outcomes: list[Outcome] = []
        self._said: list[Progress | Answer] = []
        self._open = ExitStack()
        self._engine = make_engine(luggage.packed(setup, processes_config()), self._news.put)
        self._open.callback(self._engine.close)
        self._printing = self._open.enter_context(Printing(setup.output, clock))
        self._mailing = Mailing(self._engine)

    @property
    def capacity(self) -> int:
        """How many more jobs may go there. A cluster without a machine is given one, to wait for the first."""
        most = min(self._workers, places + ahead_of(places)) if (places := self._engine.places) else 1
        return max(0, int(most) - len(self._jobs))

    # --- taking jobs in ----------------------------------------------------------------------------------------

    def submit(self, job: Job) -> None:
        """Have the job run: where the task waits, else wherever there is a place."""
        self._jobs[job.token] = job
        self._tokens[job.task.task_id] = job.token
        self._dispatch(job)

    def _dispatch(self, job: Job) -> None:
        task = job.task
        try:
            self._sent[job.token] = self._packing.version
            content = self._packing.pack(task)
            resumes = task.task_id in self._suspended
            needs, takes = dict(task.process_resources() or {}), bool(task.accepts_messages)
            facts = task.task_id, job.token, task.task_family, job.timeout or 0, takes, needs
            self._engine.start(Parcel(*facts, content, resumes))
            self._suspended.discard(task.task_id)
        except KernelError as error:
            said = f"{error}\n{error.hint}" if error.hint else str(error)
            self._come_out(job, FAILED, said, retriable=not isinstance(error, CannotTravel))

    # --- waiting -----------------------------------------------------------------------------------------------

    def poll(self, timeout: float | None = None) -> Sequence[Outcome]:
        """Wait until a job has ended, or for `timeout` seconds; meanwhile see to everything else."""
        until = NEVER if timeout is None else self._monotonic() + timeout
        self._listen(0)
        while self._jobs and not self._outcomes:
            left = until - self._monotonic()
            if left <= 0:
                break
            self._listen(min(left, self._mailing.patience))
        outcomes, self._outcomes = self._outcomes, []
        return outcomes

    def _listen(self, seconds: float) -> None:
        """Wait so long for news, and take in what there is."""
        for news in self._heard(seconds):
            self._take_in(news)
        self._mailing.deliver()
        if self._said:
            said, self._said = self._said, []
            self._setup.scheduler.exchange(self._setup.rules.worker_id, said, 0)

    def _heard(self, seconds: float) -> Iterator[News]:
        """What there is, in the order in which it came; waits so long for the first."""
        try:
            news = self._news.get(timeout=None if seconds == NEVER else seconds) if seconds else self._news.get_nowait()
            for _ in range(SOME - 1):
                if news is not None:
                    yield news
                news = self._news.get_nowait()
            if news is not None:
                yield news
        except Empty:
            return

    def _take_in(self, news: News) -> None:
        """Of a job that is not in hand any more, nothing is believed."""
        job = self._jobs.get(news.token)
        if job is None:
            return
        match news:
            case Said(_, said):
                self._said.append(said)
            case Printed(token, at, stream, text):
                self._printing.print(job.task.task_id, token, at, stream, text)
            case Ended():
                self._settle(job, news)
            case NotThere(_, module, why):
                self._send_by_value(job, module, why)
            case Lost(_, why):
                self._lose(job, why)

    def _settle(self, job: Job, ended: Ended) -> None:
        if ended.wanted is not None:
            self._let_wait(job, ended.wanted, ended.seconds)
            return
        if ended.event is not None:
            self._tell_of(job, ended.event, ended.explanation or "")
        self._come_out(job, ended.status, ended.explanation, ended.missing, ended.seconds, ended.retriable)

    def _let_wait(self, job: Job, parcel: bytes, seconds: float) -> None:
        task_id = job.task.task_id
        try:
            wanted = unpack_wanted(parcel)
        except CannotTravel as error:
            self._engine.drop(task_id)
            self._come_out(job, FAILED, f"{error}\n{error.hint}", retriable=False)
            return
        if job.token in self._cancelled:
            self._engine.drop(task_id)
            self._come_out(job, FAILED, f"Task {task_id} was cancelled", seconds=seconds)
            return
        self._suspended.add(task_id)
        self._come_out(job, PENDING, seconds=seconds, wanted=wanted)

    def _send_by_value(self, job: Job, module: str, why: str) -> None:
        """Once more, with the modules that are not there; unless that has been tried."""
        news = self._packing.send_by_value(job.task, module)
        if news:
            logger.info("%s goes to other machines by value: %s", job.task.task_module, why)
        if news or self._sent[job.token] < self._packing.version:
            self._dispatch(job)
            return
        hint = "install what is missing on the machines of the cluster, the same as here"
        self._come_out(job, FAILED, f"{job.task} cannot be made there: {why}\n{hint}", retriable=False)

    def _lose(self, job: Job, why: str) -> None:
        said = f"Task {job.task.task_id} {'was cancelled' if job.token in self._cancelled else why}"
        self._tell_of(job, Event.PROCESS_FAILURE, said)
        self._come_out(job, FAILED, said)

    def _tell_of(self, job: Job, event: str, explanation: str) -> None:
        logger.error("Worker %s failed    %s", self._setup.rules.worker_id, explanation)
        job.task.trigger_event(event, job.task, explanation)

    def _come_out(
        self,
        job: Job,
        status: str,
        explanation: str | None = None,
        missing: Sequence[str] = (),
        seconds: float = 0.0,
        retriable: bool = True,
        wanted: Sequence[Any] = (),
    ) -> None:
        token, task_id = job.token, job.task.task_id
        del self._jobs[token]
        self._tokens.pop(task_id, None)
        self._sent.pop(token, None)
        self._cancelled.discard(token)
        self._mailing.forget(token)
        self._printing.end(task_id, token)
        self._outcomes.append(Outcome(job.task, token, status, explanation, wanted, missing, seconds, retriable))

    # --- from outside ------------------------------------------------------------------------------------------

    def cancel(self, task_id: str) -> bool:
        """End a job, with all it has started, or give up a suspended run."""
        token = self._tokens.get(task_id)
        if token is not None and token not in self._cancelled:
            self._cancelled.add(token)
            self._engine.cancel(token)
            return True
        if token is None and task_id in self._suspended:
            self._suspended.discard(task_id)
            self._engine.drop(task_id)
            return True
        return False

    def send(self, task_id: str, message: Message) -> bool:
        """Have a message put into the queue of a job in hand whose task takes some, as soon as it runs."""
        token = self._tokens.get(task_id)
        job = None if token is None else self._jobs.get(token)
        if job is None or not job.task.accepts_messages:
            return False
        self._mailing.add(job.token, message)
        self._news.put(None)
        return True

    def resize(self, workers: int) -> None:
        """Run so many at a time from now on."""
        self._workers = workers

    def close(self) -> None:
        """End what runs and what is suspended, and let go of the engine."""
        self._open.close()


def ahead_of(places: int) -> int:
    """Jobs that wait at the engine: a place that comes free has one at once, and short ones travel together.

    Measured with Dask and tasks that do nothing: eight cost 1.4 times what bare Dask does, two twice.
    """
    return max(8, places // 4)


def places_here(workers: int) -> int:
    """How many places a cluster has that is begun on this machine, for so many tasks at a time: unless that is more
    than one, as many as there are processors."""
    from luigi.processors import available

    return workers if workers > 1 else available()

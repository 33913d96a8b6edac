"""What engines of batch systems have in common: jobs to be handed over, those that were, and a thread for both."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import partial
from threading import Event, Lock, Thread
from typing import ClassVar, Final, Generic, Protocol, TypeVar

from luigi.clock import Clock
from luigi.errors import KernelError
from luigi.executors.hosting.batch_jobs.hearing import Hearing
from luigi.executors.hosting.engine import Ended, Lost, News, NotThere, Parcel, Post

logger = logging.getLogger("luigi-interface")

PASSING: Final = (KernelError, OSError)
"""What it is raised as that a system is away, or refuses."""


class Sent(Protocol):
    """One job that a system has."""

    @property
    def hearing(self) -> Hearing:
        """What is heard of it."""
        ...


S = TypeVar("S", bound=Sent)


class BatchEngine(ABC, Generic[S]):
    """See `luigi.executors.hosting.engine.Engine`. What runs is lost with its machine; nothing is suspended there.

    Subclasses say how jobs are handed over, looked after and ended: all in the one thread, which `begin` starts.
    """

    system: ClassVar[str]
    """What a person calls it."""

    def __init__(self, post: Post, look_every: float, clock: Clock) -> None:
        self._clock = clock
        self._sent: dict[int, S] = {}
        """Those with the system whose end has not been told, by token."""
        self._post, self._look_every = post, look_every
        self._waiting: dict[int, Hearing] = {}
        self._to_end: list[S] = []
        self._lock = Lock()
        self._wake = Event()
        self._is_closing = False
        self._thread = Thread(target=self._serve, name=f"luigi-{self.system.casefold()}", daemon=True)

    # --- of a system -------------------------------------------------------------------------------------------------

    @abstractmethod
    def _hand_over(self, hearings: Sequence[Hearing]) -> None:
        """Have these run: each is `_keep`ed once the system has it. All others fail with what this raises."""

    @abstractmethod
    def _look_after(self) -> None:
        """Pass on what is new of those in `_sent`; called as often as `look_every` says, and when something ends."""

    @abstractmethod
    def _end(self, jobs: Sequence[S]) -> None:
        """Have jobs ended, waiting or running; that one has ended already is no error."""

    @abstractmethod
    def _put_away(self, sent: S) -> None:
        """Its end has been told: what was there for it is not needed any more."""

    @abstractmethod
    def _leave(self, jobs: Sequence[S]) -> None:
        """The engine is closed, and these have been ended: wait until they are gone, and tidy up."""

    # --- Engine ------------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """From now on, see to jobs."""
        self._thread.start()

    def start(self, parcel: Parcel) -> None:
        """See Engine."""
        with self._lock:
            self._waiting[parcel.token] = Hearing(parcel, self._hear)
        self._wake.set()

    def cancel(self, token: int) -> None:
        """See Engine."""
        with self._lock:
            waits, sent = self._waiting.pop(token, None), self._sent.get(token)
        if waits is not None:
            waits.is_cancelled = True
            waits.lose("was cancelled")
        if sent is not None:
            sent.hearing.is_cancelled = True
            self._to_end.append(sent)
            self._wake.set()

    def drop(self, task_id: str) -> None:
        """Nothing is suspended there."""

    def close(self) -> None:
        """See Engine."""
        self._is_closing = True
        self._wake.set()
        self._thread.join()
        left = [*self._to_end, *self._sent.values()]
        if left:
            self._try(partial(self._end, left))
        self._try(partial(self._leave, left))

    # --- the thread --------------------------------------------------------------------------------------------------

    def _serve(self) -> None:
        try:
            while not self._is_closing:
                self._wake.wait(self._look_every if self._sent or self._to_end else None)
                self._wake.clear()
                self._tidy()
                self._try(self._end_some)
                self._hand_over_all()
                self._try(self._look_after)
        finally:  # also when this goes wrong: nobody waits for ever
            for hearing in [*self._waiting.values(), *(sent.hearing for sent in self._sent.values())]:
                hearing.lose("was ended with its worker")

    def _try(self, step: Callable[[], None]) -> None:
        """The system may be away for a while: jobs go on meanwhile."""
        try:
            step()
        except PASSING as error:
            logger.warning("the jobs of %s cannot be looked after, and will be again: %s", self.system, error)

    def _tidy(self) -> None:
        for token, sent in list(self._sent.items()):
            if sent.hearing.is_over:
                del self._sent[token]
                self._put_away(sent)

    def _end_some(self) -> None:
        jobs = list(self._to_end)
        if jobs:
            self._end(jobs)
            del self._to_end[: len(jobs)]

    def _hand_over_all(self) -> None:
        with self._lock:
            waiting = list(self._waiting.values())
        if not waiting or self._is_closing:
            return
        try:
            self._hand_over(waiting)
        except PASSING as error:
            for hearing in waiting:
                self._refuse(hearing, error)

    def _keep(self, sent: S) -> None:
        """The system has this one."""
        token = sent.hearing.parcel.token
        with self._lock:
            was_cancelled = self._waiting.pop(token, None) is None  # while it was handed over
            self._sent[token] = sent
        if was_cancelled:
            self._to_end.append(sent)
            self._wake.set()

    def _refuse(self, hearing: Hearing, error: Exception) -> None:
        """The system does not take this one, unless it has it already."""
        parcel = hearing.parcel
        if self._waiting.pop(parcel.token, None) is not None:
            hint = f"\n{error.hint}" if isinstance(error, KernelError) and error.hint else ""
            hearing.fail(f"Task {parcel.task_id} could not be handed over to {self.system}: {error}{hint}")

    def _hear(self, news: News) -> None:
        self._post(news)
        if isinstance(news, Ended | NotThere | Lost):
            self._wake.set()  # it is put away

"""The worker's line to its scheduler, for the rounds and for the tasks that run: what comes back is not lost on either.

A running task says how far it is from within the executor, where a reply can wait for the next round but for messages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Protocol, runtime_checkable

from luigi.interfaces import Reply, Said

if TYPE_CHECKING:
    from luigi.clock import Clock
    from luigi.interfaces import Batcher, Scheduler, TaskSpec
    from luigi.worker.identity import Facts
    from luigi.worker.record import RunRecord

Follow = Callable[[Mapping[str, Any]], None]
"""Takes a message of the scheduler's."""


@runtime_checkable
class Distant(Protocol):
    """A scheduler in another process: calls may not arrive, and it wants to know when a run has ended."""

    def farewell(self, worker: str, status: str) -> None:
        """Say how a worker's run has ended."""
        ...


class ToScheduler(Protocol):
    """What a worker needs of its line, wherever the scheduler is."""

    unheeded: list[Reply]
    """Replies that refuse something, or say that the worker is unknown or disabled: the rounds see to them."""

    @property
    def pace(self) -> float:
        """Seconds that are to pass between two calls that say nothing new; 0 where the scheduler does not mind."""
        ...

    @property
    def is_away(self) -> bool:
        """Whether the scheduler does not answer at the moment. What is said meanwhile is said when it does again."""
        ...

    @property
    def is_owing(self) -> bool:
        """Whether something was said that the scheduler has not heard yet."""
        ...

    def introduce(self, worker: str, facts: Facts, record: RunRecord) -> None:
        """Say who the worker is, to a scheduler that keeps a list of its workers."""
        ...

    def leave(self, worker: str, record: RunRecord, ended_well: bool) -> None:
        """Say how the run went, to a scheduler that does not see it for itself. `ended_well`: nothing was raised."""
        ...

    def declare(self, worker: str, tasks: Sequence[TaskSpec], batchers: Sequence[Batcher] = ()) -> None:
        """As the scheduler's."""
        ...

    def declare_for(
        self, submission: str, worker: str, tasks: Sequence[TaskSpec], batchers: Sequence[Batcher] = ()
    ) -> None:
        """Make tasks known that a submission wants done, and that this worker has planned for it."""
        ...

    def exchange(self, worker: str, said: Sequence[Said], want: int) -> Reply:
        """As the scheduler's, for what tasks say of themselves: it asks for no work."""
        ...

    def ask(self, worker: str, said: Sequence[Said], want: int, waits: int = 0) -> Reply:
        """As the scheduler's `exchange`, for the rounds: all that is assigned comes this way."""
        ...

    def ping(self, worker: str) -> Mapping[str, Any] | None:
        """A sign of life, to a scheduler that listens for them (`heartbeat.Listener`), and what it brings."""
        ...

    def wait(self) -> None:
        """Let time pass until a scheduler that is away is to be tried again."""
        ...


class Line:
    """Passes on to `scheduler`, in this process. Each message that comes back is given to `follow` at once."""

    __slots__ = ("_follow", "_scheduler", "unheeded")

    pace: Final = 0.0
    is_away: Final = False
    is_owing: Final = False

    def __init__(self, scheduler: Scheduler, follow: Follow) -> None:
        self.unheeded: list[Reply] = []
        self._scheduler: Any = scheduler
        self._follow = follow

    def introduce(self, worker: str, facts: Facts, record: RunRecord) -> None:
        """Say who the worker is, to a scheduler that keeps a list of its workers."""
        if hasattr(self._scheduler, "add_worker"):
            self._scheduler.add_worker(worker, facts)

    def declare(self, worker: str, tasks: Sequence[TaskSpec], batchers: Sequence[Batcher] = ()) -> None:
        """As the scheduler's."""
        if batchers:
            self._scheduler.declare(worker, tasks, batchers)
        else:
            self._scheduler.declare(worker, tasks)

    def declare_for(
        self, submission: str, worker: str, tasks: Sequence[TaskSpec], batchers: Sequence[Batcher] = ()
    ) -> None:
        """Make tasks known that a submission wants done."""
        on_behalf = {"submission": submission} if submission else {}
        self._scheduler.declare(worker, tasks, batchers, **on_behalf)

    def exchange(self, worker: str, said: Sequence[Said], want: int, waits: int = 0) -> Reply:
        """As the scheduler's."""
        reply: Reply = (
            self._scheduler.exchange(worker, said, want, waits=waits)
            if waits
            else self._scheduler.exchange(worker, said, want)  # a program's own may know nothing of it
        )
        if reply.refused or reply.stranger or not reply.enabled:
            self.unheeded.append(reply)
        for message in reply.messages:
            self._follow(message._asdict())
        return reply

    ask = exchange

    def ping(self, worker: str) -> Mapping[str, Any] | None:
        """A sign of life, to a scheduler that listens for them."""
        heard: Mapping[str, Any] | None = self._scheduler.ping(worker=worker)
        return heard

    def wait(self) -> None:
        """It is never away."""

    def leave(self, worker: str, record: RunRecord, ended_well: bool) -> None:
        """It is told by the run itself."""


def line_to(scheduler: Scheduler, follow: Follow, patience: float, clock: Clock) -> ToScheduler:
    """The line to `scheduler`. One in another process may be away for `patience` seconds."""
    if not isinstance(scheduler, Distant):
        return Line(scheduler, follow)
    from luigi.worker.distant_line import DistantLine

    return DistantLine(scheduler, follow, patience, clock)

"""The line to a scheduler in another process, which may be away for a while: what runs goes on meanwhile.

Every call has a number. One that got no answer is made again under its number, before any other, until it gets one:
so nothing happens twice, and nothing that came with a lost answer is lost.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from math import inf
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from luigi.clock import Clock
from luigi.interfaces import Assignment, Batcher, Counts, Reply, Said, TaskSpec
from luigi.rpc.failures import RPCError, SchedulerAway
from luigi.rpc.pieces import in_pieces
from luigi.worker.identity import Facts
from luigi.worker.outage import Outage
from luigi.worker.outbox import Declaring, Outbox

if TYPE_CHECKING:
    from luigi.worker.line import Follow
    from luigi.worker.record import RunRecord

logger = logging.getLogger("luigi-interface")

CONFLICT = 409
LEAPS = (60, 3600, 86400)
"""Seconds, one after the other, by which numbers are taken to be behind those of another process of the same name."""

NO_COUNTS = Counts(0, 0, 0)
STANDING = "stranger", "enabled", "pace"
"""What a sign of life brings, as in `Reply`."""


class Call(NamedTuple):
    """One call of a worker's, as it is made until it is answered."""

    worker: str
    number: int
    told: Declaring | Sequence[Said]
    want: int = 0
    waits: int = 0


class DistantLine:
    """Numbers and repeats calls of `scheduler`. Any thread may use it. Each message that comes back goes to `follow`.

    `patience`: the seconds that the scheduler may be away.
    """

    def __init__(self, scheduler: Any, follow: Follow, patience: float, clock: Clock) -> None:
        self.unheeded: list[Reply] = []
        self._scheduler = scheduler
        self._follow = follow
        self._clock = clock
        self._outage = Outage(patience, clock)
        self._lock = Lock()
        self._facts: Facts = []
        self._outbox = Outbox()
        self._number = 0
        self._unanswered: Call | None = None
        self._forgotten = False  # the scheduler does not know who the worker is
        self._assigned: list[Assignment] = []  # and not yet given to whom asks
        self._counts = NO_COUNTS
        self.pace = 0.0
        self._heard = -inf  # when it answered last

    @property
    def is_away(self) -> bool:
        """Whether the scheduler does not answer at the moment. What is said meanwhile is said when it does again."""
        return self._outage.lasts

    @property
    def is_owing(self) -> bool:
        """Whether something was said that the scheduler has not heard yet."""
        return self._unanswered is not None or bool(self._outbox)

    def introduce(self, worker: str, facts: Facts, record: RunRecord) -> None:
        """Say who the worker is and what it runs; again by itself when the scheduler has forgotten it.

        Raises RPCError when the scheduler is away: it has never been there.
        """
        from luigi.worker.leaving import facts_of_run

        self._facts = [*facts, *facts_of_run(worker, record.roots)]
        self._scheduler.add_worker(worker, self._facts)

    def leave(self, worker: str, record: RunRecord, ended_well: bool) -> None:
        """Say how the run went. `ended_well`: nothing was raised."""
        from luigi.worker.leaving import bid_farewell

        bid_farewell(self._scheduler, worker, record, ended_well)

    def declare(self, worker: str, tasks: Sequence[TaskSpec], batchers: Sequence[Batcher] = ()) -> None:
        """Make tasks known, as soon as that is possible. Raises RPCError when they are refused."""
        self.declare_for("", worker, tasks, batchers)

    def declare_for(
        self, submission: str, worker: str, tasks: Sequence[TaskSpec], batchers: Sequence[Batcher] = ()
    ) -> None:
        """The same for tasks that a submission wants done."""
        with self._lock:
            for piece in in_pieces(tasks):
                self._outbox.declare(piece, batchers, submission)
                batchers = ()
            replies = self._tried(worker, None)
        self._told(replies)

    def exchange(self, worker: str, said: Sequence[Said], want: int) -> Reply:
        """Say it, as soon as that is possible: what a task says of itself, which asks for no work."""
        with self._lock:
            self._outbox.say(said)
            replies = self._tried(worker, None)
        return self._told(replies)

    def ask(self, worker: str, said: Sequence[Said], want: int, waits: int = 0) -> Reply:
        """Say it, as soon as that is possible, and ask for work. Gives what has come; raises RPCError when refused."""
        with self._lock:
            self._outbox.say(said)
            replies = self._tried(worker, want, waits)
            assigned, self._assigned = self._assigned, []
        return self._told(replies)._replace(assignments=assigned)

    def ping(self, worker: str) -> Mapping[str, Any]:
        """A sign of life, unless the scheduler heard of the worker just now. Where it is heard, that one is back."""
        if self._clock.monotonic() < self._heard + self.pace:
            return {}
        told: Mapping[str, Any] = self._scheduler.ping(worker=worker)
        self._heed(Reply((), NO_COUNTS, **{name: told[name] for name in STANDING if name in told}))
        self._outage.heard_elsewhere()
        return told

    def wait(self) -> None:
        """Let time pass until a scheduler that is away is to be tried again. Raises SchedulerAway after too long."""
        self._outage.wait()

    # --- calls -------------------------------------------------------------------------------------------------

    def _tried(self, worker: str, want: int | None, waits: int = 0) -> list[Reply]:
        """Say all there is to be said, unless the scheduler is away. `want` is None where nothing is asked for."""
        replies: list[Reply] = []
        if not self._outage.is_worth_a_try():
            return replies
        try:
            if self._unanswered is not None:
                replies += self._answered(self._unanswered)
            while (told := self._outbox.take()) is not None:
                wanted = (0, 0) if self._outbox else (self._left(want), waits)
                want = want if self._outbox or isinstance(told, Declaring) else None
                replies += self._answered(Call(worker, self._new_number(), told, *wanted))
            if want is not None and (self._left(want) or waits or not replies):
                replies += self._answered(Call(worker, self._new_number(), (), self._left(want), waits))
        except SchedulerAway as away:
            self._outage.note(away)
        else:
            self._outage.is_over()
        return replies

    def _left(self, want: int | None) -> int:
        """How much to ask for: what came with answers to earlier calls is wanted no more."""
        return max(0, (want or 0) - len([one for one in self._assigned if one.waited is None]))

    def _answered(self, call: Call) -> list[Reply]:
        """Make a call, and keep it if there may be an answer to it yet: what else goes wrong would go wrong again.

        Its number may be too old only where two processes go by one worker's id.
        """
        self._unanswered = None
        for leap in (*LEAPS, None):
            try:
                replies = self._made(call)
            except SchedulerAway:
                self._unanswered = call
                raise
            except RPCError as error:
                if error.status != CONFLICT or leap is None:
                    raise
                logger.warning("%s. Does another process have the same [worker] id?", error)
                call = call._replace(number=self._new_number(leap))
            else:
                break
        return replies

    def _made(self, call: Call) -> list[Reply]:
        if self._forgotten:
            self._scheduler.add_worker(call.worker, self._facts, attempts=1)
            self._forgotten = False
        worker, number, told, want, waits = call
        if isinstance(told, Declaring):
            tasks, batchers, submission = told
            on_behalf = {"submission": submission} if submission else {}
            self._scheduler.declare(worker, tasks, batchers, call=number, **on_behalf)
            return []
        besides = {"waits": waits} if waits else {}
        reply: Reply = self._scheduler.exchange(worker, told, want, call=number, **besides)
        self._counts = reply.counts
        self._assigned += reply.assignments
        self._heed(reply)
        return [reply]

    def _heed(self, reply: Reply) -> None:
        self.pace, self._heard = reply.pace, self._clock.monotonic()
        if reply.refused or reply.stranger or not reply.enabled:
            self.unheeded.append(reply)
        self._forgotten = self._forgotten or (reply.stranger and bool(self._facts))

    def _new_number(self, leap: float = 0) -> int:
        """Greater than all before, also than those of an earlier process with the same worker's id.

        `leap`: the seconds by which that process's clock may have been ahead.
        """
        self._number = max(self._number + 1, int((self._clock.now() + leap) * 1_000_000))
        return self._number

    def _told(self, replies: Sequence[Reply]) -> Reply:
        """What came, as one, but for assignments. Messages are followed."""
        for reply in replies:
            for message in reply.messages:
                self._follow(message._asdict())
        return Reply((), self._counts, [task_id for reply in replies for task_id in reply.refused])

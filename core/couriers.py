"""A courier carries facts to one receiver in a thread of its own, so that nobody waits for who only listens.

The sender's part is to put a fact into a bounded queue. A receiver that raises, hangs or cannot keep up loses facts,
which are counted; the sender loses nothing but the microsecond.
"""

from __future__ import annotations

import atexit
import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from luigi.clock import SYSTEM, Clock

Fact = TypeVar("Fact")

CAPACITY = 100_000
"""How many facts wait, unless said otherwise."""

PATIENCE = 0.2
"""How long, in seconds, the end of a run waits for one call of a receiver."""

QUICK = 0.001
"""A receiver that takes no longer for a fact, in seconds and on the average, is waited for when its queue is full."""

FIRST_LOOK = 1_000
"""How many facts wait before it is looked at whether the receiver keeps up; the next look is at twice as many."""

_NAP = 0.05  # seconds between two looks at the queue: a thread woken for every fact would cost more than the fact
_NEVER = float("inf")


class Courier(Generic[Fact]):
    """Brings facts to `deliver`, in the order they came, up to `at_once` of them in one call.

    `capacity`: how many may wait; the rest is dropped, unless the receiver is quick. `deadline`: seconds that the end
    of the process waits for what is not delivered then. `first_call`: seconds after which a receiver that has not yet
    come back from its very first call counts as stuck. `mute_after`: failures in a row after which it is told no more;
    0 for never. `on_failure` is called with what `deliver` raised, and the facts, in the courier's thread; `on_change`
    when `deaf` has changed, in any.
    """

    def __init__(
        self,
        name: str,
        deliver: Callable[[list[Fact]], None],
        on_failure: Callable[[BaseException, list[Fact]], None],
        *,
        capacity: int = CAPACITY,
        at_once: int = 1,
        deadline: float = 5.0,
        first_call: float = _NEVER,
        mute_after: int = 0,
        on_change: Callable[[], None] = lambda: None,
        clock: Clock = SYSTEM,
    ) -> None:
        self.name = name
        self.deaf = False
        """Whether what is posted now is dropped: the receiver hangs and its queue is full, or it is told no more."""
        self.delivered = 0
        """Facts that the receiver took."""
        self.failed = 0
        """Facts at which it raised."""
        self.dropped = 0
        """Facts that found no room, came when it was muted, or were still there at the end."""
        self._deliver, self._on_failure, self._on_change = deliver, on_failure, on_change
        self._capacity, self._at_once, self._mute_after = capacity, at_once, mute_after
        self._limit = min(capacity, FIRST_LOOK)
        self._deadline, self._first_call, self._clock = deadline, first_call, clock
        self._waiting: deque[Fact] = deque()
        self._thread: threading.Thread | None = None
        self._wake = threading.Event()
        self._hurry = threading.Event()
        self._idle = threading.Condition()
        self._asleep = True  # whoever posts must rouse the thread
        self._stop = threading.Event()
        self._busy = False
        self._over = False  # it is told no more
        self._since: float | None = None  # when the call that goes on now began
        self._in_a_row = 0
        self._spent = 0.0  # seconds in calls that ended

    # --- the sender's side -------------------------------------------------------------------------------------

    @property
    def muted(self) -> bool:
        """Whether the receiver has raised so often that it is told no more."""
        return 0 < self._mute_after <= self._in_a_row

    @property
    def lost(self) -> int:
        """Facts that did not get through, for whatever reason."""
        return self.dropped + self.failed

    def post(self, fact: Fact) -> None:
        """Have the fact delivered soon. Never raises, and waits for a quick receiver only."""
        if not self.deaf and (len(self._waiting) < self._limit or self._made_room()):
            self._waiting.append(fact)
            if self._asleep:
                self._rouse()
        else:
            self.dropped += 1

    def _made_room(self) -> bool:
        """Wait for room, if the receiver is quick; otherwise nothing more is taken in until it has done something."""
        while len(self._waiting) >= self._limit and not self.deaf:
            if not self._keeps_up():
                self._be_deaf(True)
            elif self._limit < self._capacity:
                self._limit = min(2 * self._limit, self._capacity)
            else:
                self._hurry.set()
                self._clock.sleep(QUICK)
        return not self.deaf

    def _keeps_up(self) -> bool:
        since, calls = self._since, self.delivered + self.failed
        lasts = 0.0 if since is None else self._clock.monotonic() - since
        carried = self._thread is not None and self._thread.is_alive()  # not in a forked child
        return carried and lasts <= 10 * QUICK and self._spent <= QUICK * max(calls, 1)

    def _be_deaf(self, deaf: bool) -> None:
        self.deaf = deaf
        self._on_change()

    def _rouse(self) -> None:
        if self._thread is None:
            with self._idle:
                if self._thread is None:
                    self._stop = threading.Event()
                    name = f"courier to {self.name}"
                    self._thread = threading.Thread(target=self._carry, args=(self._stop,), name=name, daemon=True)
                    atexit.register(self.close)
                    self._thread.start()
        self._wake.set()

    def flush(self, patience: float = PATIENCE, deadline: float = _NEVER) -> bool:
        """Wait until all is delivered; at most `deadline` seconds, and `patience` for any one call. Whether it is.

        Half the patience is enough for a call that goes on already: a receiver that hangs has mostly done so for long.
        """
        end, first = self._clock.monotonic() + deadline, self._since
        self._hurry.set()
        self._wake.set()
        with self._idle:
            while (self._waiting or self._busy) and self._thread is not None and self._thread.is_alive():
                now = self._clock.monotonic()
                since = self._since
                until = min(end, (now if since is None else since) + (patience / 2 if since == first else patience))
                if now >= until:
                    return False
                self._idle.wait(min(until - now, 1.0))
        return True

    def close(self, deadline: float | None = None) -> bool:
        """Deliver what is there, within `deadline` seconds or its own, and let the thread go; whether all got there.

        What was not is dropped, as is all that comes later. Otherwise the next fact starts a new thread.
        """
        never_came_back = not self.delivered and not self.failed
        patience, deadline = self._first_call if never_came_back else _NEVER, deadline or self._deadline
        done = self._thread is None or self.flush(patience, deadline)
        self._stop.set()
        self._wake.set()
        atexit.unregister(self.close)
        if done:
            self._end_thread()
        else:
            self._over = True
            self._be_deaf(True)
            self.dropped += len(self._waiting) + 1  # the one it is stuck in
        return done

    def _end_thread(self) -> None:
        if self._thread is not None:
            self._hurry.set()
            self._thread.join()
            self._thread, self._asleep = None, True

    # --- the courier's thread ----------------------------------------------------------------------------------

    def _carry(self, stop: threading.Event) -> None:
        while not stop.is_set():
            self._busy = True
            self._hand_over(stop)
            with self._idle:
                self._busy = False
                self._idle.notify_all()
            self._rest()

    def _hand_over(self, stop: threading.Event) -> None:
        """Deliver what waits. A watched run has several facts a task, so little is done for each."""
        waiting, at_once, now = self._waiting, self._at_once, self._clock.monotonic
        self._since = now()
        while waiting and not stop.is_set():
            facts = [waiting.popleft()]
            if at_once > 1:
                facts += [waiting.popleft() for _ in range(min(at_once - 1, len(waiting)))]
            try:
                self._deliver(facts)
                self.delivered += len(facts)
                self._in_a_row = 0
            except BaseException as error:  # even sys.exit() in it ends nothing but the call
                self._note_failure(error, facts)
            if self.deaf and not self._over:
                self._be_deaf(False)
            ended = now()
            self._spent += ended - self._since
            self._since = ended
        self._since = None

    def _note_failure(self, error: BaseException, facts: list[Fact]) -> None:
        self.failed += len(facts)
        self._in_a_row += 1
        self._on_failure(error, facts)
        if self.muted:
            self._over = True
            self._be_deaf(True)
            self.dropped += len(self._waiting)
            self._waiting.clear()

    def _rest(self) -> None:
        """Wait until there is something; then a little longer, unless somebody waits for it."""
        self._asleep = True
        if not self._waiting:
            self._wake.wait()
        self._asleep = False
        self._wake.clear()
        self._hurry.wait(_NAP)
        self._hurry.clear()

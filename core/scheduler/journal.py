"""What is kept of a scheduler: one numbered entry for each call that changed something, written before it is answered.

Under the scheduler's lock an entry is only noted. Whoever needs it kept then writes all that was noted until then, in
one go, while the others wait for that: so a slow disk makes for larger groups, not for slower calls.

What only says that a worker lives is not kept by itself: it comes with the next entry that depends on it.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Sequence
from copy import copy
from typing import TYPE_CHECKING, Final

from luigi.errors import KernelError, StoreAway, StoreError
from luigi.interfaces import Progress, StateStore
from luigi.scheduler import codec
from luigi.scheduler.events import Asked, Called, Effect, Event, HandedIn, Heard, Repeated, Seen, Ticked
from luigi.scheduler.handing_in import STILL_RUNNING

if TYPE_CHECKING:
    from luigi.scheduler.machine import Machine

MANY: Final = 50_000
"""So many entries are worth a new snapshot, however few tasks there are."""


class Journal:
    """The entries of one scheduler on their way to its store."""

    def __init__(self, store: StateStore, last: int, compacted: int) -> None:
        self.store = store
        self.last = last
        """The number of the last entry noted."""
        self.compacted = compacted
        """The number of the last entry that is part of a snapshot."""
        self.kept = last
        """The number of the last entry that the store has."""
        self._waiting: deque[tuple[int, str]] = deque()
        self._writing = threading.Lock()
        self._away: StoreAway | None = None
        self._tries = 0
        self._over: KernelError | None = None
        self._unkept: dict[str, None] = {}

    # --- one call ----------------------------------------------------------------------------------------------

    def begin(self, happened: Sequence[Event]) -> Pending:
        """Get ready for a call, before anything has changed.

        Raises StoreAway while the store takes nothing, NotLeading and StoreError once this scheduler writes no more,
        KernelError for what cannot be written.
        """
        self.check()
        return Pending(self, happened)

    def check(self) -> None:
        """Raise what stands against keeping anything, after another try where that may help."""
        self._refuse_if_over()
        if self._away is not None:
            self.settle()

    def unkept(self, happened: Sequence[Event], machine: Machine) -> Heard:
        """What was not kept of the workers that these events depend on: time makes them depend on all."""
        of_all = any(type(event) is Ticked for event in happened)
        names = list(self._unkept) if of_all else [_acting(happened)]
        found = [machine.workers.get(name) for name in names if name in self._unkept]
        return Heard([(one.worker_id, one.active, one.asked, one.call) for one in found if one is not None])

    def let_pass(self, worker: str) -> None:
        """Keep nothing of a worker's call, but that it was heard of."""
        self._unkept[worker] = None

    def note(self, text: str, heard: Heard) -> None:
        """Have an entry written at the next occasion. Under the scheduler's lock."""
        for worker, *_ in heard.workers:
            self._unkept.pop(worker, None)
        self._waiting.append((self.last + 1, text))
        self.last += 1

    # --- into the store ----------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Return once all that was noted until now is kept.

        Raises StoreAway when it is not, but may be later; NotLeading and StoreError when it never will. Whoever waited
        while another tried in vain is told the same: a store may take long to say that it is away.
        """
        number, tries = self.last, self._tries
        if self.kept < number:
            with self._writing:
                if self.kept < number:
                    self._refuse_if_over()
                    if self._away is not None and self._tries != tries:
                        raise copy(self._away)
                    self._write()

    def _write(self) -> None:
        self._tries += 1
        batch = [self._waiting.popleft() for _ in range(len(self._waiting))]
        try:
            self.store.append(batch)
        except BaseException as error:
            self._waiting.extendleft(reversed(batch))
            self._note_trouble(error)
            raise
        self.kept = batch[-1][0]
        self._away = None

    def _note_trouble(self, error: BaseException) -> None:
        """An interrupt says nothing of the store."""
        if isinstance(error, StoreAway):
            self._away = error
        elif isinstance(error, KernelError):
            self._over = error
        elif isinstance(error, Exception):
            self._over = StoreError(f"the state store broke: {error!r}")

    def _refuse_if_over(self) -> None:
        if self._over is not None:
            raise copy(self._over)

    @property
    def beyond(self) -> int:
        """How many entries there are that are not part of a snapshot."""
        return self.last - self.compacted


class Pending:
    """One call that is about to be handled, under the scheduler's lock; made before."""

    def __init__(self, journal: Journal, happened: Sequence[Event]) -> None:
        self._journal = journal
        self._happened = happened
        self._texts = [codec.event_text(event) for event in happened]
        self._heard = Heard(())

    def look(self, machine: Machine) -> None:
        """See what has to be known before."""
        self._heard = self._journal.unkept(self._happened, machine)

    def ended(self, effects: Sequence[Effect], at: float) -> None:
        """Keep it, unless nothing came of it."""
        repeated = bool(effects) and type(effects[-1]) is Repeated
        if repeated or (not effects and all(map(_is_quiet, self._happened))):
            self._journal.let_pass(_acting(self._happened))
        else:
            self._note(at, self._texts)

    def broke(self, taken_in: int, at: float) -> None:
        """Keep how far it came: the machine has changed so far, and does so again in a replay."""
        self._note(at, self._texts[:taken_in], broke=True)

    def _note(self, at: float, texts: Iterable[str], *, broke: bool = False) -> None:
        heard = [codec.event_text(self._heard)] if self._heard.workers else []
        self._journal.note(codec.entry_text(at, [*heard, *texts], broke=broke), self._heard)


def _acting(happened: Sequence[Event]) -> str:
    """The worker whose call it is, if it is one's."""
    return str(getattr(happened[0], "worker", ""))


def _is_quiet(event: Event) -> bool:
    """Whether an event without effects says no more than that its worker lives."""
    kind = type(event)
    if kind is HandedIn:
        said = event.said  # type: ignore[union-attr]  # its type was looked at
        return type(said) is Progress and said[2:] == STILL_RUNNING
    return kind is Seen or kind is Called or (kind is Asked and not event.want)  # type: ignore[union-attr]

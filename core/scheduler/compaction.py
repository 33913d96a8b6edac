"""A new snapshot of what a store holds, made in a process of its own, so that the scheduler never stops for it.

The process loads and replays what is kept, as a restart would, and saves the machine that comes of it. The scheduler
appends entries meanwhile: they stay.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from luigi.interfaces import StateStore

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

NICENESS: Final = 10
"""How far behind the server it stands in line for a processor."""


def compact(store: StateStore) -> int:
    """Replace what is kept by one snapshot. Gives the number of the last entry in it.

    Raises StoreError for what cannot be read or replayed, StoreAway when the store cannot be reached.
    """
    from luigi.scheduler.recovery import recovered
    from luigi.scheduler.snapshot import snapshot_of

    machine, last = recovered(store.load())
    store.save(snapshot_of(machine), last)
    return last


class Compaction:
    """One compaction under way."""

    def __init__(self, process: BaseProcess, answers: Connection) -> None:
        self._process = process
        self._answers = answers
        self._said: tuple[int, str] | None = None

    @classmethod
    def start(cls, make: Callable[[], StateStore]) -> Compaction:
        """Begin. `make` opens the store once more, in another process: it must be possible to pickle it."""
        from multiprocessing import get_context

        context = get_context("spawn")
        answers, answer = context.Pipe(duplex=False)
        process = context.Process(target=_in_child, args=(make, answer), name="luigi-compaction", daemon=True)
        process.start()
        answer.close()
        return cls(process, answers)

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.is_alive()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until it has ended, or for so many seconds. Whether it has."""
        self._process.join(seconds)
        return not self.running

    def stop(self) -> None:
        """End it now, if it has not ended yet. What it has written is there whole, or not at all."""
        if self.running:
            self._process.terminate()
            self._process.join()

    @property
    def upto(self) -> int:
        """The number of the last entry in the snapshot, once it has ended well: `Scheduler.compacted` takes it."""
        return self._answer()[0]

    @property
    def error(self) -> str:
        """Why it has ended without a snapshot; empty when it has ended well."""
        return self._answer()[1]

    def _answer(self) -> tuple[int, str]:
        if self._said is None:
            self.wait()
            try:
                upto, error = json.loads(self._answers.recv_bytes())
            except EOFError:
                upto, error = 0, f"its process ended with {self._process.exitcode}"
            self._said = upto, error
            self._answers.close()
        return self._said


def _in_child(make: Callable[[], StateStore], answer: Connection) -> None:
    """What the other process does. Whatever goes wrong is said; nothing of it is for that process to handle."""
    _end_with_the_parent()
    upto, error = 0, ""
    try:
        store = make()
        try:
            upto = compact(store)
        finally:
            store.close()
    except Exception as raised:
        error = f"{type(raised).__name__}: {raised}"
    answer.send_bytes(json.dumps([upto, error]).encode())


def _end_with_the_parent() -> None:
    import os
    import threading
    from multiprocessing import parent_process
    from multiprocessing.connection import wait

    if hasattr(os, "nice"):
        os.nice(NICENESS)
    parent = parent_process()
    if parent is not None:

        def follow() -> None:
            wait([parent.sentinel])
            os._exit(1)

        threading.Thread(target=follow, name="parent-watch", daemon=True).start()

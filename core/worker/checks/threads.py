"""Checks of tasks in threads of this process: for checks that mostly wait, for a disk or a network."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from queue import SimpleQueue

from luigi.task import Task

THREADS = 16
"""Checks at the same time."""


class CheckThreads:
    """Up to `THREADS` checks at a time."""

    def __init__(self, check: Callable[[Task], bool], count: int = THREADS) -> None:
        self._check = check
        self._count = count
        self._asked: SimpleQueue[tuple[Task, Future[bool]] | None] = SimpleQueue()
        self._begun: dict[str, Future[bool]] = {}
        self._threads: list[threading.Thread] = []

    def ask(self, tasks: Iterable[Task]) -> None:
        """Begin to check tasks, in this order."""
        for task in tasks:
            future = self._begun[task.task_id] = Future()
            self._asked.put((task, future))
            if len(self._threads) < self._count:
                self._start_one()

    def answer(self, task: Task) -> bool | None:
        """Wait for a check begun and give what it gave, or raise what it raised. None when it was not begun."""
        future = self._begun.pop(task.task_id, None)
        return None if future is None else future.result()

    def close(self) -> None:
        """Begin no further check. One under way is left to end by itself; it does not keep the program from ending."""
        for future in self._begun.values():
            future.cancel()
        for _ in self._threads:
            self._asked.put(None)

    def _start_one(self) -> None:
        # Daemons, unlike the threads of concurrent.futures: Ctrl-C ends a walk whose check hangs.
        thread = threading.Thread(target=self._work, name="luigi-check", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _work(self) -> None:
        while (asked := self._asked.get()) is not None:
            task, future = asked
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(bool(self._check(task)))
            except BaseException as error:  # raised again where the answer is waited for
                future.set_exception(error)

"""Checks of tasks in processes of their own: for checks that compute.

Nothing is lost where a process is of no use: a task that cannot be pickled, an error that explains itself better in
the program, or processes that do not start at all lead to the check being made in this process.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import pickle
import signal
from collections import deque
from collections.abc import Iterable
from multiprocessing.connection import Connection, wait

from luigi.errors import KernelError
from luigi.executors.forking import fork_lock
from luigi.task import Task
from luigi.worker.checks.checks import (
    AsyncCompletionException,
    TracebackWrapper,
    check_complete_cached,
    shown_traceback,
)

logger = logging.getLogger("luigi-interface")

Answer = bool | TracebackWrapper | KernelError | None
"""Of a check. None: it is to be made in this process."""


class CheckProcessDied(KernelError):
    """The process that checked a task was gone before it had answered."""

    def __init__(self, task: Task, exit_code: int | None) -> None:
        super().__init__(
            f"{task}: the process that called its complete() ended with exit code {exit_code}",
            hint="a negative code is the signal it died of; -9 may be the system short of memory",
        )


class CheckProcesses:
    """Up to `count` checks at a time, each process making one after the other."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._waiting: deque[Task] = deque()
        self._begun: set[str] = set()
        self._answers: dict[str, Answer] = {}
        self._children: list[_Child] = []

    def ask(self, tasks: Iterable[Task]) -> None:
        """Begin to check tasks, in this order."""
        for task in tasks:
            self._waiting.append(task)
            self._begun.add(task.task_id)
        while len(self._children) < min(self._count, len(self._waiting)):
            self._start_one()
        self._hand_out()

    def answer(self, task: Task) -> bool | None:
        """Wait for a check begun and give what it gave, or raise what it raised. None when it was not begun.

        Raises AsyncCompletionException for an error raised in the process, CheckProcessDied when it was gone.
        """
        task_id = task.task_id
        if task_id not in self._begun:
            return None
        while task_id not in self._answers and self._children:
            self._collect()
            self._hand_out()
        self._begun.remove(task_id)
        answer = self._answers.pop(task_id, None)
        if isinstance(answer, TracebackWrapper):
            raise AsyncCompletionException(answer.trace)
        if isinstance(answer, KernelError):
            raise answer
        return answer

    def close(self) -> None:
        """Begin no further check, and end the processes whatever they do."""
        self._waiting.clear()
        for child in self._children:
            child.end(grace=0)
        self._children.clear()

    def _start_one(self) -> None:
        try:
            self._children.append(_Child())
        except (OSError, AssertionError) as error:  # no more processes to be had; none allowed to a daemonic one
            self._do_with(len(self._children), f"no further process can be started: {error}")

    def _do_with(self, count: int, why: str) -> None:
        """Have no more than `count` processes from now on; with none, all that waits is checked in this one."""
        logger.warning("Tasks are checked in %s: %s", f"{count} processes" if count else "this process", why)
        self._count = count
        if not count:
            self._waiting.clear()

    def _hand_out(self) -> None:
        for child in self._children:
            while self._waiting and child.ready and child.task is None:
                task = self._waiting.popleft()
                try:
                    pickled = pickle.dumps(task)
                except Exception:  # whatever its attributes raise
                    self._answers[task.task_id] = None
                else:
                    child.take(task, pickled)

    def _collect(self) -> None:
        """Wait until a process says something, or ends."""
        by_line = {child.line: child for child in self._children if child.task is not None or not child.ready}
        for line in wait(list(by_line)):
            child = by_line[line]  # type: ignore[index]
            try:
                answer = child.line.recv()
            except (EOFError, OSError):
                self._bury(child)
                continue
            if child.task is None:
                child.ready = True
            else:
                self._answers[child.task.task_id] = answer
                child.task = None

    def _bury(self, child: _Child) -> None:
        """One that died in a check is replaced; one that never began tells of a program that cannot have processes."""
        self._children.remove(child)
        exit_code = child.end(grace=1)
        if child.task is None:
            self._do_with(len(self._children), f"one ended before it began, with exit code {exit_code}")
            return
        self._answers[child.task.task_id] = CheckProcessDied(child.task, exit_code)
        if self._waiting:
            self._start_one()


class _Child:
    """A process that checks tasks, and the line to it."""

    def __init__(self) -> None:
        self.line, theirs = multiprocessing.Pipe()
        self.ready = False
        self.task: Task | None = None
        self._process = multiprocessing.Process(
            target=_serve, args=(theirs, self.line), name="luigi-check", daemon=True
        )
        with fork_lock:
            self._process.start()
        theirs.close()

    def take(self, task: Task, pickled: bytes) -> None:
        """Give it a task. Should it be gone, that shows when its answer is read."""
        self.task = task
        with contextlib.suppress(OSError):
            self.line.send_bytes(pickled)

    def end(self, grace: float) -> int | None:
        """Kill it, unless it ends by itself within `grace` seconds; gives its exit code."""
        self.line.close()
        self._process.join(grace)
        self._process.kill()
        self._process.join()
        exit_code = self._process.exitcode
        self._process.close()
        return exit_code


def _serve(line: Connection, other_end: Connection) -> None:
    """What a process does: check what comes over the line, until nobody is at its other end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is for the program, which then ends this
    other_end.close()  # a copy of it here would keep the line open
    line.send(True)
    while True:
        try:
            pickled = line.recv_bytes()
        except (EOFError, OSError):
            return
        line.send(_checked(pickled))


def _checked(pickled: bytes) -> Answer:
    try:
        task = pickle.loads(pickled)
    except Exception:  # its class may not be found where another start of the program is all there is
        return None
    try:
        return bool(check_complete_cached(task))
    except KernelError:  # made of facts that may not travel
        return None
    except Exception as error:
        return TracebackWrapper(shown_traceback(task, error))

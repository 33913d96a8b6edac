"""A child process: reads jobs from its pipe, runs them one at a time, and says how they ended."""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from luigi.executors.frames import (
    CannotTravel,
    Drop,
    Dropped,
    Ended,
    Frame,
    Inbox,
    Refused,
    Resume,
    Run,
    Spoken,
    Unreadable,
    pack,
    send,
)
from luigi.executors.mailbox import Mailbox
from luigi.executors.memory import resident_mb
from luigi.executors.parcels import pack_wanted
from luigi.interfaces import Answer, Outcome, Progress
from luigi.task_status import FAILED, PENDING
from luigi.worker.attempt import Attempt
from luigi.worker.context import Reporter

if TYPE_CHECKING:
    from luigi.hookspecs import Ran
    from luigi.interfaces import Job
    from luigi.output.writing_ends import WritingEnds
    from luigi.task import Task
    from luigi.worker.context import Context, Rules


class Equipment(NamedTuple):
    """What a child needs to run tasks."""

    rules: Rules
    is_complete: Callable[[Task], bool]
    run_task: Callable[[Task, Context], Ran]
    most_memory: float
    """Megabytes above which it says that it is full; 0 for any."""


class Ends(NamedTuple):
    """The child's ends of its two pipes, and of those it prints into, if what it prints is to be taken."""

    reads: int
    writes: int
    prints: WritingEnds | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """To a process that is being started, file descriptors travel as multiprocessing wants them to."""
        from multiprocessing.reduction import DupFd

        return _detached, (DupFd(self.reads), DupFd(self.writes), self.prints)


def _detached(reads: Any, writes: Any, prints: WritingEnds | None) -> Ends:
    return Ends(reads.detach(), writes.detach(), prints)


def arrive(ends: Ends, luggage: bytes) -> None:
    """The main function of a child that was not forked."""
    take_prints(ends)
    surroundings, equipment = pickle.loads(luggage)
    surroundings.put_up()
    serve(ends, pickle.loads(equipment))


def begin(ends: Ends, equipment: Equipment, job: Job | None) -> None:
    """The main function of a child that was forked."""
    take_prints(ends)
    serve(ends, equipment, job)


def take_prints(ends: Ends) -> None:
    """Print into the pipes for that, if there are some."""
    if ends.prints is not None:
        ends.prints.take_place()


def serve(ends: Ends, equipment: Equipment, job: Job | None = None) -> None:
    """Run jobs, `job` first, until the supervisor closes the pipe."""
    stand_alone()
    child = _Child(ends, equipment)
    try:
        if job is not None:
            child.begin(job.token, job.task)
        child.serve()
    finally:
        child.close()


def stand_alone() -> None:
    """Lead a process group, and leave terminal and signals for the worker to the supervisor.

    Signals are taken and not ignored: what a task starts would inherit that it ignores them.
    """
    os.setsid()
    for name in ("SIGINT", "SIGUSR1"):
        signal.signal(getattr(signal, name), _take_no_notice)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.set_wakeup_fd(-1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)


def _take_no_notice(number: int, frame: object) -> None:
    return


def _flush() -> None:
    from luigi.output.streams import flush

    flush()


class _Line:
    """The scheduler, as the child's tasks see it: what they say goes to the supervisor, which passes it on."""

    def __init__(self, fd: int) -> None:
        self._fd = fd

    def exchange(self, worker: str, said: Sequence[Progress | Answer], want: int) -> None:
        for one in said:
            send(self._fd, pack(Spoken(one)))


class _Child:
    """The jobs of one child."""

    def __init__(self, ends: Ends, equipment: Equipment) -> None:
        self._inbox = Inbox(ends.reads)
        self._writes = ends.writes
        self._flush = _flush if ends.prints is not None else None
        self._equipment = equipment
        self._line = _Line(ends.writes)
        self._suspended: dict[str, Attempt] = {}
        self._mailbox = Mailbox()
        self._read_by_thread: Any = None
        """The queue of frames that a thread has read; None as long as nothing is read while tasks run."""

    def serve(self) -> None:
        """Do what frames say until there are no more."""
        while True:
            try:
                frames = self._next_frames()
            except EOFError:
                return
            for frame in frames:
                self._follow(frame)

    def close(self) -> None:
        """Give up all suspended tasks."""
        for attempt in self._suspended.values():
            attempt.close()

    def _next_frames(self) -> list[Frame]:
        if self._read_by_thread is None:
            return self._mailbox.sort_out(self._inbox.read())
        frames: list[Frame] | None = self._read_by_thread.get()
        if frames is None:
            raise EOFError
        return frames

    def _follow(self, frame: Frame) -> None:
        match frame:
            case Run(token, task):
                self.begin(token, task)
            case Resume(token, task_id):
                self._go(token, self._suspended.pop(task_id))
            case Drop(task_id):
                self._suspended.pop(task_id).close()
                send(self._writes, pack(Dropped(task_id)))
            case Unreadable(reason, module):
                send(self._writes, pack(Refused(reason, module)))

    # --- jobs --------------------------------------------------------------------------------------------------

    def begin(self, token: int, task: Task) -> None:
        """Run a task from the start."""
        equipment = self._equipment
        self._go(token, Attempt(task, equipment.rules, equipment.is_complete, equipment.run_task))

    def _go(self, token: int, attempt: Attempt) -> None:
        task = attempt.task
        reporter = Reporter(self._line, task, self._equipment.rules.worker_id, token)
        if reporter.scheduler_messages is not None:
            self._listen()
            self._mailbox.open_for(reporter)
        try:
            outcome = attempt.go(token, reporter)
        except KeyboardInterrupt:  # nobody's Ctrl-C: the task has raised it
            attempt.close()
            outcome = Outcome(task, token, FAILED, "its run() was interrupted")
        self._mailbox.close()
        if outcome.status == PENDING:
            self._suspended[task.task_id] = attempt
        ended = pack(self._ended(outcome, attempt))
        if self._flush is not None:
            self._flush()
        send(self._writes, ended)

    def _ended(self, outcome: Outcome, attempt: Attempt) -> Ended:
        _, _, status, explanation, wanted, missing, seconds, retriable, _ = outcome
        parcel = None
        if status == PENDING:
            try:
                parcel = pack_wanted(wanted)
            except CannotTravel as error:
                del self._suspended[outcome.task.task_id]
                attempt.close()
                status, explanation, retriable = FAILED, f"{error}\n{error.hint}", False
        most = self._equipment.most_memory
        return Ended(status, explanation, missing, seconds, retriable, parcel, most > 0 and resident_mb() > most)

    # --- messages ----------------------------------------------------------------------------------------------

    def _listen(self) -> None:
        """Have messages taken in while this thread runs tasks: from the first that wants some on, a thread reads."""
        if self._read_by_thread is None:
            from queue import SimpleQueue
            from threading import Thread

            self._read_by_thread = SimpleQueue()
            Thread(target=self._read_on, name="luigi-messages", daemon=True).start()

    def _read_on(self) -> None:
        while True:
            try:
                frames = self._inbox.read()
            except EOFError:
                self._read_by_thread.put(None)
                return
            self._read_by_thread.put(self._mailbox.sort_out(frames))

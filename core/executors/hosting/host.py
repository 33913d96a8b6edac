"""The host: runs parcels on the machine they were brought to, in warm processes of the kernel's own.

An engine has one for each of its workers and run. Timeouts, deaths of processes, suspended runs, messages and output
are dealt with as on the machine at home, by the same `ProcessExecutor`; the tasks themselves only pass through.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Final

from luigi.clock import SYSTEM, Clock
from luigi.executors.config import processes as processes_config
from luigi.executors.frames import Refused
from luigi.executors.hosting.child_program import ChildPrograms
from luigi.executors.hosting.engine import Ended, Lost, NotThere, Parcel, Post, Printed, Said
from luigi.executors.hosting.luggage import opened
from luigi.executors.hosting.traveller import Traveller
from luigi.executors.processes import ProcessExecutor
from luigi.executors.setup import ExecutorSetup
from luigi.executors.ways import Ways
from luigi.interfaces import Answer, Job, Message, Outcome, Progress
from luigi.task_status import FAILED
from luigi.worker.context import Rules

if TYPE_CHECKING:
    from luigi.output.sink import Speaker

Order = Callable[[ProcessExecutor], None]

GRACE: Final = 3.0
"""Seconds beyond `kill_grace` that `drop` and `close` wait for their order to be carried out."""


class Host:
    """Runs what it is given, at once: how many at a time is for the engine to see to. Any thread may call it.

    Of each job the end is posted, also of those that it is given too late, or that wait here when it is closed.

    `places`: how many jobs it will be given at a time, most of the time. Raises WrongMachine where Python or the
    kernel are others than at home.
    """

    def __init__(self, luggage: bytes, places: int, post: Post, clock: Clock = SYSTEM) -> None:
        self._luggage = opened(luggage)
        self._post = post
        self._places = places
        self._clock = clock
        self._orders: SimpleQueue[Order | None] = SimpleQueue()
        self._jobs: dict[int, Job] = {}
        """What runs here, by token."""
        self._refused: dict[int, Refused] = {}
        """Jobs whose tasks cannot be made here, and why."""
        self._lock = threading.Lock()
        self._is_over = False
        self._wake: Callable[[], None] = lambda: None
        self._thread = threading.Thread(target=self._run, name="luigi-host", daemon=True)
        self._thread.start()

    # --- from outside ------------------------------------------------------------------------------------------

    def start(self, parcel: Parcel) -> None:
        """Run a job. It goes on with the run that is suspended here, if there is one."""
        task: Any = Traveller(parcel.task_id, parcel.accepts_messages, parcel.content)
        job = Job(task, parcel.token, parcel.timeout)
        with self._lock:
            if not self._is_over:
                self._jobs[parcel.token] = job
                self._order(lambda executor: self._submit(executor, job))
                return
        self._lose(parcel.token)

    def cancel(self, token: int) -> None:
        """End a job. Of one that is not here, nothing is said."""
        job = self._jobs.get(token)
        if job is not None:
            self._order(lambda executor: self._cancel(executor, job))

    def send(self, token: int, message: Message) -> bool:
        """Give a running task a message. False when it does not run here, or takes none."""
        job = self._jobs.get(token)
        if job is None or not job.task.accepts_messages:
            return False
        self._order(lambda executor: self._deliver(executor, job, message))
        return True

    def drop(self, task_id: str) -> None:
        """Give up a suspended run; returns when its `finally` blocks have run, or after some seconds."""
        done = threading.Event()

        def carry_out(executor: ProcessExecutor) -> None:
            executor.cancel(task_id)
            done.set()

        self._order(carry_out)
        done.wait(self._luggage.kill_grace + GRACE)

    def close(self) -> None:
        """End what runs, give up what is suspended, and wait for that. A second time, nothing happens."""
        self._order(None)
        self._thread.join(2 * self._luggage.kill_grace + GRACE)

    def _order(self, order: Order | None) -> None:
        self._orders.put(order)
        self._wake()

    # --- the thread that supervises ----------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._supervise()
        finally:  # also when this goes wrong
            self._lose_what_is_left()

    def _supervise(self) -> None:
        programs = ChildPrograms(self._luggage.child)
        executor = self._executor(programs)
        self._wake = executor.wake
        try:
            while self._follow(executor):
                for outcome in executor.poll():
                    self._tell(outcome)
        finally:
            executor.close()
            for outcome in executor.poll(0):
                self._tell(outcome)
            programs.close()

    def _executor(self, programs: ChildPrograms) -> ProcessExecutor:
        luggage = self._luggage
        config = processes_config(
            start_method="",
            kill_grace=luggage.kill_grace,
            recycle_after_tasks=luggage.recycle_after_tasks,
            recycle_above_mb=0.0,  # the processes look themselves
        )
        unused: Any = None  # tasks are checked and run by what the processes have of the luggage
        setup = ExecutorSetup(Rules(luggage.worker_id), unused, unused, _Ears(self), self._places, _Output(self))
        return ProcessExecutor(setup, config, self._clock, Ways(programs.start, _unread, self._note_refused, False))

    def _follow(self, executor: ProcessExecutor) -> bool:
        """Carry out orders; wait for one when nothing runs. False when it is to end."""
        while not self._orders.empty() or not self._jobs:
            order = self._orders.get()
            if order is None:
                return False
            order(executor)
        return True

    def _submit(self, executor: ProcessExecutor, job: Job) -> None:
        try:
            executor.submit(job)
        except OSError as error:  # no memory, no processes left
            self._end(Ended(job.token, FAILED, f"no process can be started there: {error}"))

    def _deliver(self, executor: ProcessExecutor, job: Job, message: Message) -> None:
        executor.send(job.task.task_id, message)

    def _cancel(self, executor: ProcessExecutor, job: Job) -> None:
        executor.cancel(job.task.task_id)

    def _note_refused(self, job: Job, refused: Refused) -> bool:
        self._refused[job.token] = refused
        return False

    def _tell(self, outcome: Outcome) -> None:
        token = outcome.token
        refused = self._refused.pop(token, None)
        if refused is not None:
            self._end(NotThere(token, refused.module, refused.reason))
            return
        traveller: Any = outcome.task
        wanted: Any = outcome.new_requirements
        self._end(
            Ended(
                token,
                outcome.status,
                outcome.explanation,
                tuple(outcome.missing),
                outcome.seconds,
                outcome.retriable,
                wanted[0] if wanted else None,
                traveller.event,
            )
        )

    def _end(self, news: Ended | NotThere | Lost) -> None:
        self._jobs.pop(news.token, None)
        self._post(news)

    def _lose_what_is_left(self) -> None:
        """Jobs that were not begun: nobody may wait for them for ever."""
        with self._lock:
            self._is_over = True
        for token in list(self._jobs):
            self._lose(token)

    def _lose(self, token: int) -> None:
        self._end(Lost(token, "was ended with its worker"))

    def hear(self, said: Progress | Answer) -> None:
        """What a running task says."""
        for token in self._speakers(said):
            self._post(Said(token, said))

    def _speakers(self, said: Progress | Answer) -> list[int]:
        if isinstance(said, Progress):
            return [said.token]
        return [token for token, job in list(self._jobs.items()) if job.task.task_id == said.task_id]

    def print(self, token: int, at: float, stream: str, text: str) -> None:
        """What a running task prints."""
        self._post(Printed(token, at, stream, text))


class _Ears:
    """The scheduler, as the supervisor sees it."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def exchange(self, worker: str, said: Sequence[Progress | Answer], want: int) -> None:
        for one in said:
            self._host.hear(one)


class _Output:
    """The sink of what tasks print."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def printed(self, speaker: Speaker, at: float, stream: str, text: str) -> None:
        self._host.print(speaker.token, at, stream, text)

    def missed(self, speaker: Speaker, at: float, size: int) -> None:
        """None is: who prints waits."""

    def ended(self, speaker: Speaker, at: float) -> None:
        """Its outcome says so."""


def _unread(parcel: bytes) -> Sequence[Any]:
    """New requirements go on as they are."""
    return (parcel,)

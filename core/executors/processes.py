"""The processes executor: runs tasks in warm child processes. This is the supervisor's side.

Each child runs one job at a time. A task that is suspended stays where it is, and goes on there. What goes wrong with a
process - a timeout, a crash - is the failure of the task it runs, and of nothing else.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from luigi.clock import SYSTEM, Clock
from luigi.executors.child import NEVER, Child
from luigi.executors.child_main import Equipment
from luigi.executors.config import processes as processes_config
from luigi.executors.crew import ENDING_INTERVAL, Crew, how_it_ended
from luigi.executors.frames import (
    CannotTravel,
    Deliver,
    Drop,
    Dropped,
    Ended,
    Frame,
    Refused,
    Resume,
    Run,
    Spoken,
    Unreadable,
    pack,
)
from luigi.executors.setup import ExecutorSetup
from luigi.executors.ways import Ways, ways_at_home
from luigi.interfaces import Answer, Job, Message, Outcome, Progress
from luigi.task_status import FAILED, PENDING

if TYPE_CHECKING:
    from luigi.interfaces import Executor
    from luigi.task import Task

logger = logging.getLogger("luigi-interface")


class ProcessExecutor:
    """Runs up to `setup.workers` jobs at a time. `send` and `resize` may be called by any thread, the rest by one."""

    def __init__(
        self, setup: ExecutorSetup, config: processes_config, clock: Clock = SYSTEM, ways: Ways | None = None
    ) -> None:
        if ways is None:
            equipment = Equipment(setup.rules, setup.is_complete, setup.run_task, config.recycle_above_mb)
            ways = ways_at_home(equipment, config.start_method)
        self._ways = ways
        self._open = ExitStack()
        pump = None
        if setup.output is not None:
            from luigi.output.pump import pumping

            pump = self._open.enter_context(pumping(setup.output, clock, ways.prints_here))
        self._crew = Crew(ways.start, config.kill_grace, clock, pump)
        self._setup = setup
        self._workers = setup.workers
        self._most_tasks: float = config.recycle_after_tasks or NEVER
        self._kill_grace: float = config.kill_grace
        self._monotonic = clock.monotonic
        self._homes: dict[str, Child] = {}
        """Where suspended tasks wait, by id."""
        self._in_hand = 0
        """How many jobs were taken in and have not ended."""
        self._outcomes: list[Outcome] = []
        self._said: list[Progress | Answer] = []

    @property
    def capacity(self) -> int:
        """How many more jobs may run."""
        return max(0, self._workers - self._in_hand)

    # --- taking jobs in ----------------------------------------------------------------------------------------

    def submit(self, job: Job) -> None:
        """Run the job: in the process where the task waits, else in one that is free or started for it."""
        self._in_hand += 1
        home = self._homes.get(job.task.task_id)
        if home is None:
            self._begin(job)
        else:
            home.queued.append(job)
            self._go_on(home)

    def _begin(self, job: Job) -> None:
        """Run the job from the start."""
        try:
            data = pack(Run(job.token, job.task))
        except CannotTravel as error:
            self._begin_in_fresh_fork(job, Refused(f"{error}\n{error.hint}"))
            return
        child = self._crew.free(self._workers)
        while not self._crew.give(child, job, data):
            child = self._crew.free(self._workers)

    def _begin_in_fresh_fork(self, job: Job, refused: Refused) -> None:
        """A fork has the task already: nothing need be sent."""
        if self._ways.forks_for(job, refused):
            self._crew.occupy(self._crew.start(job), job)
        else:
            self._come_out(job, FAILED, refused.reason)

    def _go_on(self, child: Child) -> None:
        """See to what has waited for the child to be free."""
        if child.job is not None or child.is_ending:
            return
        while child.to_drop:
            child.dropping.add(child.to_drop[-1])
            self._crew.tell(child, pack(Drop(child.to_drop.pop())))
        if child.queued:
            job = child.queued[0]
            if self._crew.give(child, job, pack(Resume(job.token, job.task.task_id))):
                child.queued.popleft()
                self._leave_home(child, job.task.task_id)
        elif not child.suspended and self._has_had_its_day(child):
            self._crew.send_home(child)

    def _has_had_its_day(self, child: Child) -> bool:
        worn = child.is_full or child.ran >= self._most_tasks
        return worn or child.is_fresh_fork or self._in_hand >= self._workers

    def _leave_home(self, child: Child, task_id: str) -> None:
        child.suspended.discard(task_id)
        del self._homes[task_id]

    # --- waiting -----------------------------------------------------------------------------------------------

    def poll(self, timeout: float | None = None) -> Sequence[Outcome]:
        """Wait until a job has ended, or for `timeout` seconds, or until woken; meanwhile see to everything else."""
        until = NEVER if timeout is None else self._monotonic() + timeout
        if not self._in_hand:
            self._listen(0)
        while self._in_hand and not self._outcomes:
            now = self._monotonic()
            self._listen(min(self._crew.look_at, until) - now)
            if now >= until or self._crew.waker.was_called:
                break
        self._crew.waker.was_called = False
        outcomes, self._outcomes = self._outcomes, []
        return outcomes

    def _listen(self, seconds: float) -> None:
        """Wait so long for something to happen, and see to it."""
        for child, frames in self._crew.listen(seconds):
            for frame in frames:
                self._take_in(child, frame)
        if self._said:
            said, self._said = self._said, []
            self._setup.scheduler.exchange(self._setup.rules.worker_id, said, 0)
        if self._monotonic() >= self._crew.look_at:
            for child in self._crew.tend():
                self._bury(child)

    def _take_in(self, child: Child, frame: Frame) -> None:
        match frame:
            case Ended():
                self._settle(child, frame)
            case Spoken(said):
                self._said.append(said)
            case Dropped(task_id):
                child.dropping.discard(task_id)
            case Refused(reason, module) if child.job is not None and not child.is_ending:
                job, child.job = child.job, None
                if child.output is not None:
                    child.output.forget()
                why = f"{job.task} cannot be read in another process: {reason}"
                self._begin_in_fresh_fork(job, Refused(why, module))
                self._go_on(child)
            case Unreadable(reason, _):
                logger.warning("[pid %s] said something that cannot be read here: %s", child.pid, reason)

    def _settle(self, child: Child, ended: Ended) -> None:
        """The child's job has ended, or waits. Of one that was given up, nothing is believed any more."""
        job = child.job
        if job is None or child.ends_by:
            return
        if child.output is not None:
            child.output.end()
        child.job = None
        child.ran += 1
        child.is_full = ended.is_full
        if ended.wanted is None:
            self._come_out(job, *ended[:5])
        else:
            child.suspended.add(job.task.task_id)
            self._homes[job.task.task_id] = child
            self._let_wait(child, job, ended.wanted, ended.seconds)
        self._go_on(child)

    def _let_wait(self, child: Child, job: Job, parcel: bytes, seconds: float) -> None:
        try:
            wanted = self._ways.unpack(parcel)
        except CannotTravel as error:
            self._leave_home(child, job.task.task_id)
            child.to_drop.append(job.task.task_id)
            self._come_out(job, FAILED, f"{error}\n{error.hint}", retriable=False)
        else:
            self._come_out(job, PENDING, seconds=seconds, wanted=wanted)

    def _come_out(
        self,
        job: Job,
        status: str,
        explanation: str | None = None,
        missing: Sequence[str] = (),
        seconds: float = 0.0,
        retriable: bool = True,
        wanted: Sequence[Task] = (),
    ) -> None:
        self._in_hand -= 1
        self._outcomes.append(Outcome(job.task, job.token, status, explanation, wanted, missing, seconds, retriable))

    def _bury(self, child: Child) -> None:
        """A child is gone. Its job has failed; what waited in it begins anew when its turn comes."""
        for task_id in list(child.suspended):
            self._leave_home(child, task_id)
        job = child.job
        if child.output is not None:
            child.output.end()
        if job is not None:
            what = child.ends_by or f"died: its process {how_it_ended(child)}"
            explanation = f"Task {job.task.task_id} {what}"
            logger.error("[pid %s] Worker %s failed    %s", child.pid, self._setup.rules.worker_id, explanation)
            if child.event is not None:
                job.task.trigger_event(child.event, job.task, explanation)
            self._come_out(job, FAILED, explanation)
        elif child.is_forced:
            logger.warning("[pid %s] a process that had nothing to do %s", child.pid, how_it_ended(child))
        for waiting in child.queued:
            self._begin(waiting)

    def wake(self) -> None:
        """Have `poll` return, at once or the next time. Any thread may call this."""
        self._crew.waker.wake()

    # --- from outside ------------------------------------------------------------------------------------------

    def cancel(self, task_id: str) -> bool:
        """End a job, with all it has started, or give up a suspended run."""
        home = self._homes.get(task_id)
        if home is not None:
            self._give_up(home, task_id)
            return True
        child = self._crew.running(task_id)
        if child is not None:
            self._crew.end(child, "was cancelled")
        return child is not None

    def _give_up(self, home: Child, task_id: str) -> None:
        """Its `finally` blocks are waited for, but not when another task runs in that process."""
        self._leave_home(home, task_id)
        for job in [job for job in home.queued if job.task.task_id == task_id]:
            home.queued.remove(job)
            self._come_out(job, FAILED, f"Task {task_id} was cancelled")
        home.to_drop.append(task_id)
        self._go_on(home)
        until = self._monotonic() + self._kill_grace
        while task_id in home.dropping and self._monotonic() < until:
            self._listen(min(until, self._crew.look_at) - self._monotonic())

    def send(self, task_id: str, message: Message) -> bool:
        """Put a message into the queue of a running task that takes some."""
        child = self._crew.running(task_id)
        if child is None or child.job is None or not child.job.task.accepts_messages:
            return False
        try:
            child.tell(pack(Deliver(task_id, message)))
        except BrokenPipeError:  # the loop's thread will notice, and see to the rest
            return False
        return True

    def resize(self, workers: int) -> None:
        """Run so many at a time from now on. A process too many goes when its job has ended."""
        self._workers = workers

    def close(self) -> None:
        """End what runs, give up what is suspended, and wait for all processes to be gone, for `kill_grace` seconds.

        An interrupt on the way ends them at once.
        """
        for child in self._crew:
            child.queued.clear()
            if child.job is not None:
                self._crew.end(child, "was ended with its worker")
            elif not child.is_ending:
                self._crew.send_home(child)
        try:
            while len(self._crew):
                self._listen(ENDING_INTERVAL)
        finally:
            self._crew.close()
            self._open.close()


def process_executor(setup: ExecutorSetup) -> Executor:
    """The factory of this executor. Its settings are the section `[processes]`."""
    return ProcessExecutor(setup, processes_config())

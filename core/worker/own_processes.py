"""Runs the tasks of a worker whose class says by `_create_task_process` or `_run_task` how that is done.

What the program makes for a task is asked, as Luigi's workers do, whether it is still alive, and puts how the task
ended into the worker's queue. Tasks for which it makes nothing of its own go to the worker's executor.
"""

from __future__ import annotations

import logging
import queue
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from luigi.clock import SYSTEM
from luigi.event import Event
from luigi.interfaces import Executor, Job, Outcome, WithinSubmit
from luigi.task_register import load_task
from luigi.task_status import FAILED
from luigi.worker.messages import DequeQueue, SchedulerMessage
from luigi.worker.task_process import TaskProcess

if TYPE_CHECKING:
    from luigi.worker.luigis_names import LuigisNames

logger = logging.getLogger("luigi-interface")

A_WHILE = 0.05
"""Seconds to wait at most, where nothing wakes earlier: the executor may have news, too."""

LATE = 10.0
"""Seconds that what ended may take to say how."""


class ByTheExecutor(TaskProcess):
    """Stands for a task that the worker's executor is to run."""


@dataclass(slots=True)
class _Running:
    job: Job
    process: Any
    began: float
    gone: float | None = None
    """When it was first seen to have ended without a word."""


def result_queue(shared: bool) -> Any:
    """A queue for how tasks ended; one that several processes share, or a plain one."""
    if not shared:
        return DequeQueue()
    import multiprocessing

    return multiprocessing.Queue()


class OwnProcesses:
    """An executor before another: what the worker makes processes for is run by these."""

    def __init__(self, worker: LuigisNames, executor: Executor) -> None:
        self._worker = worker
        self._executor = executor
        self._given: dict[str, Job] = {}
        self._running: dict[str, _Running] = {}
        self._ended: list[Outcome] = []
        self._next_look = 0.0
        """When those that run are asked next whether they do: that may cost a call of a batch system."""

    @property
    def capacity(self) -> int:
        """What the executor has room for, less what runs beside it."""
        return max(0, self._executor.capacity - len(self._running) - len(self._ended))

    def submit(self, job: Job) -> None:
        """Have the worker begin with the job, its own way. What it raises is the task's failure."""
        task_id = job.task.task_id
        self._given[task_id] = job
        try:
            self._worker._run_task(task_id)
        except Exception as error:  # a program's own
            self._given.pop(task_id, None)
            self._running.pop(task_id, None)
            logger.exception("Worker %s cannot begin %s", self._worker._id, job.task)
            self._ended.append(_failed(job, f"it could not be begun: {type(error).__name__}: {error}"))

    def begin(self, task_id: str) -> None:
        """Run a job that was given by `submit`."""
        job = self._given.pop(task_id)
        process = self._worker._create_task_process(job.task)
        if isinstance(process, ByTheExecutor):
            self._executor.submit(job)
            return
        self._running[task_id] = _Running(job, process, SYSTEM.monotonic())
        if getattr(process, "use_multiprocessing", False):
            process.start()
        else:
            process.run()

    def poll(self, timeout: float | None = None) -> Sequence[Outcome]:
        """What ended. While something runs, wait for that at most `timeout` seconds."""
        until = None if timeout is None else SYSTEM.monotonic() + timeout
        while True:
            self._look()
            waits_here = bool(self._running or self._ended)
            self._ended += self._executor.poll(0 if waits_here else timeout)
            if self._ended or not self._running or (until is not None and SYSTEM.monotonic() >= until):
                ended, self._ended = self._ended, []
                return ended
            self._wait(A_WHILE if until is None else min(A_WHILE, max(0.0, until - SYSTEM.monotonic())))

    def _wait(self, seconds: float) -> None:
        """Until something is told, for so long at most."""
        told = self._worker._task_result_queue
        if isinstance(told, DequeQueue):
            SYSTEM.sleep(seconds)
            return
        try:
            self._take_in(told.get(timeout=seconds))
        except queue.Empty:
            return

    def _look(self) -> None:
        """Take in what has ended: first who is gone, then what was told, so that nobody's last word is missed."""
        gone: list[_Running] = []
        if SYSTEM.monotonic() >= self._next_look:
            gone = [running for running in list(self._running.values()) if self._is_over(running)]
            self._next_look = SYSTEM.monotonic() + self._worker._config.wait_interval
        while True:
            try:
                told = self._worker._task_result_queue.get(False)
            except queue.Empty:
                break
            self._take_in(told)
        for running in gone:
            if self._running.get(running.job.task.task_id) is running:
                self._without_a_word(running)

    def _is_over(self, running: _Running) -> bool:
        process = running.process
        limit = getattr(process, "timeout_time", None)  # by the time of day, as programs reckon it
        if not getattr(process, "use_multiprocessing", False) and isinstance(process, TaskProcess):
            return True  # its `run` has returned
        if limit is not None and SYSTEM.now() > limit and process.is_alive():
            process.terminate()
            self._end(running, Event.TIMEOUT, f"Task {running.job.task.task_id} timed out and was terminated.")
            return False
        return not process.is_alive()

    def _without_a_word(self, running: _Running) -> None:
        task_id, code = running.job.task.task_id, getattr(running.process, "exitcode", None)
        if code:
            self._end(running, Event.PROCESS_FAILURE, f"Task {task_id} died unexpectedly with exit code {code}")
            return
        running.gone = running.gone or SYSTEM.monotonic()  # what it put into the queue may be on its way
        if SYSTEM.monotonic() >= running.gone + LATE:
            self._end(running, Event.PROCESS_FAILURE, f"Task {task_id} ended, and put nothing into the result queue")

    def _end(self, running: _Running, event: str, said: str) -> None:
        del self._running[running.job.task.task_id]
        logger.info("%s", said)
        running.job.task.trigger_event(event, running.job.task, said)
        self._ended.append(_failed(running.job, said))

    def _take_in(self, told: Any) -> None:
        """How a task ended, as its process has put it; nothing of one that is not awaited any more."""
        task_id, status, explanation, missing, new_deps = told
        running = self._running.pop(task_id, None)
        if running is None:
            return
        job, seconds = running.job, SYSTEM.monotonic() - running.began
        if status is None:
            self._ended.append(_failed(job, "it was ended before it could say how it went"))
            return
        try:
            wanted = [load_task(module, family, params) for module, family, params in new_deps or ()]
        except Exception as error:  # a program's own
            self._ended.append(_failed(job, f"what it yielded cannot be made: {type(error).__name__}: {error}"))
            return
        self._ended.append(Outcome(job.task, job.token, status, explanation or None, wanted, missing or (), seconds))

    def cancel(self, task_id: str) -> bool:
        """End what runs, wherever it does."""
        running = self._running.pop(task_id, None)
        if running is None:
            return self._executor.cancel(task_id)
        running.process.terminate()
        self._ended.append(_failed(running.job, "it was cancelled"))
        return True

    def send(self, task_id: str, message: Any) -> bool:
        """Pass a message on to a running task, wherever it is."""
        running = self._running.get(task_id)
        if running is None:
            return self._executor.send(task_id, message)
        messages = getattr(getattr(running.process, "status_reporter", None), "scheduler_messages", None)
        if messages is None:
            return False
        messages.put(SchedulerMessage(self._worker._scheduler, **message.kwargs))
        return True

    def runs(self, task_id: str) -> bool:
        """Whether the executor runs it in the caller's own thread."""
        return isinstance(self._executor, WithinSubmit) and self._executor.runs(task_id)

    def resize(self, workers: int) -> None:
        """So many at a time, of both together."""
        self._executor.resize(workers)

    def close(self) -> None:
        """End all that runs."""
        for task_id in list(self._running):
            self.cancel(task_id)
        self._executor.close()


def _failed(job: Job, why: str) -> Outcome:
    return Outcome(job.task, job.token, FAILED, why)

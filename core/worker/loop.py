"""The worker: declares what is to be done, asks for work, runs it, reports.

`add` walks a graph and declares it; `run` goes round (`rounds`) until nothing is left.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack, closing, nullcontext
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Self

from luigi import collector
from luigi.clock import SYSTEM, Clock
from luigi.interfaces import Message
from luigi.scheduler import is_here
from luigi.task import Task
from luigi.worker.batches import Batches
from luigi.worker.config import worker as worker_config
from luigi.worker.heartbeat import KeepAliveThread, Listener, follow, rpc_message_callback
from luigi.worker.identity import worker_facts
from luigi.worker.identity import worker_id as id_of
from luigi.worker.line import ToScheduler, line_to
from luigi.worker.luigis_names import LuigisNames
from luigi.worker.news import News
from luigi.worker.output import output_for
from luigi.worker.planning.planning import Planning
from luigi.worker.plugged import Plugged
from luigi.worker.record import RunRecord
from luigi.worker.refusals import refuse_what_is_no_task
from luigi.worker.rounds import Rounds
from luigi.worker.settling import Settling
from luigi.worker.signals import draining_on_usr1, ending_on_ctrl_c
from luigi.worker.staying import Staying

if TYPE_CHECKING:
    from luigi.interfaces import Executor, Scheduler
    from luigi.plugin_manager import PluginManager
    from luigi.redo.redo import Redo
    from luigi.worker.identity import Facts
    from luigi.worker.planning.planner import Planner
    from luigi.worker.planning.planning import Hearer
    from luigi.worker.poking.poking import Poking

logger = logging.getLogger("luigi-interface")


class Worker(LuigisNames):
    """Runs tasks of one program. Keywords override single options of the `[worker]` section.

    Used as a context manager: `with Worker(scheduler) as worker: worker.add(task); worker.run()`.
    """

    def __init__(
        self,
        scheduler: Scheduler | None = None,
        worker_id: str | None = None,
        worker_processes: int = 1,
        assistant: bool = False,
        *,
        clock: Clock = SYSTEM,
        **kwargs: Any,
    ) -> None:
        self._config = worker_config(**kwargs)
        self.worker_processes = int(worker_processes)
        self._assistant = assistant
        self._facts = worker_facts(self.worker_processes)
        self._id = worker_id or self._config.id or id_of(self._facts)
        self._scheduler = scheduler if scheduler is not None else _own_scheduler()
        self._clock = clock
        self._staying = Staying(self._config, clock)
        self._rounds: Rounds | None = None
        self._open = ExitStack()
        self._met: set[str] | None = set()  # while tasks are added: what was checked need not be checked again
        self.record = RunRecord(run_id=id_of(self._facts), waits=assistant)
        self.record.deadline = self._config.deadline.total_seconds() or None
        self.redo: Redo | None = None
        """What is done although it is complete; to be set before a task is added."""
        self._plugged = Plugged(self._config, self.record)
        self._news = News(self._plugged)

    def use(self, plugins: PluginManager, executor: str = "") -> None:
        """Take executors, steps and watchers from `plugins`; without this, from the installed ones.

        `executor`: the name of the one that runs tasks; unless given, what the number of processes asks for.
        """
        self._plugged.plugins = plugins
        self._plugged.executor_name = executor

    def __enter__(self) -> Self:
        self._news.read_rules()
        self._open.callback(self._news.flush)
        self._open.enter_context(draining_on_usr1(self._shutdown_handler))
        if self._may_be_lost():
            keep_alive = KeepAliveThread(self._line, self._id, self._config.ping_interval, partial(follow, self))
            keep_alive.start()
            self._open.callback(keep_alive.stop)
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._open.close()
        self._line.leave(self._id, self.record, exc_info[0] is None)
        logger.info("Worker %s was stopped.", self._id)

    def _may_be_lost(self) -> bool:
        """Whether the scheduler gives up workers it does not hear from, and may not hear from this one for long.

        One in this process hears of it with every round, but not while a task runs right here; other workers of a
        program may share it.
        """
        here = is_here(self._scheduler)
        return isinstance(self._scheduler, Listener) and (not here or self.worker_processes == 1)

    # --- adding ------------------------------------------------------------------------------------------------

    def add(self, task: Task, multiprocess: bool = False, processes: int = 0) -> bool:
        """Check a task and all it requires, and declare what is to be run.

        Gives True when every check went through. `multiprocess` and `processes` ask for checks in parallel.
        Raises TaskException for something that is not a task; BadRequirement, BadOutput and CircularRequirement for a
        graph that cannot be.
        """
        refuse_what_is_no_task(task)
        self.record.roots.append(task)
        self._introduce()
        planning = self._planning  # what cannot be configured is no error of the run
        with self._news.told_of_errors("scheduling", [task]):
            return planning.plan([task], self._met, multiprocess, processes)

    def add_all(self, tasks: Iterable[Task], multiprocess: bool = False, processes: int = 0) -> bool:
        """`add` for many, in one walk. Of a big graph only the first part is walked here, the rest while tasks run."""
        if type(self).add is not Worker.add:  # a program's own `add` is to see every task
            added = [self.add(task, multiprocess, processes) for task in tasks]
            return all(added)
        roots = list(tasks)
        for task in roots:
            refuse_what_is_no_task(task)
        self.record.roots.extend(roots)
        self._introduce()
        planning = self._planning
        with self._news.told_of_errors("scheduling", roots):
            planning.begin(roots, self._met, multiprocess, processes)
            planning.step()
        return self.record.scheduling_succeeded

    def _introduce(self) -> None:
        """Tell a scheduler that keeps a list of its workers who this one is, once."""
        facts, self._facts = self._facts, []
        if facts:
            facts += [("first_task", root.task_id) for root in self.record.roots[:1]]
            self._line.introduce(self._id, [*facts, *self._standing], self.record)

    @property
    def _standing(self) -> Facts:
        """What it says of itself beside who it is."""
        return [("assistant", True)] if self._assistant else []

    @cached_property
    def _line(self) -> ToScheduler:
        return line_to(self._scheduler, partial(follow, self), self._config.outage_patience, self._clock)

    @cached_property
    def _planning(self) -> Planning:
        self._news.read_rules()
        planning = self._planning_to(self._line, self._id, self.record)
        self._open.callback(planning.close)
        return planning

    def _planning_to(self, hearer: Hearer, worker_id: str, record: RunRecord) -> Planning:
        """What walks, and declares to `hearer`."""
        return Planning(
            hearer,
            worker_id,
            record,
            self._plugged.is_complete,
            task_limit=self._config.task_limit,
            retry_external_tasks=self._config.retry_external_tasks,
            tell=self._plugged.tell_watchers,
            notices=self._news,
            redo=self.redo,
            clock=self._clock,
        )

    @cached_property
    def _settling(self) -> Settling:
        return Settling(
            self._id,
            self.record,
            self._planning,
            self._plugged.tell_watchers,
            self._news,
            max_reschedules=self._config.max_reschedules,
        )

    @property
    def run_succeeded(self) -> bool:
        """Whether every task that ran succeeded."""
        return self._settling.succeeded

    # --- running -----------------------------------------------------------------------------------------------

    def run(self) -> bool:
        """Run until nothing is left to do. Gives True when every task that ran succeeded.

        Raises KeyboardInterrupt after Ctrl-C: once what ran has ended, or at once when it was pressed twice.
        """
        logger.info("Running Worker with %d processes", self.worker_processes)
        self._introduce()
        self._met = None
        output = output_for(self._config, self._id, self._line, self._scheduler, self._clock)
        redone = () if self.redo is None else self.redo.reasons
        executor = self._plugged.executor(self._id, self._line, self.worker_processes, output, redone)
        with (
            closing(output) if output is not None else nullcontext(),
            self._news.told_of_errors("running", self.record.roots),
            collector.spared(),
            self._time_passing(),
            draining_on_usr1(self._shutdown_handler),
            self._ending_on_signals(),
            closing(self._planner),
            closing(executor),
        ):
            self._rounds = self._rounds_with(self._running_its_way(executor))
            self._rounds.go()
        return self.run_succeeded

    @property
    def _planner(self) -> Planner:
        return self._planning

    def _rounds_with(self, executor: Executor) -> Rounds:
        return Rounds(
            worker_id=self._id,
            line=self._line,
            executor=executor,
            record=self.record,
            planning=self._planning,
            settling=self._settling,
            batches=Batches(self.record),
            staying=self._staying,
            timeout=self._config.timeout,
            fail_fast=self._config.fail_fast,
            tell_watchers=self._plugged.tell_watchers,
            make_poking=self._poking,
        )

    def _time_passing(self) -> AbstractContextManager[None]:
        """What has a scheduler in this process look at deadlines while a task runs."""
        if not self.record.timed or not is_here(self._scheduler) or self._clock is not SYSTEM:
            return nullcontext()
        from luigi.deadlines.ticking import ticking

        return ticking(self._scheduler)  # type: ignore[arg-type]  # one that is here

    def _poking(self) -> Poking:
        """What looks for things that tasks wait for; by another clock than the machine's, in no thread of its own."""
        from luigi.worker.poking.looking import Looking
        from luigi.worker.poking.poking import Poking
        from luigi.worker.poking.poller import THREADS, Poller

        threads = THREADS if self._clock is SYSTEM else 0
        poller = Poller(Looking(self._plugged.is_complete), self._clock, threads)
        self._open.callback(poller.close)
        return Poking(self.record, poller, self._clock, self._plugged.tell_watchers)

    def _ending_on_signals(self) -> AbstractContextManager[None]:
        return ending_on_ctrl_c(self._staying)

    # --- being told --------------------------------------------------------------------------------------------

    def handle_interrupt(self, signum: int, _: Any) -> None:
        """On SIGUSR1, ask for no more work: what runs is finished, and then the run ends."""
        import signal

        if signum == getattr(signal, "SIGUSR1", None):
            self._staying.draining = True

    @property
    def _shutdown_handler(self) -> Callable[[int, Any], None] | None:
        return None if self._config.no_install_shutdown_handler else self.handle_interrupt

    @rpc_message_callback
    def set_worker_processes(self, n: int) -> None:
        """Run up to `n` tasks at a time from now on, at least one. What runs goes on."""
        self.worker_processes = max(1, int(n))
        if self._rounds is not None:
            self._rounds.workers = self.worker_processes

    @rpc_message_callback
    def cancel_task(self, task_id: str, token: int) -> None:
        """End that run of a task, with all it has started. What runs in this very process goes on."""
        if self._rounds is not None:
            self._rounds.cancelling.note(task_id, token)

    @rpc_message_callback
    def dispatch_scheduler_message(self, task_id: str, message_id: str, content: str, **kwargs: Any) -> None:
        """Pass a message on to a task that runs here and takes messages; for any other, nothing happens."""
        if self._rounds is not None:
            said = {"task_id": task_id, "message_id": message_id, "content": content, **kwargs}
            self._rounds.executor.send(task_id, Message("dispatch_scheduler_message", said))


def _own_scheduler() -> Scheduler:
    from luigi.scheduler import Scheduler as LocalScheduler

    return LocalScheduler(stable_done_cooldown_secs=0)

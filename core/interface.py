"""The composition root: `run` and `build`, the one place that wires scheduler, worker, plugins, lock and logging."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from luigi import scheduler, worker
from luigi.cli.guard import uncaught_mistakes_told
from luigi.clock import SYSTEM
from luigi.cmdline_parser import CmdlineParser
from luigi.configuration import get_config
from luigi.core_section import core
from luigi.execution_summary import LuigiRunResult
from luigi.observers import Observers, observers
from luigi.plugin_manager import PluginManager
from luigi.setup_logging import InterfaceLogging
from luigi.task import Task

if TYPE_CHECKING:
    from luigi.redo.forcing import Forcing
    from luigi.redo.redo import Redo

__all__ = ["InterfaceLogging", "PidLockAlreadyTakenExit", "build", "core", "run", "setup_interface_logging"]


class PidLockAlreadyTakenExit(SystemExit):
    """The same command line is running already; nothing was done."""


class _WorkerSchedulerFactory:
    """Makes a run's scheduler and worker. A program passes its own to `build` to use others."""

    def create_local_scheduler(self) -> Any:
        """A scheduler in this process."""
        return scheduler.Scheduler(
            prune_on_get_work=True,
            record_task_history=False,
            stable_done_cooldown_secs=0,  # what vanished after it was done is made again in the same run
        )

    def create_remote_scheduler(self, url: str) -> Any:
        """A line to the scheduler's server at `url`."""
        from luigi import rpc

        return rpc.RemoteScheduler(url)

    def create_worker(self, scheduler: Any, worker_processes: int, assistant: bool = False) -> Any:
        """The worker of the run."""
        return worker.Worker(scheduler=scheduler, worker_processes=worker_processes, assistant=assistant)


def run(*args: Any, **kwargs: Any) -> Any:
    """Run what a command line says: `run(["MyTask", "--x", "1"])`, by default the process's own.

    Keywords: `main_task_cls` (the task, so that the command line need not name it), `local_scheduler`,
    `worker_scheduler_factory`, `detailed_summary` (give a LuigiRunResult). Gives whether everything went well.
    """
    detailed = kwargs.pop("detailed_summary", False)
    with uncaught_mistakes_told():
        result = _run(*args, **kwargs)
    return result if detailed else result.scheduling_succeeded


def build(
    tasks: Iterable[Task],
    worker_scheduler_factory: Any = None,
    detailed_summary: bool = False,
    *,
    plugins: Sequence[object] = (),
    forcing: Forcing | None = None,
    **env_params: Any,
) -> Any:
    """Run `tasks` and all they require.

    `env_params` are parameters of `core`: local_scheduler, workers, log_level, scheduler_url, …; the lock is off
    unless `no_lock=False`. `plugins` are objects with hook implementations, for this run; `forcing` says which complete
    tasks are done again: `luigi.redo.forcing.Forcing(these=["Load*"])`. Gives whether everything went well, or a
    LuigiRunResult with `detailed_summary`.

    Raises PidLockAlreadyTakenExit when the lock is on and taken; KernelError for a graph or setting that cannot be.
    """
    env_params.setdefault("no_lock", True)
    result = _schedule_and_run(
        tasks, worker_scheduler_factory, override_defaults=env_params, plugins=plugins, forcing=forcing
    )
    return result if detailed_summary else result.scheduling_succeeded


def _run(
    cmdline_args: Sequence[str] | None = None,
    main_task_cls: type[Task] | None = None,
    worker_scheduler_factory: Any = None,
    use_dynamic_argparse: Any = None,
    local_scheduler: bool = False,
    detailed_summary: bool = False,
    *,
    plugins: Sequence[object] = (),
) -> LuigiRunResult:
    """`run` without its choice of answer. `use_dynamic_argparse` is Luigi's, and means nothing any more."""
    args = list(sys.argv[1:] if cmdline_args is None else cmdline_args)
    if main_task_cls is not None:
        args.insert(0, main_task_cls.get_task_family())
    if local_scheduler:
        args.append("--local-scheduler")
    with CmdlineParser.global_instance(args) as command_line:
        return _schedule_and_run([command_line.get_task_obj()], worker_scheduler_factory, plugins=plugins)


def _schedule_and_run(
    tasks: Iterable[Task],
    worker_scheduler_factory: Any = None,
    override_defaults: dict[str, Any] | None = None,
    *,
    plugins: Sequence[object] = (),
    forcing: Forcing | None = None,
) -> LuigiRunResult:
    """Wire everything and run. The one way every run goes, from a command line or from a program."""
    env = core(**(override_defaults or {}))
    InterfaceLogging.setup(env)
    _take_lock(env)
    _check_configuration()
    factory = worker_scheduler_factory or _WorkerSchedulerFactory()
    manager = PluginManager.with_installed(plugins)
    manager.configure(get_config())
    roots = list(tasks)
    redo = _redo(roots, forcing, manager)
    its_scheduler = _create_scheduler(factory, env)
    its_worker = factory.create_worker(
        scheduler=its_scheduler, worker_processes=int(env.workers), assistant=env.assistant
    )
    _hand_over(its_worker, manager, env.executor, redo)
    return _work(its_worker, its_scheduler, manager, [*roots, *(redo.roots if redo else ())], env)


def _redo(roots: Sequence[Task], forcing: Forcing | None, manager: PluginManager) -> Redo | None:
    """What is done again although it is complete, if anything can be; who remembers what was done joins the plugins."""
    from luigi.redo.asked import policies_are_wanted

    if not forcing and not policies_are_wanted():
        return None
    from luigi.redo.of_run import of_run

    with manager.put_to_use():
        found = of_run(roots, forcing, manager)
    if found.observer is not None:
        manager.register(found.observer)
    return found.redo


def _work(
    its_worker: Any, its_scheduler: Any, manager: PluginManager, tasks: Iterable[Task], env: core
) -> LuigiRunResult:
    interrupt: KeyboardInterrupt | None = None
    with manager.put_to_use(), _equipped(its_scheduler, manager) as told, its_worker:
        added = _add(its_worker, tasks, env)
        _tell_beginning(told, its_worker)
        logger = logging.getLogger("luigi-interface")
        logger.info("Done scheduling tasks")
        try:
            succeeded = _run_worker(its_worker, manager) and added
        except KeyboardInterrupt as ctrl_c:  # what was done until then is still told
            interrupt, succeeded = ctrl_c, False
        result = LuigiRunResult(its_worker, succeeded)
        _tell_end(told, its_worker, result)
    logger.info(result.summary_text)
    if interrupt is not None:
        raise interrupt
    return result


def _add(its_worker: Any, tasks: Iterable[Task], env: core) -> bool:
    parallel = env.parallel_scheduling, env.parallel_scheduling_processes
    if hasattr(its_worker, "add_all"):
        return bool(its_worker.add_all(tasks, *parallel))
    added = [its_worker.add(task, *parallel) for task in tasks]
    return all(added)


def _check_configuration() -> None:
    from luigi.configuration.check import check

    check(get_config())


def _take_lock(env: core) -> None:
    if env.no_lock:
        return
    from luigi import lock

    kill_signal = 15 if env.take_lock else None
    if not lock.acquire_for(env.lock_pid_dir, env.lock_size, kill_signal):
        raise PidLockAlreadyTakenExit()


def _create_scheduler(factory: Any, env: core) -> Any:
    if env.local_scheduler:
        return factory.create_local_scheduler()
    url = env.scheduler_url or f"http://{env.scheduler_host}:{env.scheduler_port}/"
    return factory.create_remote_scheduler(url=url)


@contextmanager
def _equipped(its_scheduler: Any, manager: PluginManager) -> Iterator[Observers | None]:
    """For one run: a scheduler of this process has a store and tells its observers; a line to a server is closed."""
    if not scheduler.is_here(its_scheduler):
        with closing(its_scheduler) if hasattr(its_scheduler, "close") else nullcontext():
            yield None
        return
    its_scheduler.keep_in(manager.make("state_stores", "memory"))
    told = observers(manager, its_scheduler.config, local=True, history=its_scheduler.history)
    with told.attached(its_scheduler):
        yield told


def _tell_beginning(told: Observers | None, its_worker: Any) -> None:
    if told is not None and told.hears_of_runs and isinstance(its_worker, worker.Worker):
        from luigi.run_facts import run_began

        told.run_began(run_began(its_worker._id, its_worker.record.roots, SYSTEM.now()))


def _tell_end(told: Observers | None, its_worker: Any, result: LuigiRunResult) -> None:
    if told is not None and told.hears_of_runs and isinstance(its_worker, worker.Worker):
        from luigi.telling import RunEnded

        told.run_ended(RunEnded(its_worker._id, SYSTEM.now(), result.status.name))


def _hand_over(its_worker: Any, manager: PluginManager, executor: str, redo: Redo | None) -> None:
    """Give the run's plugins to the worker; one that a program wrote from scratch may not want them."""
    if hasattr(its_worker, "use"):
        its_worker.use(manager, executor)
    if redo is not None and hasattr(its_worker, "redo"):
        its_worker.redo = redo


def _run_worker(its_worker: Any, manager: PluginManager) -> bool:
    tell_started = manager.watchers("luigi_run_started")
    tell_finished = manager.watchers("luigi_run_finished")
    record = getattr(its_worker, "record", None)
    if tell_started is not None:
        tell_started(record, SYSTEM.now())
    try:
        succeeded = bool(its_worker.run())
        # The rest of a big graph was walked while tasks ran.
        return succeeded and getattr(record, "scheduling_succeeded", True)
    finally:
        if tell_finished is not None:
            tell_finished(record, SYSTEM.now())
        manager.flush()


def setup_interface_logging(conf_file: str = "", level_name: str = "DEBUG") -> None:
    """Set up logging as a run would. Luigi's older name for `InterfaceLogging.setup`."""
    InterfaceLogging.setup(
        type("opts", (), {"background": None, "logdir": None, "logging_conf_file": conf_file, "log_level": level_name})
    )

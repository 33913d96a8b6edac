"""`kernel worker`: a worker of a pool, which runs what others submit, until it is told to leave."""

from __future__ import annotations

import logging
from argparse import ArgumentTypeError, Namespace
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Final

from luigi.cli.usage import UsageError
from luigi.errors import KernelError

if TYPE_CHECKING:
    from luigi.cli.arguments import Arguments
    from luigi.plugin_manager import PluginManager
    from luigi.rpc import RemoteScheduler
    from luigi.worker.pool import Pool

logger = logging.getLogger("luigi-interface")

ABOUT: Final = """\
Waits for tasks of any run and runs those of its modules, queues and labels. SIGTERM, Ctrl-C, or an operator who
disables it, have it finish what runs and leave; a second signal ends that too, and others may have it at once.

exit codes: 0 it was told to leave; 1 it cannot begin; 2 the command line cannot be read; 130 it was ended
"""
EXAMPLE: Final = "example: kernel worker --modules my_pipelines --concurrency 8 --scheduler-url http://scheduler:8082/"
LEVEL: Final = "INFO"
MOST_SECONDS: Final = 5
"""Between two tries to reach a server that is not there yet."""


class NoPools(KernelError):
    """The server is one that knows nothing of pools."""

    def __init__(self, address: str) -> None:
        super().__init__(f"the scheduler at {address} knows no pools: it would hand this worker any task")
        self.hint = "start one with `kernel serve`, or be Luigi's assistant there: luigi --assistant"


def main(argv: list[str]) -> int:
    """Do what `argv` says. The exit code. Raises UsageError and KernelError."""
    asked = _arguments().parse_args(argv)
    with _set_up(asked) as plugins:
        pool = _pool(asked)
        from luigi.cli.operating.command import configured_url
        from luigi.rpc import RemoteScheduler

        with closing(RemoteScheduler(asked.scheduler_url or configured_url())) as scheduler:
            _serve(scheduler, pool, plugins, asked)
    return 0


def _arguments() -> Arguments:
    from luigi.cli.arguments import Arguments

    own = Arguments("kernel worker", ABOUT)
    own.epilog = EXAMPLE
    own.add_argument(
        "--modules", action="append", default=[], metavar="NAME", help="take tasks of these, and below; by commas too"
    )
    own.add_argument("--concurrency", type=_concurrency, default=1, metavar="N", help="tasks at a time, or auto")
    own.add_argument("--queue", action="append", default=[], metavar="NAME", help="serve this queue; may be repeated")
    own.add_argument("--label", action="append", default=[], metavar="NAME", help="have this label; may be repeated")
    own.add_argument("--executor", default="", metavar="NAME", help="what runs the tasks (default: as for a run)")
    own.add_argument("--max-idle", type=_seconds, metavar="SECONDS", help="leave after so long without work")
    own.add_argument("--log-level", default="", metavar="LEVEL", help=f"what is logged (default: {LEVEL})")
    own.add_argument("--scheduler-url", metavar="URL", default="", help="the server (default: as [core] says)")
    return own


def _concurrency(text: str) -> int:
    if text == "auto":
        from luigi.processors import available

        return available()
    if not text.isdecimal() or not int(text):
        raise ArgumentTypeError(f"{text!r} is neither a number of tasks nor auto")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not seconds > 0:
        raise ArgumentTypeError(f"{text!r} is no number of seconds")
    return seconds


@contextmanager
def _set_up(asked: Namespace) -> Iterator[PluginManager]:
    """Logging, configuration and plugins, as for a run."""
    from luigi.configuration import get_config
    from luigi.configuration.check import check
    from luigi.core_section import LOG_LEVELS, core
    from luigi.plugin_manager import PluginManager
    from luigi.setup_logging import InterfaceLogging

    if asked.log_level and asked.log_level not in LOG_LEVELS:
        raise UsageError(f"--log-level {asked.log_level}: there is no such level", hint=", ".join(LOG_LEVELS))
    level = asked.log_level or ("" if get_config().has_option("core", "log_level") else LEVEL)
    InterfaceLogging.setup(core(log_level=level) if level else core())
    check(get_config())
    plugins = PluginManager.with_installed()
    plugins.configure(get_config())
    try:
        with plugins.put_to_use():
            yield plugins
    finally:
        plugins.flush()


def _pool(asked: Namespace) -> Pool:
    """The pool, its modules imported: what cannot be is told before any task is taken."""
    from luigi.cli.user_module import import_user_module
    from luigi.worker.pool import Pool

    modules = [name.strip() for said in asked.modules for name in said.split(",") if name.strip()]
    for name in modules:
        import_user_module(name)
    return Pool(modules, asked.queue, asked.label)


def _serve(scheduler: RemoteScheduler, pool: Pool, plugins: PluginManager, asked: Namespace) -> None:
    from luigi.worker.pool import serve

    options: dict[str, Any] = {}
    if asked.max_idle is not None:
        from datetime import timedelta

        options["max_keep_alive_idle_duration"] = timedelta(seconds=asked.max_idle)
    worker_id = _introduced(scheduler, pool, asked.concurrency)
    logger.info("Worker of a pool: %s", _described(pool))
    options |= {"concurrency": asked.concurrency, "executor": asked.executor, "worker_id": worker_id}
    served = serve(scheduler, pool, plugins=plugins, **options)
    logger.info("Worker of a pool leaves: %d done, %d failed", served.done, served.failed)


def _introduced(scheduler: RemoteScheduler, pool: Pool, concurrency: int) -> str:
    """The worker's id, once the server knows it: a worker may be started before its server.

    Raises NoPools, and RPCError where the server does not want it.
    """
    from luigi.clock import SYSTEM
    from luigi.rpc.failures import SchedulerAway
    from luigi.worker.config import worker as worker_config
    from luigi.worker.identity import worker_facts, worker_id

    facts = worker_facts(concurrency)
    name = str(worker_config().id or worker_id(facts))
    waited = 0
    while True:
        try:
            scheduler.add_worker(name, [*facts, *pool.facts()], attempts=1)
        except SchedulerAway as away:
            if not waited:
                logger.warning("%s: waiting for it", away)
            waited += 1
            SYSTEM.sleep(min(waited, MOST_SECONDS))
        else:
            break
    if not scheduler.knows_pools:
        raise NoPools(scheduler.address)
    return name


def _described(pool: Pool) -> str:
    modules = f"tasks of {', '.join(pool.modules)}" if pool.modules else "tasks of any module"
    rest = [f"{name} {', '.join(told)}" for name, told in pool._asdict().items() if name != "modules" and told]
    return "; ".join([modules, *rest])

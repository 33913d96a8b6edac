"""`kernel run --submit`: plan the graph here, hand it to the scheduler's server, and leave; workers of pools run it.

The id of the submission goes to stdout, alone, for scripts; what else there is to say goes to stderr.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from luigi.cli.usage import UsageError

if TYPE_CHECKING:
    from luigi.task import Task
    from luigi.worker.pool.gathering import Gathered

OF_A_PROCESS = ("dry_run", "strict", "pdb", "summary", "profile", "force", "force_upstream", "force_downstream")
"""Options that say how this process is to run tasks, which it does not."""
NOT_WHOLE = 35
"""The exit code when a part of the graph could not be planned: that of a run in that case."""


class NotWithSubmit(UsageError):
    """An option is about a run in this process."""

    def __init__(self, option: str) -> None:
        super().__init__(f"{option} and --submit: nothing is run in this process")
        self.hint = "what workers of pools do is said where they are started: kernel worker --help"


def submit(args: list[str], asked: Namespace) -> int:
    """Submit what `args` name. The exit code.

    Raises UsageError for options that cannot be together; KernelError for a graph that cannot be, or that workers
    elsewhere could not make, and where no server takes it.
    """
    from luigi.cli.named_task import in_force
    from luigi.cli.run_defaults import logging_flags

    _refuse_options(args, asked)
    with in_force([*logging_flags(args), *args]) as roots, set_up() as is_complete:
        from luigi.worker.pool.gathering import gather

        gathered = gather(roots, is_complete)
        if not gathered.left:
            print("all of it is done already: nothing was submitted", file=sys.stderr)
            return 0
        _tell(_handed_over(roots, gathered, asked), gathered)
    return 0 if gathered.whole else NOT_WHOLE


def _refuse_options(args: Sequence[str], asked: Namespace) -> None:
    from luigi.cli.run_defaults import EMBEDDED

    given = [f"--{name.replace('_', '-')}" for name in OF_A_PROCESS if getattr(asked, name)]
    given += ["--fail-fast" if asked.fail_fast else "--keep-going"] if asked.fail_fast is not None else []
    given += [EMBEDDED] if EMBEDDED in args else []
    if given:
        raise NotWithSubmit(given[0])


@contextmanager
def set_up() -> Iterator[Any]:
    """Logging and plugins as in a run; gives what checks whether a task is complete."""
    from luigi.configuration import get_config
    from luigi.core_section import core
    from luigi.plugin_manager import PluginManager
    from luigi.setup_logging import InterfaceLogging
    from luigi.worker.config import worker as worker_config
    from luigi.worker.plugged import Plugged
    from luigi.worker.record import RunRecord

    InterfaceLogging.setup(core())
    plugged = Plugged(worker_config(), RunRecord())
    plugged.plugins = PluginManager.with_installed()
    plugged.plugins.configure(get_config())
    with plugged.plugins.put_to_use():
        yield plugged.is_complete


def _handed_over(roots: Sequence[Task], gathered: Gathered, asked: Namespace) -> str:
    """The id under which the server has it."""
    from contextlib import closing

    from luigi.cli.operating.command import configured_url
    from luigi.clock import SYSTEM
    from luigi.rpc import RemoteScheduler
    from luigi.submissions import new_id

    submission = new_id("run", roots[0].task_family, SYSTEM.now())
    with closing(RemoteScheduler(configured_url())) as scheduler:
        facts = _facts(submission, roots, asked)
        scheduler.submit(submission, gathered.specs, roots=[root.task_id for root in roots], **facts)
    return submission


def _facts(submission: str, roots: Sequence[Task], asked: Namespace) -> dict[str, Any]:
    from luigi.clock import SYSTEM
    from luigi.run_facts import run_began

    began = run_began(submission, roots, SYSTEM.now())
    told: dict[str, Any] = {"name": repr(roots[0]), "kind": "run", "by": began.user, "username": began.user}
    told |= {"host": began.host, "command": began.command, "code_version": began.code_version}
    return told | {"queue": asked.queue, "labels": asked.label}


def _tell(submission: str, gathered: Gathered) -> None:
    from luigi.cli.operating.telling import number_of

    print(submission)
    print(f"{number_of(gathered.left, 'task')} for workers of pools. Follow it, and end it, by:", file=sys.stderr)
    print(f"  kernel submissions {submission} --wait\n  kernel cancel {submission}", file=sys.stderr)
    if not gathered.whole:
        print("a part of it could not be planned: its checks raised, see the warnings above", file=sys.stderr)

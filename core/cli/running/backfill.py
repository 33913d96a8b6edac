"""`kernel backfill`: run a task for each moment of a range that it has not been run for, so many at a time.

On a server the backfill is a submission, which workers of pools work off; `--local-scheduler` has this process do it.
"""

from __future__ import annotations

import sys
from argparse import ArgumentTypeError, Namespace
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

from luigi.cli.usage import UsageError

if TYPE_CHECKING:
    from luigi.cli.arguments import Arguments
    from luigi.task import Task

ABOUT: Final = """\
Runs TASK for each moment from --from to --to, the last one included, that it is not complete for. What a task requires
is run with it. Say the same again to go on after an interruption: what is complete by then is left out.

exit codes: 0 all is done; 1 it cannot be begun, or was cancelled; 2 the command line cannot be read; 20 data it needs
is missing; 30 a task failed; 35 a part of it could not be planned; 130 it was ended by Ctrl-C
"""
EXAMPLE: Final = "example: kernel backfill my_pipelines:Report --from 2013-01-01 --to 2013-12-31 --max-active 8"
AT_ONCE: Final = 8
"""How many are run at a time unless it is said."""


def main(argv: list[str]) -> int:
    """Do what `argv` says. The exit code. Raises UsageError and KernelError."""
    from luigi.cli.named_task import class_named, in_force, parted
    from luigi.cli.run_defaults import logging_flags
    from luigi.cli.running.submit import set_up

    own = _arguments()
    asked, rest = parted(argv, own)
    cls = class_named(rest, own.prog)
    filled = _filled(cls, asked)
    flag = f"--{filled.replace('_', '-')}"
    if any(word.partition("=")[0] in (flag, f"--{filled}") for word in rest):
        raise UsageError(f"{flag} is what the backfill fills", hint="say --from and --to")
    param = dict(cls.get_params())[filled]
    first = param.serialize(param.read(asked.first, filled, "--from"))
    whole = [*logging_flags(rest), *rest, f"{flag}={first}"]
    with in_force(whole, own.prog) as (task,), set_up() as is_complete:
        return _backfill(task, filled, asked, is_complete)


def _arguments() -> Arguments:
    from luigi.cli.arguments import Arguments
    from luigi.cli.run_defaults import EMBEDDED

    own = Arguments("kernel backfill", ABOUT)
    own.usage = "kernel backfill MODULE:TASK [--PARAMETER VALUE ...] --from VALUE --to VALUE [OPTION ...]"
    own.epilog = EXAMPLE
    own.add_argument("--from", dest="first", required=True, metavar="VALUE", help="the first moment, as TASK writes it")
    own.add_argument("--to", dest="last", required=True, metavar="VALUE", help="the last one")
    own.add_argument("--step", default="", metavar="STEP", help="minute, hour, day, week, month, year; or 10minutes …")
    own.add_argument("--parameter", default="", metavar="NAME", help="what is filled (default: its first date)")
    own.add_argument("--reverse", action="store_true", help="the newest first")
    own.add_argument("--max-active", type=_number, default=AT_ONCE, metavar="N", help=f"at a time ({AT_ONCE}); 0: all")
    own.add_argument("--queue", default="", metavar="NAME", help="of tasks that name none: which workers run them")
    own.add_argument("--label", action="append", default=[], metavar="NAME", help="the same of labels")
    own.add_argument("--detach", action="store_true", help="return when the server has it")
    own.add_argument("--dry-run", action="store_true", help="only list what would be run")
    own.add_argument("--workers", type=_number, default=0, metavar="N", help="here: tasks at a time (--max-active)")
    own.add_argument(EMBEDDED, dest="local", action="store_true", help="run it in this process")
    own.add_argument("--scheduler-url", metavar="URL", default="", help="the server (default: as [core] says)")
    return own


def _number(text: str) -> int:
    if not text.isdecimal():
        raise ArgumentTypeError(f"{text!r} is no number")
    return int(text)


def _filled(cls: type[Task], asked: Namespace) -> str:
    from luigi.backfill.moments import parameter_to_fill

    return parameter_to_fill(cls, asked.parameter)


def _backfill(task: Task, filled: str, asked: Namespace, is_complete: Any) -> int:
    from luigi.backfill.instances import Instances

    moments = _moments(task, filled, asked)
    missing = Instances(task, filled).missing(moments, is_complete)
    if asked.reverse:
        missing.reverse()
    _tell(f"{len(missing)} of {len(moments)} are to be done" if missing else f"all {len(moments)} are complete")
    if asked.dry_run:
        print("\n".join(map(str, missing)), end="\n" if missing else "")
    if asked.dry_run or not missing:
        return 0
    return (_here if asked.local else _on_a_server)(_name(task, filled, asked), missing, asked)


def _moments(task: Task, filled: str, asked: Namespace) -> list[Any]:
    from luigi.backfill.moments import Step, kind_of, moment_of

    param = dict(task.get_params())[filled]
    first, last = moment_of(getattr(task, filled)), moment_of(param.normalize(param.read(asked.last, filled, "--to")))
    if first > last:
        raise UsageError(f"--from {asked.first} is later than --to {asked.last}")
    return (Step.read(asked.step) if asked.step else Step(1, kind_of(param))).moments(first, last)


def _name(task: Task, filled: str, asked: Namespace) -> str:
    from luigi.backfill.handing_over import name_of
    from luigi.backfill.moments import kind_of

    step = asked.step or kind_of(dict(task.get_params())[filled])
    return name_of(task, filled, asked.first, asked.last, step)


# --- who works it off ----------------------------------------------------------------------------------------------


def _here(name: str, tasks: Sequence[Task], asked: Namespace) -> int:
    """In this process: a scheduler, and a worker that takes all it has."""
    from luigi.backfill.following import Following
    from luigi.backfill.handing_over import hand_over
    from luigi.plugin_manager import here
    from luigi.scheduler import Scheduler
    from luigi.scheduler.demands import ANY
    from luigi.worker.pool import Pool, serve

    scheduler = Scheduler()
    following = Following(scheduler, hand_over(scheduler, name, tasks, asked.max_active), _tell)
    at_once = asked.workers or asked.max_active or AT_ONCE
    pool = Pool(queues=[ANY], labels=[ANY])
    serve(scheduler, pool, concurrency=at_once, until=following.has_ended, plugins=here())
    return _code(following)


def _on_a_server(name: str, tasks: Sequence[Task], asked: Namespace) -> int:
    from luigi.backfill.following import Following
    from luigi.backfill.handing_over import going_on, hand_over
    from luigi.cli.operating.command import configured_url
    from luigi.rpc import RemoteScheduler

    with closing(RemoteScheduler(asked.scheduler_url or configured_url())) as scheduler:
        submission = going_on(scheduler, name)
        if submission:
            _tell("it goes on already; this only follows it")
        else:
            facts = {"queue": asked.queue, "labels": asked.label}
            submission = hand_over(scheduler, name, tasks, asked.max_active, **facts)
        print(submission, flush=True)
        return 0 if asked.detach else _follow(scheduler, Following(scheduler, submission, _tell), submission)


def _follow(scheduler: Any, following: Any, submission: str) -> int:
    from luigi.interfaces import Order

    try:
        following.wait()
    except KeyboardInterrupt:
        scheduler.control(Order("cancel_submission", submission))
        _tell("cancelled; say the same again to go on")
        raise
    return _code(following)


def _code(following: Any) -> int:
    from luigi.cli.operating.submissions import ENDS

    return ENDS.get(following.status, 1)


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)

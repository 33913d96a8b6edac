"""`kernel run`: everything `luigi` takes, and `module:Task`, and runs that the configuration names."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from luigi.cli import own_classes
from luigi.cli.configured_runs import ConfiguredRun, configured_runs
from luigi.cli.layout import option_lines, paragraph
from luigi.cli.reading import place_of_task, wanted_help
from luigi.errors import KernelError, nearest

if TYPE_CHECKING:
    from argparse import Namespace

    from luigi.cli.progress import Progress

PROGRAM = "kernel run"
USAGE = f"""\
usage: {PROGRAM} MODULE:TASK [--PARAMETER VALUE ...]    a task of a module
       {PROGRAM} NAME [--PARAMETER VALUE ...]           a run from [run.NAME] of the configuration
       {PROGRAM} --module MODULE TASK [...]             as luigi has it
       {PROGRAM}                                        list the configured runs
"""
NO_RUNS = "no runs are configured. Put a section [run.NAME] with module, task and parameters into luigi.cfg."


class UnknownRun(KernelError):
    """There is neither a configured run nor a task of that name."""

    def __init__(self, name: str, runs: Sequence[str], tasks: Sequence[str]) -> None:
        super().__init__(f"there is no run and no task {name!r}")
        near = nearest(name, [*runs, *tasks])
        if near:
            self.hint = f"did you mean {' or '.join(near)}?"
        else:
            self.hint = f"name the task's module, {PROGRAM} MODULE:{name}, or add [run.{name}] to the configuration"


def main(argv: list[str]) -> int:
    """Run what `argv` says; the exit code. Without arguments, list the configured runs.

    Raises KernelError for what cannot be run.
    """
    from luigi.cli.named_task import parted
    from luigi.cli.running.options import options

    asked, rest = parted(argv, options())
    if rest and not wanted_help(rest):
        _run(rest, asked)
    print(_help(as_luigi_arguments(rest)) if rest else _listing())
    return 0


def as_luigi_arguments(argv: Sequence[str]) -> list[str]:
    """`argv` as `luigi` takes it: without `module:Task` and names of configured runs. Raises KernelError."""
    args = list(argv)
    own_classes.register_flagged()
    place = place_of_task(args)
    if place is None or "--module" in (argument.partition("=")[0] for argument in args):
        return args
    name = args.pop(place)
    module, colon, task = name.partition(":")
    return [*([f"--module={module}", task] if colon else _named(name)), *args]


def _named(name: str) -> list[str]:
    """What runs the configured run `name`, or else the task: the run has precedence, and a word says so."""
    from luigi.cli.task_names import UnknownTask, task_class, task_families

    runs = configured_runs()
    try:
        task_class(name)
    except UnknownTask:
        if name not in runs:
            raise UnknownRun(name, list(runs), task_families()) from None
        return runs[name].arguments()
    if name not in runs:
        return [name]
    print(f"{name}: the run of [{runs[name].section}], not the task of that name", file=sys.stderr)
    return runs[name].arguments()


def _run(argv: list[str], asked: Namespace) -> NoReturn:
    if asked.submit:
        from luigi.cli.running.submit import submit

        sys.exit(submit(as_luigi_arguments(argv), asked))
    if asked.dry_run:
        sys.exit(_plan(as_luigi_arguments(argv), asked))
    from luigi.cli.running.reporting import reporting
    from luigi.cli.running.terminating import ended_by_sigterm

    with ended_by_sigterm(), reporting(asked) as reports:
        _begin(as_luigi_arguments(argv), asked, reports)


def _begin(args: list[str], asked: Namespace, reports: list[object]) -> NoReturn:
    from luigi.cli.run_defaults import default_flags
    from luigi.cli.running import executor_options
    from luigi.cli.running.flags import flags_of, plugins_of
    from luigi.cli.running.options import forcing_of
    from luigi.retcodes import run_with_retcodes

    flags = [*default_flags(args), *flags_of(asked), *args]
    executor_options.take(asked.executor_option, flags)
    with _shown(args, asked) as progress:
        run_with_retcodes(flags, plugins=[*progress, *plugins_of(asked), *reports], forcing=forcing_of(asked))


def _plan(args: list[str], asked: Namespace) -> int:
    from luigi.cli.explaining.plan import of_run
    from luigi.cli.running.options import forcing_of

    return of_run(args, forcing_of(asked))


@contextmanager
def _shown(args: list[str], asked: Namespace) -> Iterator[list[Progress]]:
    """What shows how the run goes: nothing where the log is for programs, which are told the same in it."""
    from luigi.cli.run_defaults import log_is_json, logging_is_chosen

    if log_is_json(args):
        yield []
        return
    # Where the log is quiet the summary, which is logged, has to be printed.
    with _progress(args)(summary=not logging_is_chosen(args), live=not asked.pdb) as progress:
        yield [progress]


def _progress(args: list[str]) -> type[Progress]:
    from luigi.cli.run_defaults import is_scheduled_here

    if is_scheduled_here(args):
        from luigi.cli.progress import Progress

        return Progress
    from luigi.cli.distant_progress import DistantProgress

    return DistantProgress


def _help(args: list[str]) -> str:
    from luigi.cli.help import help_text
    from luigi.cli.opening import open_module
    from luigi.cli.reading import Reader
    from luigi.cli.running.options import help_lines

    module = open_module(args)
    root = Reader(args, module).root()
    about = help_text(root, everything="--help-all" in args, program=PROGRAM)
    own = "\n".join(["", f"options of {PROGRAM} alone:", *help_lines()])
    return f"{about}\n{own}" if root is not None else f"{USAGE}\n{about}\n{own}\n\n{_listing()}"


def _listing() -> str:
    runs = configured_runs()
    if not runs:
        return "\n".join(paragraph(NO_RUNS))
    return "\n".join(["configured runs:", *(line for run in runs.values() for line in _line(run))])


def _line(run: ConfiguredRun) -> list[str]:
    task = f"{run.module}:{run.task}" if run.module else run.task
    return list(option_lines(run.name, task or "names no task"))

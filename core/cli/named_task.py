"""How every command names a task: as `kernel run` does, with options of the command before, between or behind.

An option ahead of the task is the command's. Behind the task a parameter of it wins over an option of the same name,
so that a new option never changes what an old command line means.
"""

from __future__ import annotations

from argparse import Action, Namespace
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from luigi.cli.arguments import Arguments
from luigi.cli.usage import UsageError
from luigi.errors import KernelError

if TYPE_CHECKING:
    from luigi.task import Task


class NamesNoTask(UsageError):
    """A command that is about a task was given none."""

    def __init__(self, program: str) -> None:
        super().__init__("no task is named")
        self.hint = f"{program} MODULE:TASK [--PARAMETER VALUE ...]"


class Named(NamedTuple):
    """What a command line says."""

    options: Namespace
    """The command's own options."""
    tasks: list[Task]
    """The task it names, with its parameters."""


@contextmanager
def read(argv: Sequence[str], own: Arguments) -> Iterator[Named]:
    """The options of `own` among `argv`, and the task that the rest names, which is in force meanwhile.

    `own` has no positional arguments, and an option of it whose value may be left out takes one by `=` only.
    Raises UsageError for a command line that cannot be read or names no task, and KernelError for a task, module or
    parameter that cannot be had.
    """
    options, rest = parted(argv, own)
    with in_force(rest, own.prog) as tasks:
        yield Named(options, tasks)


def parted(argv: Sequence[str], own: Arguments) -> tuple[Namespace, list[str]]:
    """The options of `own` among `argv`, and the arguments that are left. Raises UsageError."""
    mine, rest = _sorted(argv, own)
    behind = _place_of_task(argv, rest)
    if behind is not None and any(option > behind for option in mine):
        mine, rest = _sorted(argv, own, behind, _flags_of_task([argv[place] for place in rest], argv[behind]))
    return own.parse_args([argv[place] for place in mine]), [argv[place] for place in rest]


@contextmanager
def in_force(args: Sequence[str], program: str = "kernel run") -> Iterator[list[Task]]:
    """The task that `args` name as those of `kernel run` do.

    Meanwhile flags that set a parameter for a whole class do so, also where tasks make what they require.
    Raises as `read` does.
    """
    from luigi.cli.run import as_luigi_arguments
    from luigi.cmdline_parser import CmdlineParser

    wanted = as_luigi_arguments(args)
    _refuse_without_task(wanted, program)
    with CmdlineParser.global_instance(wanted) as command_line:
        yield [command_line.get_task_obj()]


def class_named(args: list[str], program: str = "kernel run") -> type[Task]:
    """The class of the task that `args` name, whether or not they give all its parameters.

    Raises UsageError where they name none, KernelError where it cannot be had.
    """
    place = _place_of_task(args, range(len(args)))
    if place is None:
        raise NamesNoTask(program)
    return _class_of(args, args[place])


def _refuse_without_task(args: list[str], program: str) -> None:
    from luigi.cli.opening import NoTask, read

    try:
        read(args)
    except NoTask:
        raise NamesNoTask(program) from None


# --- whose is an argument ------------------------------------------------------------------------------------------


def _sorted(
    argv: Sequence[str], own: Arguments, behind: int = 0, others: Collection[str] = ()
) -> tuple[list[int], list[int]]:
    """Where in `argv` options of `own` stand, with their values, and where the rest.

    `others` are options that are not its own from place `behind` on.
    """
    mine: list[int] = []
    end = argv.index("--") if "--" in argv else len(argv)
    place = 0
    while place < end:
        option, has_value, _ = argv[place].partition("=")
        action = None if place > behind and option in others else own._option_string_actions.get(option)
        after = place + 1
        if action is not None:
            after = min(after + (0 if has_value else _values(action)), end)
            mine += range(place, after)
        place = after
    return mine, sorted(set(range(len(argv))).difference(mine))


def _values(action: Action) -> int:
    """How many arguments behind an option are its values."""
    return action.nargs if isinstance(action.nargs, int) else int(action.nargs is None)


def _place_of_task(argv: Sequence[str], places: Sequence[int]) -> int | None:
    from luigi.cli import own_classes
    from luigi.cli.reading import place_of_task

    own_classes.register_flagged()
    place = place_of_task([argv[place] for place in places])
    return None if place is None else places[place]


def _flags_of_task(args: list[str], name: str) -> list[str]:
    """The flags of the task that `name` among `args` stands for, as `--date`; none when it stands for none."""
    from luigi.cli.flags import FlagTable

    try:
        return [flag.text for flag in FlagTable(_class_of(args, name)).of_root()]
    except KernelError:  # told when the task is made; for some commands it may be the id of a task, too
        return []


def _class_of(args: list[str], name: str) -> type[Task]:
    from luigi.cli.configured_runs import configured_runs
    from luigi.cli.opening import open_module
    from luigi.cli.reading import named_module
    from luigi.cli.task_names import task_class

    module = named_module(args)
    before, colon, task = name.partition(":")
    if not module and colon:
        module, name = before, task
    elif not module and name in (runs := configured_runs()):
        module, name = runs[name].module, runs[name].task
    open_module([f"--module={module}"] if module else [])
    return task_class(name, module)

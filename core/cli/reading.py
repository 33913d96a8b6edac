"""Read a command line: which task, and the text given for each parameter. Nothing is parsed to values here.

The grammar is argparse's, as programs rely on it: `--flag value` or `--flag=value`, a bare `--flag` for yes, the
task's name is the first argument that is neither, and the last of equal flags wins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from luigi.cli.flags import Flag, FlagTable
from luigi.cli.task_names import task_class
from luigi.cli.usage import MissingValue, UnexpectedArgument, UnknownFlag
from luigi.task_register import Register

if TYPE_CHECKING:
    from luigi.task import Task

HELP = ("-h", "--help", "--help-all")


class Reading(NamedTuple):
    """What a command line says."""

    root: type[Task] | None
    """The task to run."""
    of_root: dict[str, str]
    """Parameter of the root → its text."""
    of_class: dict[tuple[str, str], str]
    """(family, parameter) → the text that holds for the whole class."""
    class_flags: dict[tuple[str, str], str]
    """(family, parameter) → the flag that gave it."""


def named_module(args: list[str]) -> str | None:
    """The module of the last `--module` among `args`; None without one. Raises MissingValue."""
    module = None
    for position, argument in enumerate(_before_dashes(args)):
        if argument.startswith("--module="):
            module = argument.partition("=")[2]
        elif argument == "--module":
            module = args[position + 1] if position + 1 < len(args) and not _is_flag(args[position + 1]) else None
            if module is None:
                raise MissingValue("--module", "the module that defines the task")
    return module or None


def wanted_help(args: list[str]) -> str | None:
    """The help flag among `args`, if there is one: the fullest."""
    asked = [argument for argument in _before_dashes(args) if argument in HELP]
    return max(asked, key=len) if asked else None


def place_of_task(args: list[str]) -> int | None:
    """Where among `args` the first argument stands that is neither a flag nor a flag's value."""
    table = FlagTable()
    place = 0
    while place < len(args) and args[place].startswith("-"):
        text, has_value, _ = args[place].partition("=")
        flag = None if has_value else table.find_ahead(text)
        place += 2 if flag is not None and flag.takes_next else 1
    return place if place < len(args) else None


class Reader:
    """Goes through the arguments once, from left to right."""

    def __init__(self, args: list[str], module: str | None = None) -> None:
        """`module` is the one that `args` name; it has been imported."""
        self._module = module
        self._left = list(reversed(args))
        self._table = FlagTable()
        self._waiting: list[tuple[str, str | None]] = []
        self._only_arguments = False
        self._of_root: dict[str, str] = {}
        self._of_class: dict[tuple[str, str], str] = {}
        self._class_flags: dict[tuple[str, str], str] = {}

    def read(self) -> Reading:
        """The whole reading. Raises UsageError, TaskClassNotFoundException, TaskClassAmbigiousException."""
        while self._left:
            argument = self._left.pop()
            if argument == "--" and not self._only_arguments:
                self._only_arguments = True
            elif argument.startswith("-") and len(argument) > 1 and not self._only_arguments:
                self._take_flag(argument)
            else:
                self._take_argument(argument)
        for text, value in self._waiting:
            self._set_late(text, value)
        return Reading(self._table.root, self._of_root, self._of_class, self._class_flags)

    def root(self) -> type[Task] | None:
        """The task that is named, reading no further than its name."""
        while self._left and self._table.root is None:
            argument = self._left.pop()
            if _is_flag(argument):
                self._take_flag(argument)
            elif not argument.startswith("-"):
                self._take_argument(argument)
        return self._table.root

    def _take_flag(self, argument: str) -> None:
        text, has_value, value = argument.partition("=")
        if not text.startswith("--"):
            raise UnknownFlag(text, [f"-{text}"])
        flag = self._table.find(text) if self._table.root else self._table.find_ahead(text)
        if flag is not None:
            self._set(flag, value if has_value else self._value_behind(flag))
            return
        self._waiting.append((text, value if has_value else None))
        if not has_value and self._left and not _is_flag(self._left[-1]) and self._left[-1] not in Register._get_reg():
            # No task has that name, so it can only be the value of the flag we do not know yet.
            self._waiting[-1] = (text, self._left.pop())

    def _take_argument(self, argument: str) -> None:
        if not argument:
            return
        if self._table.root is not None:
            raise UnexpectedArgument(argument, self._table.root.get_task_family())
        self._table.root = task_class(argument, self._module)

    def _value_behind(self, flag: Flag) -> str:
        if flag.takes_next and self._left and not _is_flag(self._left[-1]):
            return self._left.pop()
        if flag.needs_value:
            raise MissingValue(flag.text, flag.parameter.describe())
        return "true"

    def _set(self, flag: Flag, text: str) -> None:
        if flag.sets_root:
            self._of_root[flag.name] = text
        else:
            self._of_class[flag.family, flag.name] = text
            self._class_flags[flag.family, flag.name] = flag.text

    def _set_late(self, text: str, value: str | None) -> None:
        flag = self._table.find(text)
        if value is None and flag.needs_value:
            raise MissingValue(flag.text, flag.parameter.describe())
        self._set(flag, "true" if value is None else value)


def _is_flag(argument: str) -> bool:
    """Whether it looks like a flag. A single dash may begin a value: `--x -3`."""
    return argument.startswith("--") and " " not in argument.partition("=")[0]


def _before_dashes(args: list[str]) -> list[str]:
    return args[: args.index("--")] if "--" in args else args

"""The command line of a run: the task it names, and the texts it gives for parameters of any class.

Importing this module is cheap, because every parameter with a default asks `CmdlineParser.get_instance()`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from luigi.cli.reading import Reading
    from luigi.task import Task


class CmdlineParser:
    """A command line that was read. Values are parsed when they are asked for.

    While it is the global instance, parameters of every class take their texts from it.
    """

    _instance: ClassVar[CmdlineParser | None] = None

    def __init__(self, cmdline_args: Sequence[str]) -> None:
        """Read `cmdline_args`, importing the module they name.

        Raises SystemExit: 0 after printing help, 1 without a task, 2 for arguments that cannot be read (after saying
        why on stderr). Raises ModuleNotFoundError or ImportError for the module, TaskClassNotFoundException and
        TaskClassAmbigiousException for the task.
        """
        from luigi.cli.opening import read_or_exit

        self._reading: Reading = read_or_exit(list(cmdline_args))
        self._class_values = self._reading.of_class

    @classmethod
    def get_instance(cls) -> CmdlineParser | None:
        """The command line of the run in progress, or None outside of one."""
        return cls._instance

    @classmethod
    @contextlib.contextmanager
    def global_instance(cls, cmdline_args: Sequence[str], allow_override: bool = False) -> Iterator[CmdlineParser]:
        """Make `cmdline_args` the global command line while the context lasts.

        Raises AssertionError inside another such context unless `allow_override`, and what the constructor raises.
        """
        before = cls._instance
        if before is not None and not allow_override:
            raise AssertionError("a command line is in force already; allow_override=True replaces it for a while")
        parser = cls(cmdline_args)
        cls._instance = parser
        try:
            yield parser
        finally:
            cls._instance = before

    @classmethod
    @contextlib.contextmanager
    def set_aside(cls) -> Iterator[None]:
        """While the context lasts, no command line is in force: parameters are what the configuration says."""
        before, cls._instance = cls._instance, None
        try:
            yield
        finally:
            cls._instance = before

    def get_task_obj(self) -> Task:
        """The task that the command line names, with its parameters.

        Raises MissingParameterException naming all that are missing, ParameterValueError for a text that does not
        read as its parameter.
        """
        return self._get_task_cls()(**self._get_task_kwargs())

    # These three are called by nothing else here; programs put others in their place.

    @property
    def known_args(self) -> SimpleNamespace:
        """The text of each of the task's parameters, None for one that is not given."""
        return SimpleNamespace(
            **{name: self._reading.of_root.get(name) for name, _ in self._get_task_cls().get_params()}
        )

    def _get_task_cls(self) -> type[Task]:
        assert self._reading.root is not None, "without a task the constructor has exited"
        return self._reading.root

    def _get_task_kwargs(self) -> dict[str, Any]:
        parameters = dict(self._get_task_cls().get_params())
        given = {name: text for name, text in self._reading.of_root.items() if text}
        return {name: parameters[name].read(text, name, _flag(name)) for name, text in given.items()}

    def class_value(self, task_family: str, param_name: str) -> str | None:
        """The text that `--Family-param` gives for a whole class; None when the flag is absent or empty."""
        return self._class_values.get((task_family, param_name)) or None

    def class_flag(self, task_family: str, param_name: str) -> str | None:
        """The flag that gave `class_value`, in full: `--Family-param`, or `--workers` for one without a prefix."""
        return self._reading.class_flags.get((task_family, param_name))


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"

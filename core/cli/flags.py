"""Which parameter a flag of the command line sets.

Three kinds of flags: `--date` for the task that is run, `--workers` for classes without a section of their own
(`use_cmdline_section = False`, as `core` has), and `--Other-date` for every other class. A flag is looked up when it
is met; nothing lists the flags of all classes unless somebody asks for help or mistypes one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from luigi.cli import own_classes
from luigi.cli.usage import AmbiguousFlag, SharedFlag, UnknownFlag
from luigi.parameter import BoolParameter, Parameter
from luigi.task_register import Register

if TYPE_CHECKING:
    from luigi.task import Task

RESERVED = ("module", "help", "help-all")
"""These always mean the command's own flag, because they are needed before the task's class is known."""


class Flag(NamedTuple):
    """One flag and the parameter behind it."""

    text: str
    family: str
    name: str
    parameter: Parameter[Any]
    sets_root: bool = False
    """Whether it sets the parameter of the task that is run, not of its whole class."""

    @property
    def needs_value(self) -> bool:
        """Whether it means nothing without a value."""
        return not isinstance(self.parameter, BoolParameter)

    @property
    def takes_next(self) -> bool:
        """Whether the argument behind it may be its value. Not so for a bare yes: `--local-scheduler`."""
        parameter = self.parameter
        return not isinstance(parameter, BoolParameter) or parameter.parsing == BoolParameter.EXPLICIT_PARSING


class FlagTable:
    """The flags that exist, given the classes registered now and the task that is run (`root`)."""

    def __init__(self, root: type[Task] | None = None) -> None:
        self.root = root
        self._classes: list[tuple[str, Any]] | None = None
        self._complete = False

    def find(self, text: str) -> Flag:
        """The flag written as `text`, in full or by a beginning that nothing else has.

        The task that is run comes first: its flags are never ambiguous with those of other classes.
        Raises UnknownFlag, AmbiguousFlag or SharedFlag.
        """
        flag = self._exact_or_own(text) or self._by_beginning(text)
        if flag is None:
            raise UnknownFlag(text, [known.text for known in self])
        return flag

    def find_ahead(self, text: str) -> Flag | None:
        """As `find`, for a flag ahead of the task's name: None when it has to wait until the task is known."""
        flag = self._exact_or_own(text)
        if flag is None:
            begun = [known for known in self.bare() if known.text.startswith(_shape(text))]
            flag = begun[0] if len(begun) == 1 else None
        return flag

    def named(self, option: str) -> Flag | None:
        """The flag that `option` of a configured run stands for, or None.

        It is a flag without its dashes, or `Other.date` for what the command line calls `--Other-date`.
        Raises SharedFlag.
        """
        flag = self._exact_or_own(f"--{option}")
        if flag is None and "." in option:
            family, _, name = option.rpartition(".")
            flag = self._exact(f"--{family}-{name}")
        return flag

    def _exact_or_own(self, text: str) -> Flag | None:
        flag = self._exact(text)
        if flag is None and self._register_own():
            flag = self._exact(text)
        return flag

    def _register_own(self) -> bool:
        """Make the kernel's own classes known; whether that was not done before."""
        if self._complete:
            return False
        own_classes.register_all()
        self._classes, self._complete = None, True
        return True

    def _exact(self, text: str) -> Flag | None:
        key = _shape(text)[2:]
        if key not in RESERVED:
            for flag in self.of_root():
                if flag.text[2:] == key:
                    return flag
        for flag in self.bare():
            if flag.text[2:] == key:
                return flag
        return self._prefixed_exact(key)

    def _prefixed_exact(self, key: str) -> Flag | None:
        found = [
            flag
            for family, cls in self._registered()
            if cls.use_cmdline_section and key.startswith(f"{_dashed(family)}-")
            for flag in _flags(family, cls)
            if flag.text[2:] == key
        ]
        if len(found) > 1:
            raise SharedFlag(found[0].text, [(flag.family, flag.name) for flag in found])
        return found[0] if found else None

    def _by_beginning(self, text: str) -> Flag | None:
        shape = _shape(text)
        for flags in (self.of_root(), self.bare(), self.prefixed()):
            begun = [flag for flag in flags if flag.text.startswith(shape) and flag.text[2:] not in RESERVED]
            if len(begun) > 1:
                raise AmbiguousFlag(text, [flag.text for flag in begun])
            if begun:
                return begun[0]
        return None

    def _registered(self) -> list[tuple[str, Any]]:
        if self._classes is None:
            found = Register._get_reg().items()
            self._classes = [(family, cls) for family, cls in found if cls is not Register.AMBIGUOUS_CLASS]
        return self._classes

    def __iter__(self) -> Iterator[Flag]:
        yield from self.of_root()
        yield from self.bare()
        yield from self.prefixed()

    def of_root(self) -> Iterator[Flag]:
        """The flags of the task that is run: `--date`."""
        if self.root is not None:
            for name, parameter in self.root.get_params():
                yield Flag(f"--{_dashed(name)}", self.root.get_task_family(), name, parameter, sets_root=True)

    def bare(self) -> Iterator[Flag]:
        """The flags of classes without a section: `--workers`."""
        for family, cls in self._registered():
            if not cls.use_cmdline_section:
                yield from _flags(family, cls)

    def prefixed(self) -> Iterator[Flag]:
        """The flags that set a parameter for a whole class: `--Other-date`."""
        for family, cls in self._registered():
            if cls.use_cmdline_section:
                yield from _flags(family, cls)


def _flags(family: str, cls: Any) -> Iterator[Flag]:
    prefix = f"--{_dashed(family)}-" if cls.use_cmdline_section else "--"
    for name, parameter in cls.get_params():
        yield Flag(f"{prefix}{_dashed(name)}", family, name, parameter)


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def _shape(text: str) -> str:
    return text.replace("_", "-")

"""What both parsers share: the instance a program uses, its files, typed values, origins."""

from __future__ import annotations

import itertools
import os
import sys
import threading
import warnings
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self

from luigi.configuration.cfg_lines import HEADER
from luigi.configuration.core import STARTED_IN, working_directory
from luigi.configuration.files import Piece, existing, load
from luigi.configuration.kinds import INTEGER, LIMIT, NUMBER, SWITCH, Kind
from luigi.configuration.origin import FILE, PROGRAM, Origin
from luigi.errors import ConfigurationError
from luigi.resource_limits import Limit

Filenames = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]

NO_DEFAULT: Any = object()
"""Stands for a default where there is none, so that a missing option is an error."""

_ABSENT: Any = object()


class BadValue(ConfigurationError, ValueError):
    """An option's value does not read as what the program asked for."""

    def __init__(self, origin: Origin | None, section: str, option: str, value: object, expected: str) -> None:
        place = f"{origin}: " if origin else ""
        super().__init__(f"{place}[{section}] {option} = {value!r} is not {expected}")


def search_path(*places: str) -> list[str]:
    """`places`, and last, where it wins, the file that `LUIGI_CONFIG_PATH` names if there is one."""
    path = os.environ.get("LUIGI_CONFIG_PATH")
    if not path:
        return [*places]
    if not os.path.exists(os.path.join(STARTED_IN, path)):
        warnings.warn(f"LUIGI_CONFIG_PATH={path}: there is no such file", stacklevel=3)
        return [*places]
    return [*places, path]


class BaseParser:
    """A configuration: files read in order, the later winning over the earlier, and what the program sets itself.

    Programs may assign `_instance` (None: read everything anew when next asked) and `_config_paths`.
    """

    _instance: ClassVar[Any] = None
    _search_path: ClassVar[list[str]] = []
    _config_paths: ClassVar[list[str]] = _search_path
    _has_read: ClassVar[bool] = False
    _reading: ClassVar[threading.RLock] = threading.RLock()  # two threads asking first must get one instance
    _generations: ClassVar[itertools.count[int]] = itertools.count(1)

    NO_DEFAULT: ClassVar[Any] = NO_DEFAULT

    generation: int
    """A number that changes whenever a value may have changed, and that no two configurations share."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._origins: dict[tuple[str, str], Origin] = {}
        self.generation = next(BaseParser._generations)
        super().__init__(*args, **kwargs)

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Coming from another process, whose numbers mean nothing here, it needs a `generation` of its own."""
        self.__dict__.update(state)
        self._changed()

    # --- the instance and its files ----------------------------------------------------------------------------

    @classmethod
    def instance(cls, *args: Any, **kwargs: Any) -> Self:
        """The configuration every part of the program shares; made, and its files read, at the first call."""
        current: Self | None = cls._instance
        return cls._first_instance(*args, **kwargs) if current is None else current

    @classmethod
    def _first_instance(cls, *args: Any, **kwargs: Any) -> Self:
        with BaseParser._reading:
            if cls._instance is None:
                parser = cls(*args, **kwargs)
                parser.read(cls._files(cls._base()))
                cls._instance = parser
            current: Self = cls._instance
            return current

    @classmethod
    def _base(cls) -> str:
        """What relative names start from: for the very first reading the directory luigi was imported in."""
        first = not BaseParser._has_read and cls._config_paths is cls._search_path
        BaseParser._has_read = True
        return STARTED_IN if first and working_directory() != STARTED_IN else ""

    @classmethod
    def _files(cls, base: str = "") -> list[str]:
        """The files to read, whether they exist or not, the most important last."""
        return [os.path.join(base, path) for path in cls._config_paths]

    @classmethod
    def add_config_path(cls, path: str) -> None:
        """Read one more file, now and at each `reload`. Raises ConfigurationError, and forgets it, when malformed."""
        cls.instance()
        cls._config_paths.append(path)
        try:
            cls.reload()
        except ConfigurationError:
            cls._config_paths.remove(path)
            raise

    @classmethod
    def reload(cls) -> list[str]:
        """Read the files again, over what is there. The names of those that exist."""
        return cls.instance().read(cls._files())

    def read(self, filenames: Filenames, encoding: str | None = None) -> list[str]:
        """Read files over what is there; those that do not exist are passed over. The names of those read.

        Raises ConfigurationError when one cannot be read or is malformed: then nothing of any of them is used.
        """
        pieces = [load(path, encoding) for path in existing(filenames)]
        for piece in pieces:
            self._take(piece)
        self._changed()
        return [piece.place for piece in pieces]

    def _take(self, piece: Piece) -> None:
        """Put what a file says over what is there."""
        raise NotImplementedError

    def _changed(self) -> None:
        self.generation = next(BaseParser._generations)

    # --- values ------------------------------------------------------------------------------------------------

    if TYPE_CHECKING:  # the parsers' own

        def get(self, section: str, option: str, default: Any = NO_DEFAULT, **kwargs: Any) -> Any: ...
        def own_options(self, section: str) -> list[str]: ...
        def _spelling(self, section: str, option: str) -> str | None: ...

    def lookup(self, section: str, option: str) -> Any:
        """The value of an option however it is spelt (`_` or `-`), or None; quick when there is none.

        Raises ConfigurationError when the value refers to something that does not exist.
        """
        raise NotImplementedError

    def getint(self, section: str, option: str, default: Any = NO_DEFAULT, **kwargs: Any) -> Any:
        """The option as an int; `default`, whatever it is, when it is missing. Raises ValueError for a bad one."""
        return self._read_as(INTEGER, section, option, default, kwargs)

    def getfloat(self, section: str, option: str, default: Any = NO_DEFAULT, **kwargs: Any) -> Any:
        """The option as a float; `default`, whatever it is, when it is missing. Raises ValueError for a bad one."""
        return self._read_as(NUMBER, section, option, default, kwargs)

    def getboolean(self, section: str, option: str, default: Any = NO_DEFAULT, **kwargs: Any) -> Any:
        """The option as a bool (true, yes, on, 1 and their opposites); `default` when it is missing.

        Raises ValueError for any other word.
        """
        return self._read_as(SWITCH, section, option, default, kwargs)

    def getintdict(self, section: str) -> dict[str, int]:
        """All of a section's own options as ints; empty when there is no such section."""
        return {option: self.getint(section, option) for option in self.own_options(section)}

    def getlimits(self, section: str) -> dict[str, Limit]:
        """All of a section's own options as limits of resources: `4`, or a rate such as `10/minute`.

        Raises ValueError for anything else.
        """
        return {option: self._read_as(LIMIT, section, option, NO_DEFAULT, {}) for option in self.own_options(section)}

    def _read_as(self, kind: Kind, section: str, option: str, default: Any, kwargs: dict[str, Any]) -> Any:
        if default is NO_DEFAULT:
            default = kwargs.pop("fallback", NO_DEFAULT)
        value = self.get(section, option, NO_DEFAULT if default is NO_DEFAULT else _ABSENT, **kwargs)
        if value is _ABSENT:
            return default
        try:
            return kind.read(value)
        except (ValueError, TypeError):
            raise BadValue(self.origin(section, option), section, option, value, kind.expected) from None

    # --- origins -----------------------------------------------------------------------------------------------

    def origin(self, section: str, option: str | None = None) -> Origin | None:
        """Where an option's value (or, with no option, a section) came from; None when there is no such thing."""
        name = HEADER if option is None else self._spelling(section, option)
        return None if name is None else self._origins.get((section, name))

    def _note_file(self, piece: Piece) -> None:
        for section, options in piece.values.items():
            for option in (HEADER, *options):
                line = piece.lines.get((section, option), 0)
                self._origins[section, option] = Origin(FILE, piece.place, line)
        for (section, option), line in piece.lines.items():
            self._origins.setdefault((section, option), Origin(FILE, piece.place, line))

    def _note_program(self, section: str, option: str) -> None:
        """Remember the line of the program that sets an option."""
        frame = sys._getframe(1)
        while frame.f_back and frame.f_globals.get("__name__", "").startswith(("luigi.configuration", "configparser")):
            frame = frame.f_back
        self._origins[section, option] = Origin(PROGRAM, frame.f_code.co_filename, frame.f_lineno)

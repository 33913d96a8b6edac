"""Reads configuration files: each whole, or an error that says where it is broken.

A file is taken apart before anything of it is used, so that a slip in one of several files leaves no half-read
configuration behind.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from luigi.configuration.cfg_lines import cfg_lines
from luigi.errors import ConfigurationError

OWN = ("", "cfg", "conf", "ini", "toml")
"""Endings of files that the kernel reads itself. One that nobody knows is read as cfg, too."""

_NO_SECTION = "\0"  # a name for configparser's default section that no file uses, so that [DEFAULT] reads like any


class Piece(NamedTuple):
    """What one file says."""

    place: str
    text: str
    is_toml: bool
    """Whether its values are typed, as TOML's are."""
    values: dict[str, dict[str, Any]]
    """section -> option -> value: text as written from a cfg file, typed from TOML."""
    lines: dict[tuple[str, str], int]


class MalformedFile(ConfigurationError):
    """A configuration file is not written as its format asks."""

    def __init__(self, place: str, line: int, reason: str, hint: str) -> None:
        super().__init__(f"{place}:{line}: {reason}" if line else f"{place}: {reason}", hint=hint)
        self.place, self.line = place, line


def existing(filenames: str | os.PathLike[str] | Iterable[str | os.PathLike[str]]) -> list[str]:
    """Those of `filenames` (one, or several) where there is something."""
    if isinstance(filenames, (str, os.PathLike)):
        filenames = [filenames]
    return [os.fspath(path) for path in filenames if os.path.exists(path)]


def is_toml(path: str) -> bool:
    """Whether a file of that name is read as TOML; anything else is read as cfg."""
    return path.endswith(".toml")


def load(path: str, encoding: str | None = None) -> Piece:
    """What the file at `path` says. Raises ConfigurationError when it cannot be read or is malformed."""
    try:
        with open(path, encoding=encoding or "utf-8-sig") as file:
            text = file.read()
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read: {error.strerror}", hint="check its permissions") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise MalformedFile(path, line, "is not UTF-8 text", "save the file as UTF-8") from error
    if is_toml(path):
        return parse_toml(path, text)
    extension = os.path.splitext(path)[1].lstrip(".")
    if extension not in OWN:
        from luigi.configuration import plugin_formats

        if extension in plugin_formats.formats():
            return plugin_formats.parse(path, text, extension)
    return parse_cfg(path, text)


def parse_cfg(place: str, text: str) -> Piece:
    """What `text`, in configparser's format, says. Raises MalformedFile."""
    import configparser

    parser = configparser.RawConfigParser(default_section=_NO_SECTION)
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # the documented way to keep case
    try:
        parser.read_string(text, source=place)
    except configparser.Error as error:
        raise _malformed_cfg(place, text, error) from error
    values = {section: dict(parser.items(section)) for section in parser.sections()}
    return Piece(place, text, False, values, cfg_lines(text))


def _malformed_cfg(place: str, text: str, error: Any) -> MalformedFile:
    import configparser

    match error:
        case configparser.MissingSectionHeaderError():
            reason = f"{error.line.strip()!r} stands before any [section]"
            hint = "close the bracket" if error.line.startswith("[") else "put a line such as [core] above it"
        case configparser.DuplicateOptionError():
            reason, hint = f"[{error.section}] {error.option} is given twice", "keep one of them"
        case configparser.DuplicateSectionError():
            reason, hint = f"section [{error.section}] is opened twice", "put its options under one header"
        case configparser.ParsingError():
            line = error.errors[0][0]
            content = text.split("\n")[line - 1].strip()
            hint = "write option = value, or indent what continues the line above"
            return MalformedFile(place, line, f"cannot make sense of {content!r}", hint)
        case _:
            reason, hint = str(error), "write [section] headers and option = value lines"
    return MalformedFile(place, getattr(error, "lineno", None) or 0, reason, hint)


def parse_toml(place: str, text: str) -> Piece:
    """What `text`, in TOML, says. Raises MalformedFile, also for an option outside any section."""
    import tomllib

    from luigi.configuration.toml_lines import toml_lines

    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _malformed_toml(place, text, error) from error
    lines = toml_lines(text)
    for name, value in values.items():
        if not isinstance(value, dict):
            hint = f"put it under a header such as [core], or write [{name}] for a section"
            raise MalformedFile(place, lines.get(("", name), 0), f"{name} stands outside any [section]", hint)
    return Piece(place, text, True, values, lines)


def _malformed_toml(place: str, text: str, error: ValueError) -> MalformedFile:
    reason, _, position = str(error).partition(" (at ")
    found = re.match(r"line (\d+)", position)
    line = int(found[1]) if found else text.count("\n") + 1
    return MalformedFile(place, line, f"is not TOML: {reason}", "strings need quotes, and each key stands once")

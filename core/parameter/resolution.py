"""Where a parameter's value comes from when its task was made without one.

In this order: the command line's class-level flag (`--Family-name`), the configuration's `[Family] name`, the
place that `config_path` names. The parameter's own default, the last resort, is the parameter's to add.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from luigi.cmdline_parser import CmdlineParser


class Given:
    """A value that somebody gave outside the program.

    `value` is its text; from a TOML file also a number, a date, a list or a table. `flag` is the command line's, and
    empty when the value is the configuration's.
    """

    __slots__ = ("flag", "option", "section", "value")

    def __init__(self, value: Any, flag: str, section: str, option: str) -> None:
        self.value, self.flag, self.section, self.option = value, flag, section, option

    def origin(self) -> str:
        """Where the value was given, for a human."""
        if self.flag:
            return self.flag
        origin = _configuration().origin(self.section, self.option)
        place = f"{origin} " if origin is not None else ""
        return f"{place}[{self.section}] {self.option}"


def given(family: str, name: str, config_path: Mapping[str, str] | None) -> Given | None:
    """What was given for parameter `name` of `family`, or None. An empty flag counts as not given."""
    command_line = _command_line().get_instance()
    if command_line is not None:
        text = command_line.class_value(family, name)
        if text:
            return Given(text, command_line.class_flag(family, name) or f"--{family}-{name}", family, name)
    configuration = _configuration()
    value = configuration.lookup(family, name)
    if value is not None:
        return Given(value, "", family, name)
    if config_path is None:
        return None
    return _given_elsewhere(configuration, family, name, config_path)


def _given_elsewhere(configuration: Any, family: str, name: str, config_path: Mapping[str, str]) -> Given | None:
    section, option = config_path["section"], config_path["name"]
    value = configuration.lookup(section, option)
    if value is None:
        return None
    warnings.warn(
        f"[{section}] {option} is an old place for this setting: move it to [{family}] {name}",
        DeprecationWarning,
        stacklevel=2,
    )
    return Given(value, "", section, option)


def _configuration() -> Any:
    return _get_config()()


# Parameters are defined by the modules that read configuration and command line: importing those at the top would be
# a circle, and importing them at each look-up would be half its cost.
@cache
def _get_config() -> Any:
    from luigi.configuration import get_config

    return get_config


@cache
def _command_line() -> type[CmdlineParser]:
    from luigi.cmdline_parser import CmdlineParser

    return CmdlineParser

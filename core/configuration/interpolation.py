"""Fills in what the values of a cfg file refer to: other options as `%(name)s`, the environment as `${NAME}`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, MutableMapping
from configparser import Interpolation, InterpolationError

from luigi.errors import ConfigurationError

Parser = MutableMapping[str, Mapping[str, str]]

_VARIABLE = re.compile(r"\$\{([^}]+)\}")
_PARTS = re.compile(r"(\$\{[^}]+\})")


def variables_in(value: str) -> tuple[str, ...]:
    """The names of the environment variables that `value` refers to, in order."""
    return tuple(_VARIABLE.findall(value))


def refers(value: str) -> bool:
    """Whether `value` has to be filled in before it is used."""
    return "%" in value or "${" in value


class InterpolationMissingEnvvarError(InterpolationError, ConfigurationError):
    """A value refers to an environment variable that is not set."""

    def __init__(self, option: str, section: str, value: str, envvar: str, place: str = "") -> None:
        prefix = f"{place}: " if place else ""
        super().__init__(
            option,
            section,
            f"{prefix}[{section}] {option} = {_abridged(value)} refers to the environment variable {envvar}, which is "
            "not set",
        )
        self.hint = f"export {envvar}=VALUE"


def _abridged(value: str) -> str:
    """The variables in it; what stands around them may be a secret, or half of one."""
    return "".join(part if _VARIABLE.fullmatch(part) else "…" for part in _PARTS.split(value) if part)


class EnvironmentInterpolation(Interpolation):
    """Replaces each `${NAME}` by the environment variable NAME. A `$` that starts nothing of the kind is left alone."""

    def before_get(self, parser: Parser, section: str, option: str, value: str, defaults: Mapping[str, str]) -> str:
        """`value` with the environment filled in. Raises InterpolationMissingEnvvarError."""

        def replacement(found: re.Match[str]) -> str:
            name = found[1]
            if name not in os.environ:
                raise InterpolationMissingEnvvarError(option, section, value, name, _place(parser, section, option))
            return os.environ[name]

        return _VARIABLE.sub(replacement, value)


def _place(parser: Parser, section: str, option: str) -> str:
    """Where the parser, if it is one of ours, found the option."""
    origin_of = getattr(parser, "origin", None)
    origin = origin_of(section, option) if origin_of else None
    return str(origin._replace(variables=())) if origin else ""


class CombinedInterpolation(Interpolation):
    """Several interpolations, each working on what the one before it left."""

    def __init__(self, interpolations: Iterable[Interpolation]) -> None:
        self._interpolations = tuple(interpolations)

    def before_get(self, parser: Parser, section: str, option: str, value: str, defaults: Mapping[str, str]) -> str:
        """`value` filled in, as a program sees it."""
        for each in self._interpolations:
            value = each.before_get(parser, section, option, value, defaults)
        return value

    def before_read(self, parser: Parser, section: str, option: str, value: str) -> str:
        """`value` as it is kept when a file is read."""
        for each in self._interpolations:
            value = each.before_read(parser, section, option, value)
        return value

    def before_set(self, parser: Parser, section: str, option: str, value: str) -> str:
        """`value` as it is kept when a program sets it. Raises ValueError for a stray `%`."""
        for each in self._interpolations:
            value = each.before_set(parser, section, option, value)
        return value

    def before_write(self, parser: Parser, section: str, option: str, value: str) -> str:
        """`value` as it is written to a file."""
        for each in self._interpolations:
            value = each.before_write(parser, section, option, value)
        return value

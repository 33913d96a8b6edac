"""Sections of which there may be many, each with a name: `[trigger.nightly]`, in TOML also a table in `[trigger]`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from luigi.errors import ConfigurationError


def named_sections(config: Any, kind: str, what: str) -> dict[str, str]:
    """The sections `[kind.NAME]` by NAME, as they were written. `what` has such a name, in words: "a trigger".

    Raises ConfigurationError for an option that stands in `[kind]` itself.
    """
    prefix = f"{kind}."
    return {section.removeprefix(prefix): section for section in _found(config, kind, prefix, what)}


def _found(config: Any, kind: str, prefix: str, what: str) -> Iterator[str]:
    sections = list(config.sections())
    yield from (name for name in sections if name.startswith(prefix) and not _is_within(name, kind, config))
    for name, value in (config.table(kind) if kind in sections else {}).items():
        if not isinstance(value, dict):
            raise ConfigurationError(f"[{kind}] has no option {name}", hint=f"{what} has a name: [{kind}.NAME]")
        yield prefix + name


def _is_within(section: str, kind: str, config: Any) -> bool:
    """Whether it is a table within another section of the kind: for the cfg parser that is a section, too."""
    outer, _, option = section.rpartition(".")
    return outer != kind and isinstance(config.table(outer).get(option), dict)


def place_of(config: Any, section: str, option: str = "") -> str:
    """Where an option, or else its section, was written, to begin a sentence with: `luigi.cfg:3: `.

    Empty where nobody knows.
    """
    origin = (config.origin(section, option) if option else None) or config.origin(section)
    return f"{origin}: " if origin else ""

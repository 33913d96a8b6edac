"""How the cfg parser keeps options for quick look-up: by section, each option in its spelling with underscores."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from luigi.configuration.interpolation import refers


class Slot(NamedTuple):
    """One option."""

    option: str
    """As it is spelt in the file."""
    value: Any
    """Its text, or the typed value of a TOML file."""
    refers: bool
    """The text refers to something: it has to be filled in."""


def slots_of(texts: Iterable[tuple[str, str]], toml: Mapping[str, Any]) -> dict[str, Slot]:
    """The options of one section, given all their texts and the values of those that come from a TOML file.

    Where both spellings stand in the section, the one with underscores counts.
    """
    slots: dict[str, Slot] = {}
    for option, text in texts:
        plain = option.replace("-", "_")
        if plain == option or plain not in slots:
            typed = toml.get(option, text)
            is_text = isinstance(typed, str)
            slots[plain] = Slot(option, text if is_text else typed, is_text and refers(text))
    return slots


def as_text(value: Any) -> str:
    """A value of a TOML file as a cfg file would say it: JSON for truth values, lists and tables."""
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, dict, list)):
        return json.dumps(value, default=str)
    return str(value)

"""Sections about a task, `[trigger.NAME]` and `[deadline.NAME]`: what is no option of theirs is its parameter.

Parameters may have templates (`luigi.timetable.templates`), which are checked here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from luigi.configuration.named_sections import place_of
from luigi.errors import ConfigurationError, nearest
from luigi.plugin_settings import read
from luigi.timetable.templates import require_that_it_can_be_filled


class BadOption(ConfigurationError):
    """One option of a section will not do; the sentence does not say where it stands."""

    def __init__(self, option: str, sentence: str, hint: str = "") -> None:
        super().__init__(sentence, hint=hint)
        self.option = option


@contextmanager
def about(option: str) -> Iterator[None]:
    """What is wrong within is about this option. Raises BadOption, which names it, for a ConfigurationError."""
    try:
        yield
    except BadOption:
        raise
    except ConfigurationError as error:
        raise BadOption(option, f"{option}: {error}", error.hint) from error


class TaskSection:
    """One section, while it is read."""

    def __init__(self, name: str, config: Any) -> None:
        self.name = name
        self._config = config

    @contextmanager
    def told_where(self) -> Iterator[None]:
        """Raises ConfigurationError, which names file and section, for a BadOption within."""
        try:
            yield
        except BadOption as error:
            place = place_of(self._config, self.name, error.option)
            raise ConfigurationError(f"{place}[{self.name}] {error}", hint=error.hint) from error

    def settings(self, kind: type) -> Any:
        """Those options that are fields of the dataclass `kind`. Raises as `plugin_settings.read` does."""
        return read(kind, self.name, _Part(self._config, _options(kind)))

    def said(self, options: Sequence[str]) -> dict[str, Any]:
        """What is given of these options."""
        found = {name: self._config.lookup(self.name, name) for name in options}
        return {name: value for name, value in found.items() if value is not None}

    def params(self, given: Mapping[str, Any], *kinds: type) -> dict[str, str]:
        """The task's parameters as texts: those `given` by the option `params`, and what is in none of `kinds`.

        Raises BadOption for a template that cannot be filled, and for what looks like a slip of an option.
        """
        known = [name for kind in kinds for name in _options(kind)]
        texts = {name: _text("params", value) for name, value in given.items()}
        for option in self._config.own_options(self.name):
            name = option.replace("-", "_")
            if name not in known:
                _refuse_slip(option, known)
                texts[name] = _text(option, self._config.lookup(self.name, option))
        return texts


class _Part:
    """Some options of a section, as `plugin_settings.read` asks a configuration for them."""

    def __init__(self, config: Any, names: Sequence[str]) -> None:
        self._config, self._names = config, names
        self.lookup, self.origin = config.lookup, config.origin

    def own_options(self, section: str) -> list[str]:
        """Those of them that are given."""
        return [one for one in self._config.own_options(section) if one.replace("-", "_") in self._names]


def _options(kind: type) -> list[str]:
    return [one.name for one in fields(kind)]


def _text(option: str, value: Any) -> str:
    text = text_of(value)
    with about(option):
        require_that_it_can_be_filled(text)
    return text


def text_of(value: Any) -> str:
    """A value of a TOML file as a command line would have it."""
    if isinstance(value, str | date):
        return str(_plain(value))
    return json.dumps(value, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H%M%S}"
    if isinstance(value, date):
        return value.isoformat()
    return dict(value) if isinstance(value, Mapping) else value


def _refuse_slip(option: str, known: Sequence[str]) -> None:
    """What looks like an option is more often one that is misspelt than a parameter."""
    near = nearest(option, known, 1)
    if near and _alike(option, near[0]):
        hint = f'did you mean {near[0]}? A parameter of the task: params = {{"{option}": …}}'
        raise BadOption(option, f"has no option {option}", hint)


def _alike(one: str, other: str) -> bool:
    from difflib import SequenceMatcher

    from luigi.configuration.check import SLIP

    return SequenceMatcher(None, one, other).ratio() >= SLIP

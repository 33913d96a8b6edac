"""The cfg parser: configparser's format, with `%(name)s` and `${ENV}` in values."""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Iterable
from configparser import BasicInterpolation, ConfigParser, InterpolationError, NoOptionError, NoSectionError
from typing import Any, ClassVar

from luigi.configuration.base_parser import NO_DEFAULT, BaseParser, search_path
from luigi.configuration.files import Piece, is_toml, parse_cfg
from luigi.configuration.interpolation import (
    CombinedInterpolation,
    EnvironmentInterpolation,
    InterpolationMissingEnvvarError,
    variables_in,
)
from luigi.configuration.origin import Origin
from luigi.configuration.slots import Slot, as_text, slots_of
from luigi.errors import ConfigurationError

__all__ = [
    "CombinedInterpolation",
    "EnvironmentInterpolation",
    "InterpolationMissingEnvvarError",
    "LuigiConfigParser",
]

TOML_PLACES = ("/etc/luigi/luigi.toml", "luigi.toml")


class LuigiConfigParser(BaseParser, ConfigParser):  # type: ignore[misc]  # a ConfigParser's read takes names in bytes too
    """The configuration of luigi.cfg.

    Option names keep their case; `-` and `_` are the same in them. Of two spellings in one file the one with `_`
    counts. A TOML file can be among the files: its numbers, dates, lists and tables keep their types for `lookup`
    and are text (JSON for lists and tables) for `get`.
    """

    enabled: ClassVar[bool] = True
    _instance: ClassVar[Any] = None
    _search_path: ClassVar[list[str]] = search_path(
        "/etc/luigi/client.cfg",  # deprecated
        "/etc/luigi/luigi.cfg",
        "client.cfg",  # deprecated
        "luigi.cfg",
    )
    _config_paths: ClassVar[list[str]] = _search_path
    _DEFAULT_INTERPOLATION = CombinedInterpolation([BasicInterpolation(), EnvironmentInterpolation()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._toml: dict[str, dict[str, Any]] = {}
        self._slots: dict[str, dict[str, Slot]] | None = None
        super().__init__(*args, **kwargs)

    def optionxform(self, optionstr: str) -> str:
        """Option names keep their case."""
        return optionstr

    # --- files -------------------------------------------------------------------------------------------------

    @classmethod
    def _files(cls, base: str = "") -> list[str]:
        """The search path; where it leads to no cfg file and nobody chose a parser, luigi.toml stands in for it."""
        files = super()._files(base)
        chosen = os.environ.get("LUIGI_CONFIG_PARSER") or cls._config_paths is not cls._search_path
        if chosen or any(os.path.exists(file) and not is_toml(file) for file in files):
            return files
        return [*(os.path.join(base, place) for place in TOML_PLACES), *files]

    def read_file(self, f: Iterable[str], source: str | None = None) -> None:
        """Read the lines of `f` over what is there; `source` names it in messages."""
        self._take(parse_cfg(source or str(getattr(f, "name", "<text>")), "".join(f)))

    def _take(self, piece: Piece) -> None:
        self._forget_spellings(piece)
        if piece.is_toml:
            for section, table in piece.values.items():
                self._take_table(section, table)
        else:
            for section, options in piece.values.items():
                self._forget_types(section, options)
            super().read_file(io.StringIO(piece.text), piece.place)
        self._note_file(piece)
        self._changed()

    def _take_table(self, section: str, table: dict[str, Any]) -> None:
        """A table is a section; a table in it is an option, and a section of its own under its dotted name."""
        if section != self.default_section and not self.has_section(section):
            super().add_section(section)
        self._toml.setdefault(section, {}).update(table)
        for option, value in table.items():
            super().set(section, option, as_text(value).replace("%", "%%"))
            if isinstance(value, dict):
                self._take_table(f"{section}.{option}", value)

    def _forget_types(self, section: str, options: Iterable[str]) -> None:
        typed = self._toml.get(section, {})
        for option in options:
            typed.pop(option, None)

    def _forget_spellings(self, piece: Piece) -> None:
        """What a later file spells `a_b` replaces what an earlier one spelt `a-b`, and the other way round."""
        for section, options in piece.values.items():
            for option in options:
                self._forget_spelling(section, self._spelling(section, option), option)

    def _forget_spelling(self, section: str, known: str | None, option: str) -> None:
        if known is not None and known != option and (section, known) in self._origins:
            self.remove_option(section, known)

    # --- changes -----------------------------------------------------------------------------------------------

    def set(self, section: str, option: str, value: str | None = None) -> None:
        """Set an option, opening its section when there is none. Raises TypeError when `value` is no text."""
        if section != self.default_section and not self.has_section(section):
            self.add_section(section)
        known = self._spelling(section, option)
        super().set(section, option, value)
        self._forget_types(section, [option])
        self._forget_spelling(section, known, option)
        self._note_program(section, option)
        self._changed()

    def add_section(self, section: str) -> None:
        """Open a section. Raises DuplicateSectionError when it is there."""
        self._changed()
        super().add_section(section)

    def remove_option(self, section: str, option: str) -> bool:
        """Remove an option; whether it was there."""
        name = self._spelling(section, option) or option
        self._origins.pop((section, name), None)
        self._forget_types(section, [name])
        self._changed()
        return super().remove_option(section, name)

    def remove_section(self, section: str) -> bool:
        """Remove a section and its options; whether it was there."""
        self._toml.pop(section, None)
        self._changed()
        return super().remove_section(section)

    def _changed(self) -> None:
        self._slots = None
        super()._changed()

    # --- values ------------------------------------------------------------------------------------------------

    def lookup(self, section: str, option: str) -> Any:
        slots = self._slots
        options = (self._indexed() if slots is None else slots).get(section)
        if options is None:
            return None
        slot = options.get(option)
        if slot is None:
            slot = options.get(option.replace("-", "_")) if "-" in option else None
            if slot is None:
                return None
        return self._filled_in(section, slot) if slot.refers else slot.value

    def _filled_in(self, section: str, slot: Slot) -> str:
        try:
            return ConfigParser.get(self, section, slot.option)
        except InterpolationMissingEnvvarError:
            raise
        except InterpolationError as error:
            told = _told(slot, error.message)
            raise ConfigurationError(
                f"{self.origin(section, slot.option)}: [{section}] {told}", hint="write %% for a percent sign"
            ) from (None if told.endswith(HIDDEN) else error)

    def _indexed(self) -> dict[str, dict[str, Slot]]:
        """The whole configuration by section and by option, each option in its spelling with `_`."""
        slots = {}
        for section in (self.default_section, *self.sections()):
            slots[section] = slots_of(self.items(section, raw=True), self._toml.get(section, {}))
        self._slots = slots
        return slots

    def _slot(self, section: str, option: str) -> Slot | None:
        slots = self._indexed() if self._slots is None else self._slots
        return slots.get(section, {}).get(option.replace("-", "_"))

    def _spelling(self, section: str, option: str) -> str | None:
        slot = self._slot(section, option)
        return slot.option if slot else None

    def get(  # type: ignore[override]  # a ConfigParser's, which is no Mapping's
        self, section: str, option: str, default: Any = NO_DEFAULT, **kwargs: Any
    ) -> Any:
        """The option's text; `default`, whatever it is, when there is no such option or section.

        `kwargs` are configparser's raw, vars and fallback. Raises NoSectionError, NoOptionError and
        InterpolationError as configparser does.
        """
        name = self._spelling(section, option)
        if name is not None and "-" in name:
            _discourage_dashes(section, name)
        try:
            return super().get(section, name or option, **kwargs)
        except (NoSectionError, NoOptionError):
            if default is NO_DEFAULT:
                raise
            return default

    def has_option(self, section: str, option: str) -> bool:
        """Whether the option is there, in either spelling."""
        return self._slot(section or self.default_section, option) is not None

    def own_options(self, section: str) -> list[str]:
        """The options of a section without those it has from [DEFAULT]."""
        defaults = self.defaults()
        found = self.options(section) if self.has_section(section) else []
        return [option for option in found if option not in defaults or (section, option) in self._origins]

    def table(self, section: str) -> dict[str, Any]:
        """A section as a TOML file gave it, typed; empty when it comes from a cfg file."""
        return dict(self._toml.get(section, {}))

    def origin(self, section: str, option: str | None = None) -> Origin | None:
        if option is None:
            return super().origin(section)
        slot = self._slot(section, option)
        if slot is None:
            return None
        found = self._origins.get((section, slot.option)) or self._origins.get((self.default_section, slot.option))
        return found._replace(variables=variables_in(slot.value)) if found and slot.refers else found


HIDDEN = "***: cannot be filled in"


def _told(slot: Slot, problem: str) -> str:
    """What may be said of a value that cannot be filled in: of one that is called like a secret, nothing."""
    from luigi.masking import SECRET_NAMES

    return f"{slot.option} = " + (HIDDEN if SECRET_NAMES.search(slot.option) else f"{slot.value}: {problem}")


def _discourage_dashes(section: str, option: str) -> None:
    plain = option.replace("-", "_")
    warnings.warn(f"[{section}] {option}: write {plain}, with underscores", DeprecationWarning, stacklevel=3)

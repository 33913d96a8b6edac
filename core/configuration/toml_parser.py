"""The TOML parser: typed values, taken as they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from configparser import ConfigParser, NoOptionError, NoSectionError
from typing import Any, ClassVar

from luigi.configuration.base_parser import NO_DEFAULT, BaseParser, Filenames, search_path
from luigi.configuration.cfg_parser import TOML_PLACES, LuigiConfigParser
from luigi.configuration.files import Piece, parse_toml
from luigi.configuration.origin import Origin

toml_enabled = True


class _NoOption(NoOptionError, KeyError):
    """Luigi's TOML parser raises KeyError where its cfg parser raises NoOptionError: programs catch either."""


class _NoSection(NoSectionError, KeyError):
    """The same for a section."""


class LuigiTomlParser(BaseParser, ConfigParser):
    """The configuration of luigi.toml.

    `get` and `lookup` give values as TOML types them: numbers, dates, lists, tables. A table in a table is an option
    of the outer one, and a section of its own under its dotted name: `[my.Task]` is the section of the family
    `my.Task`. A cfg file can be among the files: its values are text, filled in as the cfg parser does.
    """

    enabled: ClassVar[bool] = True
    _instance: ClassVar[Any] = None
    _search_path: ClassVar[list[str]] = search_path(*TOML_PLACES)
    _config_paths: ClassVar[list[str]] = _search_path

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._data: dict[str, dict[str, Any]] = {}
        self._cfg = LuigiConfigParser()  # what cfg files say: no option is both here and in _data
        super().__init__(*args, **kwargs)

    @property
    def data(self) -> dict[str, dict[str, Any]]:
        """section -> option -> value, as the TOML files and the program say. Programs may assign it."""
        return self._data

    @data.setter
    def data(self, data: dict[str, dict[str, Any]]) -> None:
        self._data = data
        self._changed()

    # --- files and changes -------------------------------------------------------------------------------------

    def read(  # type: ignore[override]  # a ConfigParser's takes names in bytes too
        self, config_paths: Filenames, encoding: str | None = None
    ) -> list[str]:
        """As `BaseParser.read`; Luigi calls the argument so here."""
        return super().read(config_paths, encoding)

    def read_file(self, f: Iterable[str], source: str | None = None) -> None:
        """Read TOML lines over what is there; `source` names them in messages."""
        self._take(parse_toml(source or str(getattr(f, "name", "<text>")), "".join(f)))

    def _take(self, piece: Piece) -> None:
        for section, options in piece.values.items():
            for option in options:
                self._forget(section, option)
        if piece.is_toml:
            for section, table in piece.values.items():
                self._data.setdefault(section, {}).update(table)
        else:
            self._cfg._take(piece)
        self._note_file(piece)
        self._changed()

    def set(self, section: str, option: str, value: Any = None) -> None:
        """Set an option to any value, opening its section when there is none."""
        self._forget(section, option)
        self._data.setdefault(section, {})[option] = value
        self._note_program(section, option)
        self._changed()

    def _forget(self, section: str, option: str) -> None:
        """Drop what was there under any spelling."""
        if self._cfg.has_option(section, option):
            self._cfg.remove_option(section, option)
        name = self._spelling(section, option)
        if name is not None:
            self._data.get(section, {}).pop(name, None)
            self._origins.pop((section, name), None)

    def add_section(self, section: str) -> None:
        """Open a section, if it is not there."""
        self._data.setdefault(section, {})
        self._changed()

    def remove_option(self, section: str, option: str) -> bool:
        """Remove an option; whether it was there."""
        found = self.has_option(section, option)
        self._forget(section, option)
        self._changed()
        return found

    def remove_section(self, section: str) -> bool:
        """Remove a section and its options; whether it was there."""
        found = self._data.pop(section, None) is not None
        self._changed()
        return self._cfg.remove_section(section) or found

    # --- values ------------------------------------------------------------------------------------------------

    def lookup(self, section: str, option: str) -> Any:
        table = self._data.get(section)
        if table is None and "." in section:
            table = self._nested(section)
        if table is not None:
            value = table.get(option)
            if value is None and ("_" in option or "-" in option):
                value = table.get(option.replace("-", "_"), table.get(option.replace("_", "-")))
            if value is not None:
                return value
        return self._cfg.lookup(section, option)

    def get(  # type: ignore[override]  # a ConfigParser's, which is no Mapping's
        self, section: str, option: str, default: Any = NO_DEFAULT, **kwargs: Any
    ) -> Any:
        """The option's value as TOML types it; `default`, whatever it is, when there is no such option or section.

        Raises NoSectionError or NoOptionError, each of them also a KeyError.
        """
        if self._cfg.has_option(section, option):
            return self._cfg.get(section, option, **kwargs)
        name = self._spelling(section, option)
        if name is not None:
            return self.table(section)[name]
        if default is NO_DEFAULT:
            default = kwargs.get("fallback", NO_DEFAULT)
        if default is NO_DEFAULT:
            raise _NoOption(option, section) if self.has_section(section) else _NoSection(section)
        return default

    def _nested(self, section: str) -> dict[str, Any] | None:
        """The table with that dotted path."""
        table: Any = self._data
        for name in section.split("."):
            table = table.get(name) if isinstance(table, dict) else None
        return table if isinstance(table, dict) else None

    def _spelling(self, section: str, option: str) -> str | None:
        table = self.table(section)
        for name in (option, option.replace("-", "_"), option.replace("_", "-")):
            if name in table:
                return name
        return None

    def table(self, section: str) -> dict[str, Any]:
        """A section as the TOML files and the program gave it, typed; empty when there is none."""
        found = self._data.get(section)
        return (self._nested(section) or {}) if found is None else found

    def own_options(self, section: str) -> list[str]:
        """The options of a section."""
        return [*self.table(section), *self._cfg.own_options(section)]

    def origin(self, section: str, option: str | None = None) -> Origin | None:
        if option is not None and self._cfg.has_option(section, option):
            return self._cfg.origin(section, option)
        return super().origin(section, option)

    # --- what a ConfigParser has -------------------------------------------------------------------------------

    def sections(self) -> list[str]:
        """The names of the sections: of the tables that stand in no other."""
        return [*self._data, *(section for section in self._cfg.sections() if section not in self._data)]

    def has_section(self, section: str) -> bool:
        """Whether there is such a section, or a table of that dotted name."""
        return section in self._data or self._nested(section) is not None or self._cfg.has_section(section)

    def has_option(self, section: str, option: str) -> bool:
        """Whether the option is there, in either spelling."""
        return self._spelling(section, option) is not None or self._cfg.has_option(section, option)

    def options(self, section: str) -> list[str]:
        """The names of a section's options. Raises NoSectionError."""
        if not self.has_section(section):
            raise _NoSection(section)
        return self.own_options(section)

    def items(self, section: Any = None, raw: bool = False, vars: Any = None) -> Any:
        """(option, value) of a section, or (section, {option: value}) of them all."""
        if section is None:
            return [(name, self[name]) for name in self]
        return [(option, self.get(section, option)) for option in self.options(section)]

    def __getitem__(self, key: str) -> Any:
        return dict(self.items(key))

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.has_section(key)

    def __iter__(self) -> Iterator[str]:
        return iter(self.sections())

    def __len__(self) -> int:
        return len(self.sections())

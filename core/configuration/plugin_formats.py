"""Configuration formats that installed plugins bring, such as YAML: found by what a file's name ends with.

Plugins that a configuration names come too late to read it, so only installed ones are asked, and only when there is a
file, or a `LUIGI_CONFIG_PARSER`, of a format that the kernel does not know itself.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from luigi.configuration.files import MalformedFile, Piece
from luigi.errors import KernelError

if TYPE_CHECKING:
    from luigi.configuration.toml_parser import LuigiTomlParser

_KIND = "config_parsers"


def formats() -> list[str]:
    """What names of files may end with beyond the kernel's own formats."""
    return sorted(_plugins().providers(_KIND))


def parse(place: str, text: str, extension: str) -> Piece:
    """What `text` says in the format `extension`. Raises MalformedFile."""
    try:
        values = _plugins().provider(_KIND, extension).factory(text, place)
        sections = {str(section): dict(options) for section, options in values.items()}
    except KernelError:
        raise
    except Exception as error:  # whatever a library for that format raises
        hint = "at the top there are sections, and in each of them options with their values"
        raise MalformedFile(place, 0, f"is not {extension}: {error}", hint) from error
    return Piece(place, text, True, sections, {})


@cache
def parser_class(extension: str) -> type[LuigiTomlParser]:
    """The configuration whose own files are of that format: luigi.yaml, /etc/luigi/luigi.yaml."""
    from luigi.configuration.base_parser import search_path
    from luigi.configuration.cfg_parser import TOML_PLACES
    from luigi.configuration.toml_parser import LuigiTomlParser

    places = search_path(*(place.removesuffix("toml") + extension for place in TOML_PLACES))
    own: dict[str, Any] = {"_instance": None, "_search_path": places, "_config_paths": places}
    return type(f"Luigi{extension.capitalize()}Parser", (LuigiTomlParser,), own)


def _plugins() -> Any:
    from luigi.plugin_loading import Wanted, known
    from luigi.plugin_manager import PluginManager

    return PluginManager.loading(Wanted([found for found in known() if found.kind == _KIND]))

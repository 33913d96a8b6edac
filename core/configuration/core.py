"""Chooses the parser in use and adds files to it.

`LUIGI_CONFIG_PARSER` (cfg, conf, ini or toml; cfg when it is not set) decides which files are looked for: luigi.cfg or
luigi.toml. A file that is named explicitly, in `LUIGI_CONFIG_PATH` or with `add_config_path`, is read in the format
of its own extension whichever parser is in use, so that both formats can serve one program.

Nothing here imports a parser before configuration is first asked for: `import luigi` stays cheap.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any

from luigi.errors import ConfigurationError, did_you_mean

if TYPE_CHECKING:
    from luigi.configuration.cfg_parser import LuigiConfigParser
    from luigi.configuration.toml_parser import LuigiTomlParser

DEFAULT_PARSER = "cfg"
_FORMATS = {"cfg": "cfg", "conf": "cfg", "ini": "cfg", "toml": "toml"}


def working_directory() -> str:
    """Where the process is; an empty string when that directory has been deleted."""
    try:
        return os.getcwd()
    except FileNotFoundError:
        return ""


STARTED_IN = working_directory()
"""Where luigi was imported: the `luigi.cfg` of this directory counts, even when the program has moved on since."""


def get_config(parser: str | None = None) -> LuigiConfigParser | LuigiTomlParser:
    """The configuration in use, read from its files the first time it is asked for.

    `parser`: cfg, conf, ini or toml, instead of what `LUIGI_CONFIG_PARSER` says.
    Raises ConfigurationError for another name, and for a file that cannot be read or is malformed.
    """
    name = parser or os.environ.get("LUIGI_CONFIG_PARSER") or DEFAULT_PARSER
    return _parser_class(name).instance()


def add_config_path(path: str) -> bool:
    """Read one more file, which wins over those before it; `path` decides its format (.toml, else cfg).

    False, and a warning, when there is no such file. Raises ConfigurationError when it is malformed.
    """
    if not os.path.exists(path):
        import warnings

        warnings.warn(f"configuration file {path} does not exist", stacklevel=2)
        return False
    in_use = type(get_config())
    in_use.add_config_path(path)
    extension = os.path.splitext(path)[1].lstrip(".")
    own = _parser_class(extension if extension in _FORMATS else DEFAULT_PARSER)
    if own is not in_use:
        own._config_paths.append(path)
    return True


@cache
def _parser_class(name: str) -> type[LuigiConfigParser] | type[LuigiTomlParser]:
    match _FORMATS.get(name):
        case "cfg":
            from luigi.configuration.cfg_parser import LuigiConfigParser

            return LuigiConfigParser
        case "toml":
            from luigi.configuration.toml_parser import LuigiTomlParser

            return LuigiTomlParser
    from luigi.configuration import plugin_formats

    brought = plugin_formats.formats()
    if name in brought:
        return plugin_formats.parser_class(name)
    names = [*_FORMATS, *brought]
    hint = did_you_mean(name, names) or f"set LUIGI_CONFIG_PARSER to one of {', '.join(names)}, or to nothing"
    raise ConfigurationError(f"there is no configuration parser {name!r}", hint=hint)


def __getattr__(name: str) -> Any:
    if name == "PARSERS":
        return {extension: _parser_class(extension) for extension in _FORMATS}
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

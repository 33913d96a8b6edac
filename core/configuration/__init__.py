"""Configuration: luigi.cfg and luigi.toml, one look-up, every value knowing where it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from luigi.configuration.core import add_config_path, get_config

if TYPE_CHECKING:
    from luigi.configuration.cfg_parser import LuigiConfigParser
    from luigi.configuration.toml_parser import LuigiTomlParser

__all__ = ["LuigiConfigParser", "LuigiTomlParser", "add_config_path", "get_config"]


def __getattr__(name: str) -> Any:
    """The parser classes, imported when first named: configparser and tomllib are too dear for `import luigi`."""
    if name == "LuigiConfigParser":
        from luigi.configuration.cfg_parser import LuigiConfigParser

        return LuigiConfigParser
    if name == "LuigiTomlParser":
        from luigi.configuration.toml_parser import LuigiTomlParser

        return LuigiTomlParser
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

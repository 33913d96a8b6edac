"""What `[postgres]`, `[mysql]`, `[mssql]` and `[sqlalchemy]` say. Programs keep options of their own there, too."""

from __future__ import annotations

from typing import Any, Final

MARKER_TABLE: Final = "table_updates"
CONNECT_TIMEOUT: Final = 10.0
CONNECT_ATTEMPTS: Final = 3


def text(section: str, option: str, default: str = "") -> str:
    """An option as text."""
    return str(_config().get(section, option, default))


def connect_timeout(section: str) -> float:
    """Seconds until a server that does not answer is given up. Raises ConfigurationError."""
    return float(_config().getfloat(section, "connect_timeout", CONNECT_TIMEOUT))


def connect_attempts(section: str) -> int:
    """How often a connection is tried, at least once. Raises ConfigurationError."""
    return max(1, int(_config().getint(section, "connect_attempts", CONNECT_ATTEMPTS)))


def _config() -> Any:
    from luigi.configuration import get_config

    return get_config()

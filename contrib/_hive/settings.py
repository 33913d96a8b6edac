"""The section [hive]."""

from __future__ import annotations

import re
import shlex
from typing import Final

from luigi.configuration import get_config
from luigi.errors import ConfigurationError

SECTION: Final = "hive"


def load_hive_cmd() -> list[str]:
    """`command`: the program, and options for all it does."""
    return shlex.split(get_config().get(SECTION, "command", "hive"))


def get_hive_syntax() -> str:
    """`release`: which client there is by default; "apache", "metastore", "warehouse", or else Hive's own command."""
    return str(get_config().get(SECTION, "release", "cdh4"))


def get_hive_warehouse_location() -> str:
    """`warehouse_location`: the folder that Hive keeps its tables in."""
    return str(get_config().get(SECTION, "warehouse_location", "/user/hive/warehouse"))


def get_ignored_file_masks() -> str | None:
    """`ignored_file_masks`: a regular expression for files that are no rows of a table."""
    masks: str | None = get_config().get(SECTION, "ignored_file_masks", None)
    return masks


def ignored_files() -> re.Pattern[str] | None:
    """The same, to match with. Raises ConfigurationError where it is no regular expression."""
    masks = get_ignored_file_masks()
    try:
        return re.compile(masks) if masks else None
    except re.error as error:
        raise ConfigurationError(f"[{SECTION}] ignored_file_masks = {masks}: {error}") from error


def hiverc_location() -> str | None:
    """`hiverc_location`: a file of commands that come before every query."""
    return get_config().get(SECTION, "hiverc_location", None) or None


def metastore() -> tuple[str, int]:
    """`metastore_host` and `metastore_port`. Raises ConfigurationError where no host is named."""
    host = get_config().get(SECTION, "metastore_host", "")
    if not host:
        hint = "set it to the host of Hive's metastore"
        raise ConfigurationError(f"[{SECTION}] metastore_host is not set", hint=hint)
    return str(host), get_config().getint(SECTION, "metastore_port", 9083)


def timeout() -> float:
    """`timeout`: seconds for a question about a table."""
    return float(get_config().getfloat(SECTION, "timeout", 120.0))

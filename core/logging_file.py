"""Configures logging from a file (ini, TOML or JSON) or from a table of a configuration file."""

from __future__ import annotations

import os
from typing import Any

from luigi.errors import ConfigurationError


class NoLoggingFile(ConfigurationError, FileNotFoundError):
    """The logging configuration file that was asked for does not exist."""

    def __init__(self, path: str) -> None:
        super().__init__(f"logging configuration file {path} does not exist")
        self.hint = "give its path with --logging-conf-file or [core] logging_conf_file, from where the program starts"


class BadLoggingConfiguration(ConfigurationError, RuntimeError):
    """A logging configuration does not say what `logging.config` needs."""

    def __init__(self, place: str, reason: object) -> None:
        super().__init__(f"{place}: logging cannot be configured so: {reason}")
        self.hint = "https://docs.python.org/3/library/logging.config.html shows what it may say"


def configure_from_file(path: str) -> None:
    """Configure logging as the file at `path` says; its name's end decides how it is read (.toml, .json, else ini).

    Loggers that exist stay enabled. Raises ConfigurationError when the file does not exist or is wrong.
    """
    if not os.path.exists(path):
        raise NoLoggingFile(path)
    if path.endswith((".toml", ".json")):
        configure_from_dict(_table(path), path)
        return
    import logging.config

    try:
        logging.config.fileConfig(path, disable_existing_loggers=False)
    except Exception as error:  # what is wrong in the file may surface as any class at all: it names classes to call
        raise BadLoggingConfiguration(path, _reason(error)) from error


def configure_from_dict(table: dict[str, Any], place: str) -> None:
    """Configure logging as `logging.config.dictConfig` does; `place` is what errors name. Raises ConfigurationError."""
    import logging.config

    try:
        logging.config.dictConfig({"version": 1, **table})
    except (ValueError, TypeError, AttributeError, ImportError) as error:
        raise BadLoggingConfiguration(place, _reason(error)) from error


def _table(path: str) -> dict[str, Any]:
    """What a TOML or JSON file says: its `logging` table if it has one, else all of it."""
    import json
    import tomllib

    try:
        with open(path, encoding="utf-8") as file:
            table = tomllib.loads(file.read()) if path.endswith(".toml") else json.load(file)
    except (OSError, ValueError) as error:
        raise BadLoggingConfiguration(path, error) from error
    if not isinstance(table, dict):
        raise BadLoggingConfiguration(path, "it holds no table")
    inner = table.get("logging")
    return inner if isinstance(inner, dict) else table


def _reason(error: BaseException) -> str:
    cause = f": {error.__cause__}" if error.__cause__ else ""
    return f"{error}{cause}" if str(error) else type(error).__name__

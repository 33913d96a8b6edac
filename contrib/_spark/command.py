"""The command line of spark-submit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

OPTIONS: Final = (
    "master",
    "deploy_mode",
    "name",
    "class",
    "jars",
    "packages",
    "py_files",
    "files",
    "archives",
    "conf",
    "properties_file",
    "driver_memory",
    "driver_java_options",
    "driver_library_path",
    "driver_class_path",
    "executor_memory",
    "driver_cores",
    "supervise",
    "total_executor_cores",
    "executor_cores",
    "queue",
    "num_executors",
)
"""What spark-submit takes, in the order in which it is given."""


def options(given: Mapping[str, Any]) -> list[str]:
    """The words that tell spark-submit of the values of OPTIONS."""
    return [word for option in OPTIONS for word in _words("--" + option.replace("_", "-"), given.get(option))]


def _words(flag: str, value: Any) -> list[str]:
    if value is None or value is False or value == "":
        return []
    if value is True:
        return [flag]
    if isinstance(value, Mapping):
        return [word for name, one in value.items() for word in (flag, f"{name}={one}")]
    if isinstance(value, Iterable) and not isinstance(value, str):
        joined = ",".join(map(str, value))
        return [flag, joined] if joined else []
    return [flag, str(value)]


def program(path: str) -> str:
    """The path of an app as spark-submit takes it: what begins with "-" would be an option."""
    return f"./{path}" if path.startswith("-") else path

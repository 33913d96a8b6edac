"""What a task for Spark takes from the configuration, unless its class says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from luigi.configuration import get_config
from luigi.errors import ConfigurationError

if TYPE_CHECKING:
    from luigi.contrib._spark.submit import SparkSubmitTask


def text(option: str, meaning: str, default: str | None = None) -> Any:
    """The option as it is."""
    return property(lambda task: _read(task, option) or default, doc=meaning)


def words(option: str, meaning: str) -> Any:
    """The option as a list, of what stands between commas; None when there is nothing."""
    return property(lambda task: split(_read(task, option)) or None, doc=meaning)


def switch(option: str, meaning: str) -> Any:
    """The option as a bool: "false" is False here, with Luigi any value is True."""

    def read(task: SparkSubmitTask) -> bool:
        return bool(_read(task, option)) and get_config().getboolean(task.spark_version, option)

    return property(read, doc=meaning)


def pairs(option: str, meaning: str) -> Any:
    """The option as a dict, of NAME=VALUE|NAME=VALUE; None when there is nothing."""
    return property(lambda task: mapping(_read(task, option)) or None, doc=meaning)


def split(listed: str | None) -> list[str]:
    """What stands between commas."""
    return [word for word in map(str.strip, (listed or "").split(",")) if word]


def mapping(given: Any) -> dict[str, Any]:
    """Spark's properties: a dict, pairs, or NAME=VALUE|NAME=VALUE. Raises ConfigurationError."""
    if given is None:
        return {}
    if not isinstance(given, str):
        return dict(given.items() if isinstance(given, Mapping) else given)
    return dict(_pair(word) for word in given.split("|") if word.strip())


def _pair(word: str) -> tuple[str, str]:
    name, equals, value = word.partition("=")
    if not equals:
        raise ConfigurationError(
            f"Spark's conf has {word.strip()!r}, which is not NAME=VALUE",
            hint="write it as spark.eventLog.enabled=false|spark.ui.port=4050",
        )
    return name.strip(), value.strip()


def _read(task: SparkSubmitTask, option: str) -> str | None:
    found: str | None = get_config().get(task.spark_version, option, None)
    return found

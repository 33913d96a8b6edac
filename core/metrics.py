"""Metrics collectors by Luigi's names: the class to derive from, and what `[scheduler] metrics_collector` may name.

`measuring.py` tells them what happens.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any

from luigi.errors import ConfigurationError
from luigi.parameter import EnumParameter

if TYPE_CHECKING:
    from luigi.telling import TaskFacts


class MetricsCollector(ABC):
    """What a collector of one's own is derived from. Its methods are called one after the other, by one thread."""

    def __init__(self) -> None:
        """A collector that `metrics_custom_import` names is made without arguments."""

    @abstractmethod
    def handle_task_started(self, task: TaskFacts) -> None:
        """A task was handed out."""

    @abstractmethod
    def handle_task_failed(self, task: TaskFacts) -> None:
        """A task failed, and may be tried again."""

    @abstractmethod
    def handle_task_disabled(self, task: TaskFacts, config: Any) -> None:
        """A task failed for the last time, or a worker said it is disabled. `config` is the `[scheduler]` section."""

    @abstractmethod
    def handle_task_done(self, task: TaskFacts) -> None:
        """A task is done. Where it was found done, without being run, its `time_running` is None."""

    def handle_task_statistics(self, task: TaskFacts, statistics: Mapping[str, Any]) -> None:
        """A worker measured something of a task: name → figure."""

    def generate_latest(self) -> str | bytes | None:
        """What `/metrics` of the server answers; None where figures are sent, not fetched."""
        return None

    def configure_http_handler(self, http_handler: Any) -> None:
        """Say with `http_handler.set_header(name, value)` what `generate_latest` gives."""

    def close(self) -> None:
        """The run has ended: pass on what is left, and let go of ports."""


class NoMetricsCollector(MetricsCollector):
    """Counts nothing."""

    def handle_task_started(self, task: TaskFacts) -> None:
        """Nothing."""

    def handle_task_failed(self, task: TaskFacts) -> None:
        """Nothing."""

    def handle_task_disabled(self, task: TaskFacts, config: Any) -> None:
        """Nothing."""

    def handle_task_done(self, task: TaskFacts) -> None:
        """Nothing."""


class MetricsCollectors(Enum):
    """What Luigi knows by name. Any other name is that of a plugin's collector."""

    default = 1
    """Nothing."""
    none = default
    custom = -1
    """The class that `metrics_custom_import` names."""
    datadog = 2
    prometheus = 3

    @classmethod
    def get(cls, which: MetricsCollectors | str, custom_import: str | None = None) -> Any:
        """A new collector, of a member's kind or a plugin's by its name.

        Raises ConfigurationError for a `custom_import` that names no collector, PluginError for an unknown name.
        """
        from luigi.plugin_manager import PluginManager

        name = which.name if isinstance(which, MetricsCollectors) else str(which)
        if name in (cls.default.name, "none"):
            return NoMetricsCollector()
        if name == cls.custom.name:
            return custom_collector(custom_import)
        return PluginManager.with_installed().make("metrics_collectors", name)


class CollectorParameter(EnumParameter):  # type: ignore[type-arg]  # its values are members, and other names too
    """A member of MetricsCollectors, or the name of a plugin's collector; several with commas between them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(enum=MetricsCollectors, **kwargs)

    def parse(self, x: str) -> MetricsCollectors | str:
        return MetricsCollectors.__members__.get(x.strip(), x.strip())

    def normalize(self, x: Any) -> MetricsCollectors | str:
        return self.parse(x) if isinstance(x, str) else x

    def serialize(self, x: Any) -> str:
        return ",".join(collector_names(x)) or MetricsCollectors.default.name

    def describe(self) -> str:
        return "the name of a metrics collector"


def collector_names(wanted: MetricsCollectors | str) -> list[str]:
    """The collectors that a value of `metrics_collector` asks for, each once; those that count nothing left out."""
    names = [wanted.name] if isinstance(wanted, MetricsCollectors) else [name.strip() for name in wanted.split(",")]
    return [name for name in dict.fromkeys(names) if name not in ("", "none", MetricsCollectors.default.name)]


def custom_collector(path: str | None) -> MetricsCollector:
    """A new object of the class with this full name. Raises ConfigurationError when there is no such collector."""
    from importlib import import_module

    hint = "it is the full name of a class derived from luigi.metrics.MetricsCollector: module.Class"
    if not path:
        sentence = "[scheduler] metrics_collector is custom, and metrics_custom_import names no class"
        raise ConfigurationError(sentence, hint=hint)
    module, _, name = path.rpartition(".")
    try:
        found = getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigurationError(f"[scheduler] metrics_custom_import = {path}: {error}", hint=hint) from error
    if not (isinstance(found, type) and issubclass(found, MetricsCollector)):
        raise ConfigurationError(f"[scheduler] metrics_custom_import = {path} is no metrics collector", hint=hint)
    return found()

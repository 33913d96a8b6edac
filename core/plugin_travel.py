"""Plugins on their way to another process: a child that shares nothing with its parent has the same ones around steps.

Installed plugins are loaded anew there. Objects that a program passes are pickled, modules go by their names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from luigi.plugin_manager import PluginManager


class Step:
    """A step that plugins are around: calls them all, by position."""

    def __init__(self, caller: Any, plugins: PluginManager) -> None:
        self._caller = caller
        self._plugins = plugins
        self._names = caller.spec.argnames

    def __call__(self, *args: Any) -> Any:
        """What the first of them answers."""
        return self._caller(**dict(zip(self._names, args, strict=True)))

    def __reduce__(self) -> tuple[Any, ...]:
        return _step, (self._plugins, self._caller.name)


def _step(plugins: PluginManager, hook: str) -> Any:
    from luigi import defaults

    return plugins.step(hook, getattr(defaults, hook))


class _Module(NamedTuple):
    """A module, by its name."""

    name: str


def luggage(plugins: Iterable[object]) -> list[object]:
    """The plugins as they can be pickled."""
    return [_Module(plugin.__name__) if isinstance(plugin, ModuleType) else plugin for plugin in plugins]


def unpack(plugins: Sequence[object], configured: bool) -> PluginManager:
    """The manager of these and of those installed here; with `configured`, it has told them of the configuration."""
    from luigi.configuration import get_config
    from luigi.plugin_manager import PluginManager

    manager = PluginManager.with_installed(
        [import_module(plugin.name) if isinstance(plugin, _Module) else plugin for plugin in plugins]
    )
    if configured:
        manager.configure(get_config())
    return manager

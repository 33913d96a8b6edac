"""Loads plugins, looks up what they provide, and tells those that watch, each in isolation.

Order: the kernel's own (`defaults.py`), then the installed ones (entry-point group `luigi`, by name), then objects a
program passes. Where two answer a step or watch a moment, the one loaded later comes first, unless an implementation
is marked `tryfirst` or `trylast`.
"""

from __future__ import annotations

import logging
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pluggy

from luigi.errors import KernelError, PluginError, did_you_mean
from luigi.hookspecs import PROJECT, Command, Hooks, Provider
from luigi.plugin_travel import Step, luggage, unpack

STEPS = ("luigi_is_complete", "luigi_run_task")
"""The hooks that can be wrapped: those that do something, rather than offer or tell."""

logger = logging.getLogger("luigi.plugins")


class PluginManager:
    """The plugins of one process or one run."""

    def __init__(self) -> None:
        self.failed: Counter[str] = Counter()
        """How often each plugin's watchers raised: plugin name → times."""
        self._pluggy = pluggy.PluginManager(PROJECT)
        self._pluggy.add_hookspecs(Hooks)
        self._configured_with: dict[str, Any] | None = None
        self._given: list[object] = []

    def __reduce__(self) -> tuple[Any, ...]:
        """To another process travel the objects a program has passed; installed plugins are loaded anew there."""
        return unpack, (luggage(self._given), self._configured_with is not None)

    # --- loading -----------------------------------------------------------------------------------------------

    @classmethod
    def with_installed(cls, extra: Iterable[object] = ()) -> PluginManager:
        """The kernel's own plugin, the installed ones, and the objects in `extra`.

        Raises PluginError, naming the plugin, for one that cannot be loaded or implements a hook there is not.
        """
        from luigi import defaults

        manager = cls()
        manager.register(defaults, "defaults")
        for entry_point in _installed():
            manager.register(_load(entry_point), entry_point.name)
        for plugin in extra:
            manager.register(plugin)
            manager._given.append(plugin)
        return manager

    def register(self, plugin: object, name: str | None = None) -> None:
        """Add one plugin: a module or an object. Raises PluginError when it is none or its hooks do not fit."""
        name = name or self._name_for(plugin)
        if isinstance(plugin, type):
            raise PluginError(f"plugin {name} is a class", hint=f"make an object of it: {name}()")
        if self._pluggy.is_registered(plugin):
            raise PluginError(f"plugin {self._pluggy.get_name(plugin)} is given twice")
        try:
            self._pluggy.register(plugin, name)
            self._pluggy.check_pending()
        except pluggy.PluginValidationError as error:
            sentence = " ".join(str(error).split())
            raise PluginError(f"plugin {name}: {sentence}", hint=self._hook_hint(plugin)) from error
        self._refuse_wrappers(plugin, name)
        if self._configured_with is not None:
            self._configure({name})

    def _name_for(self, plugin: object) -> str:
        """What errors and logs call an object that a program passes: its class, numbered from the second on."""
        name = getattr(plugin, "__name__", type(plugin).__name__)
        same = sum(taken == name or taken.startswith(f"{name}-") for taken in self.names())
        return f"{name}-{same + 1}" if same else name

    def _refuse_wrappers(self, plugin: object, name: str) -> None:
        for caller in self._pluggy.get_hookcallers(plugin) or ():
            wraps = any(one.wrapper or one.hookwrapper for one in caller.get_hookimpls() if one.plugin is plugin)
            if wraps and caller.name not in STEPS:
                hint = f"there are these steps to wrap: {', '.join(STEPS)}"
                raise PluginError(f"plugin {name}: {caller.name} cannot be wrapped", hint=hint)

    def _hook_hint(self, plugin: object) -> str:
        known = [name for name in dir(Hooks) if name.startswith("luigi_")]
        unknown = [name for name in dir(plugin) if name.startswith("luigi_") and name not in known]
        return did_you_mean(unknown[0], known) if unknown else ""

    def configure(self, config: Any) -> None:
        """Tell every plugin, now and to come, that `config` is there. Raises PluginError when one raises."""
        self._configured_with = {"config": config, "plugins": self}
        self._configure(set(self.names()))

    def _configure(self, names: set[str]) -> None:
        for implementation in self._pluggy.hook.luigi_configure.get_hookimpls():
            if implementation.plugin_name in names:
                _call(implementation, self._configured_with or {})

    def names(self) -> list[str]:
        """The names of the loaded plugins, in the order they were loaded."""
        return [name for name, _ in self._pluggy.list_name_plugin()]

    # --- providers ---------------------------------------------------------------------------------------------

    def providers(self, kind: str) -> dict[str, Provider]:
        """What plugins offer for `luigi_<kind>`: name → provider. Raises PluginError when two offer one name."""
        found: dict[str, Provider] = {}
        offered_by: dict[str, str] = {}
        for plugin, offers in self._offers(f"luigi_{kind}"):
            for provider in offers:
                if provider.name in found:
                    raise PluginError(
                        f"{kind} {provider.name!r} is offered by two plugins: {offered_by[provider.name]} and {plugin}"
                    )
                found[provider.name] = provider
                offered_by[provider.name] = plugin
        return found

    def provider(self, kind: str, name: str) -> Provider:
        """The provider `name` of `luigi_<kind>`. Raises PluginError with the nearest names when there is none."""
        found = self.providers(kind)
        if name not in found:
            hint = did_you_mean(name, found) or f"there are: {', '.join(sorted(found)) or 'none'}"
            raise PluginError(f"no plugin offers {name!r} among the {kind.replace('_', ' ')}", hint=hint)
        return found[name]

    def make(self, kind: str, name: str, *facts: Any) -> Any:
        """What the provider `name` of `luigi_<kind>` makes of `facts`. Raises PluginError when it cannot."""
        provider = self.provider(kind, name)
        try:
            return provider.factory(*facts)
        except KernelError:
            raise
        except Exception as error:
            raise PluginError(f"{kind} {name!r} ({provider.summary}) cannot be made: {error!r}") from error

    def commands(self) -> list[Command]:
        """The commands plugins bring, in the order they were loaded."""
        return [command for _, offers in self._offers("luigi_commands") for command in offers]

    def _offers(self, hook: str) -> Iterator[tuple[str, Any]]:
        for implementation in getattr(self._pluggy.hook, hook).get_hookimpls():
            yield implementation.plugin_name, _call(implementation, {}, list)

    # --- steps and moments -------------------------------------------------------------------------------------

    def step(self, hook: str, own: Callable[..., Any]) -> Callable[..., Any]:
        """What carries out a step: `own`, the kernel's, called directly as long as nobody wraps or replaces it."""
        implementations = getattr(self._pluggy.hook, hook).get_hookimpls()
        if not [implementation for implementation in implementations if implementation.function is not own]:
            return own
        return Step(getattr(self._pluggy.hook, hook), self)

    def watchers(self, hook: str) -> Callable[..., None] | None:
        """What tells everybody who watches a moment, or None when nobody does. Never raises."""
        implementations = getattr(self._pluggy.hook, hook).get_hookimpls()[::-1]
        if not implementations:
            return None

        def tell(**facts: Any) -> None:
            for implementation in implementations:
                try:
                    implementation.function(*[facts[name] for name in implementation.argnames])
                except Exception:
                    self._count_failure(implementation.plugin_name, hook)

        return tell

    def _count_failure(self, plugin: str, hook: str) -> None:
        if not self.failed[plugin]:
            logger.exception("plugin %s: %s raised; it is told on, and logged no more", plugin, hook)
        self.failed[plugin] += 1


def _call(implementation: Any, facts: dict[str, Any], read: Callable[[Any], Any] = lambda answer: answer) -> Any:
    """Call a plugin's function that must not fail. Raises PluginError naming plugin and hook when it does."""
    try:
        return read(implementation.function(*[facts[name] for name in implementation.argnames]))
    except Exception as error:
        where = f"plugin {implementation.plugin_name}: {implementation.function.__name__}"
        raise PluginError(f"{where} raised {error!r}") from error


def _installed() -> list[Any]:
    """The entry points of group `luigi`, by name."""
    if not _any_installed(sys.path):
        return []
    from importlib.metadata import entry_points

    return sorted(entry_points(group=PROJECT), key=lambda entry_point: entry_point.name)


def _any_installed(folders: Iterable[str]) -> bool:
    """Whether any installed package mentions the group at all.

    importlib.metadata parses every package there is, 50 ms in a small environment; most have no plugin to find. What
    is not a plain folder (a zip archive) is left to it.
    """
    for folder in folders:
        try:
            names = os.listdir(folder or ".")
        except NotADirectoryError:
            return True
        except OSError:
            continue
        if any(name.endswith((".dist-info", ".egg-info")) and _mentions_group(folder, name) for name in names):
            return True
    return False


def _mentions_group(folder: str, package: str) -> bool:
    try:
        with open(os.path.join(folder, package, "entry_points.txt"), "rb", buffering=0) as stream:
            return f"[{PROJECT}]".encode() in stream.read()
    except OSError:
        return False


def _load(entry_point: Any) -> object:
    try:
        return entry_point.load()
    except Exception as error:
        raise PluginError(
            f"plugin {entry_point.name} ({entry_point.value}) cannot be loaded: {error!r}",
            hint="uninstall or upgrade the package that brings it",
        ) from error

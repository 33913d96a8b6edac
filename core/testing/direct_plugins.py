"""Plugins as `run_task` has them: people are told nothing, watchers all of it at once, in the test's own thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from luigi.hookspecs import Provider
from luigi.plugin_manager import PluginManager
from luigi.testing.fakes import MemoryNotifier


class DirectPlugins(PluginManager):
    """A manager without couriers, so that a test sees what a plugin does right after it did it, and what it raises."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.raised: list[Exception] = []
        """What watchers raised, in order, each with a note that names plugin and hook."""

    def offered(self, kind: str) -> dict[str, tuple[str, Provider]]:
        """What plugins offer, but for notifiers, which would tell people: in their place are some that keep quiet."""
        found = super().offered(kind)
        if kind != "notifiers":
            return found
        return {
            name: (plugin, replace(provider, factory=MemoryNotifier, settings=None))
            for name, (plugin, provider) in found.items()
        }

    def watchers(self, hook: str) -> Callable[..., None] | None:
        """What tells everybody who watches a moment, right now; None when nobody does."""
        caller = getattr(self._pluggy.hook, hook)
        implementations = caller.get_hookimpls()[::-1]
        names = caller.spec.argnames

        def tell(*facts: Any) -> None:
            for one in implementations:
                self._tell(one, dict(zip(names, facts, strict=True)))

        return tell if implementations else None

    def _tell(self, implementation: Any, facts: dict[str, Any]) -> None:
        try:
            implementation.function(*[facts[name] for name in implementation.argnames])
        except Exception as error:
            error.add_note(f"raised by plugin {implementation.plugin_name} in {implementation.function.__name__}")
            self.raised.append(error)

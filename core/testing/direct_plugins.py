"""Plugins as `run_task` has them: people are told nothing, watchers all of it at once, in the test's own thread."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from luigi.hookspecs import Provider
from luigi.plugin_manager import PluginManager
from luigi.testing.fakes import MemoryNotifier
from luigi.watchers import Telling, Told, taking


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

    def watchers(self, hook: str) -> Telling | None:
        """What tells everybody who watches a moment, right now; None when nobody does."""
        caller = getattr(self._pluggy.hook, hook)
        implementations = caller.get_hookimpls()[::-1]
        posts = [(partial(self._tell, one.plugin_name), taking(one, caller.spec.argnames)) for one in implementations]
        return Telling(posts, frozenset(one.plugin_name for one in implementations)) if implementations else None

    def _tell(self, plugin: str, told: Told) -> None:
        call, facts = told
        try:
            call(facts)
        except Exception as error:
            error.add_note(f"raised by plugin {plugin} in {call.__name__}")
            self.raised.append(error)

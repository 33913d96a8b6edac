"""What every plugin must do, whatever it is for, as pytest classes to subclass.

class TestMyPlugin(PluginContract):
    plugin = my_package.hooks  # a module, or an object

class TestMyObserver(ObserverContract):
    @pytest.fixture
    def plugin(self):
        return MyObserver()
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from luigi import defaults, plugin_settings
from luigi.hookspecs import KINDS, Hooks, Provider
from luigi.plugin_manager import STEPS, PluginManager
from luigi.plugin_travel import luggage

LIKE_A_SECRET = ("password", "passwd", "secret", "token", "api_key", "apikey", "private")

# Imports a plugin and has it list what it offers, where none of the modules it needs can be imported.
LISTING = """
import importlib, sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name in sys.argv[2:]:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
from luigi.hookspecs import KINDS
from luigi.plugin_manager import PluginManager

manager = PluginManager()
manager.register(importlib.import_module(sys.argv[1]))
for kind in KINDS:
    if kind != "commands":
        manager.providers(kind)
manager.commands()
"""


class PluginContract:
    """Fitting the hooks, and saying what is offered and what can be configured, without needing anything for it."""

    plugin: Any
    """The module or object to test."""

    @pytest.fixture
    def manager(self) -> PluginManager:
        """One that has the kernel's own plugin and the one to test."""
        manager = PluginManager()
        manager.register(defaults, "defaults")
        manager.register(self.plugin, "tested")
        return manager

    def offered(self, manager: PluginManager) -> Iterator[tuple[str, Provider]]:
        """What the plugin offers: kind and provider. Raises PluginError for a name that the kernel's own has."""
        for kind in KINDS:
            if kind != "commands":
                yield from ((kind, one) for plugin, one in manager.offered(kind).values() if plugin == "tested")

    def test_every_hook_is_marked_as_one(self, manager: PluginManager) -> None:
        known = {name for name in vars(Hooks) if name.startswith("luigi_")}
        named = {name: getattr(self.plugin, name) for name in dir(self.plugin) if name.startswith("luigi_")}
        named = {name: thing for name, thing in named.items() if callable(thing)}
        unmarked = [name for name, thing in named.items() if not hasattr(thing, "luigi_impl")]
        assert named, "it implements no hook"
        assert set(named) <= known
        assert not unmarked, "without @luigi.hookimpl these are never called"

    def test_what_it_offers_has_a_name_and_one_line(self, manager: PluginManager) -> None:
        for kind, provider in self.offered(manager):
            assert provider.name == provider.name.strip() != "", kind
            assert len(provider.summary.splitlines()) == 1, f"{kind} {provider.name} needs a summary of one line"

    def test_commands_have_a_name_and_one_line(self, manager: PluginManager) -> None:
        names = [command.name for command in manager.commands()]
        assert len(set(names)) == len(names)
        assert all(len(command.summary.splitlines()) == 1 for command in manager.commands())

    def test_settings_say_what_they_mean(self, manager: PluginManager) -> None:
        for _, provider in self.offered(manager):
            if provider.settings is not None:
                options = plugin_settings.options(provider.settings, provider.section or provider.name)
                assert not [option.name for option in options if not option.help], "help= says what one is for"

    def test_what_looks_like_a_secret_is_one(self, manager: PluginManager) -> None:
        for _, provider in self.offered(manager):
            if provider.settings is not None:
                options = plugin_settings.options(provider.settings, provider.section or provider.name)
                likely = [one for one in options if any(word in one.name.casefold() for word in LIKE_A_SECRET)]
                assert not [option.name for option in likely if not option.secret], "secret=True keeps it to itself"

    def test_listing_imports_none_of_what_is_needed(self, manager: PluginManager) -> None:
        if not isinstance(self.plugin, ModuleType):
            pytest.skip("is an object of this test")
        needed = sorted({module for _, provider in self.offered(manager) for module in provider.needs})
        command = [sys.executable, "-c", LISTING, self.plugin.__name__, *needed]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    def test_it_can_go_where_its_steps_are_carried_out(self, manager: PluginManager) -> None:
        goes = any(hasattr(self.plugin, step) for step in STEPS)
        assert not goes or pickle.loads(pickle.dumps(luggage([self.plugin])))

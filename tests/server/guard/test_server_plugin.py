"""The plugin that brings the server's commands."""

from __future__ import annotations

from luigi.plugin_manager import PluginManager
from luigi.server import plugin
from luigi.testing.contracts import PluginContract


class TestServerPlugin(PluginContract):
    plugin = plugin


def test_it_brings_two_commands() -> None:
    manager = PluginManager()
    manager.register(plugin, "server")
    assert [command.name for command in manager.commands()] == ["serve", "tokens"]

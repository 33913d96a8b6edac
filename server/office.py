"""What all rooms of the server share: its settings, the scheduler, the plugins, the clock."""

from __future__ import annotations

from dataclasses import dataclass

from luigi.clock import SYSTEM, Clock
from luigi.plugin_manager import PluginManager
from luigi.server.config import ServerSettings
from luigi.server.standing import Standing


@dataclass(frozen=True, kw_only=True, slots=True)
class Office:
    """Made once, when the server starts; handed to every room."""

    settings: ServerSettings
    standing: Standing
    """Gives the scheduler, as long as this server leads."""
    plugins: PluginManager
    clock: Clock = SYSTEM

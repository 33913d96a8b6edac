"""What all rooms of the server share: its settings, the scheduler, plugins, history, triggers, the clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from luigi.clock import SYSTEM, Clock
from luigi.configuration import get_config
from luigi.plugin_manager import PluginManager
from luigi.server.archive import Archive
from luigi.server.config import ServerSettings
from luigi.server.standing import Standing
from luigi.triggers.sections import triggers
from luigi.triggers.trigger import Trigger


@dataclass(frozen=True, kw_only=True, slots=True)
class Office:
    """Made once, when the server starts; handed to every room. Raises ConfigurationError for wrong triggers."""

    settings: ServerSettings
    standing: Standing
    """Gives the scheduler, as long as this server leads."""
    plugins: PluginManager
    clock: Clock = SYSTEM
    archive: Archive = field(init=False)
    """The history, opened when it is first asked for."""
    triggers: Mapping[str, Trigger] = field(init=False)
    """What the configuration has the server start by itself, by name."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "archive", Archive(self.plugins))
        object.__setattr__(self, "triggers", triggers(get_config(), self.plugins))

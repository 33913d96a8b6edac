"""What all rooms of the server share: its settings, the scheduler, the plugins, the history, the clock."""

from __future__ import annotations

from dataclasses import dataclass, field

from luigi.clock import SYSTEM, Clock
from luigi.plugin_manager import PluginManager
from luigi.server.archive import Archive
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
    archive: Archive = field(init=False)
    """The history, opened when it is first asked for."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "archive", Archive(self.plugins))

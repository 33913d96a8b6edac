"""The `[trigger.NAME]` sections of the configuration, each checked as a whole before any counts."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any, Final

from luigi.configuration.named_sections import named_sections
from luigi.errors import KernelError, PluginError
from luigi.task_sections import BadOption, TaskSection, about
from luigi.timetable.zones import zone_named
from luigi.triggers.settings import TriggerSettings
from luigi.triggers.trigger import Trigger

if TYPE_CHECKING:
    from datetime import tzinfo

    from luigi.hookspecs import Provider
    from luigi.plugin_manager import PluginManager
    from luigi.timetable import TimeTable

NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,99}")
"""What a trigger may be called: its name is part of ids and paths."""


def triggers(config: Any, plugins: PluginManager) -> dict[str, Trigger]:
    """Every trigger of the configuration by its name, those left out that are not enabled.

    Raises ConfigurationError and PluginError, naming file, section and option, for one that says what cannot be.
    """
    found = sorted(named_sections(config, "trigger", "a trigger").items())
    made = (_trigger(name, TaskSection(section, config), plugins) for name, section in found)
    return {one.name: one for one in made if one.settings.enabled}


def _trigger(name: str, section: TaskSection, plugins: PluginManager) -> Trigger:
    with section.told_where():
        if not NAME.fullmatch(name):
            raise BadOption("", f"{name!r} is no name for a trigger", "use letters, digits, _ and -")
        settings = section.settings(TriggerSettings)
        with about("timezone"):
            zone = zone_named(settings.timezone)
        provider = _provider(settings.type, plugins)
        table = _table(section, provider, zone)
        params = section.params(settings.params, TriggerSettings, provider.settings or _Nothing)
        return Trigger(name, settings, table, zone, _when(section, provider), params)


def _provider(kind: str, plugins: PluginManager) -> Provider:
    try:
        provider = plugins.provider("triggers", kind)
    except PluginError as error:
        raise BadOption("type", f"type: {error}", error.hint) from error
    if provider.settings is not None and not is_dataclass(provider.settings):
        raise PluginError(f"trigger type {kind}: its settings are no dataclass", hint="see the hook luigi_triggers")
    return provider


def _table(section: TaskSection, provider: Provider, zone: tzinfo) -> TimeTable:
    own = [section.settings(provider.settings)] if provider.settings else []
    try:
        table: TimeTable = provider.factory(zone, *own)
    except KernelError:
        raise
    except Exception as error:
        raise PluginError(f"trigger type {provider.name} ({provider.summary}) cannot be made: {error!r}") from error
    return table


def _when(section: TaskSection, provider: Provider) -> str:
    """What the section says of the time-table, but for secrets."""
    shown = [one.name for one in fields(provider.settings or _Nothing) if not one.metadata.get("secret")]
    return ", ".join(f"{name} = {value}" for name, value in section.said(shown).items())


@dataclass(frozen=True)
class _Nothing:
    """The settings of a type that has none."""

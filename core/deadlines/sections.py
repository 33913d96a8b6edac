"""The `[deadline.NAME]` sections of the configuration, checked before any counts."""

from __future__ import annotations

from typing import Any

from luigi.configuration.named_sections import named_sections
from luigi.deadlines.deadline import Deadline, DeadlineSettings
from luigi.task_sections import TaskSection, about
from luigi.timetable import Cron, zone_named


def deadlines(config: Any) -> dict[str, Deadline]:
    """Every deadline of the configuration by its name, those left out that are not enabled.

    Raises ConfigurationError, naming file, section and option, for one that says what cannot be.
    """
    found = sorted(named_sections(config, "deadline", "a deadline").items())
    made = (_deadline(name, TaskSection(section, config)) for name, section in found)
    return {one.name: one for one in made if one.settings.enabled}


def _deadline(name: str, section: TaskSection) -> Deadline:
    with section.told_where():
        settings = section.settings(DeadlineSettings)
        with about("timezone"):
            zone = zone_named(settings.timezone)
        with about("by"):
            table = Cron(settings.by, zone)
        return Deadline(name, settings, table, section.params(settings.params, DeadlineSettings))

"""One deadline of the configuration: which task is to be done by when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from luigi.plugin_settings import setting
from luigi.timetable import Cron, filled

if TYPE_CHECKING:
    from luigi.telling import TaskFacts


@dataclass(frozen=True)
class DeadlineSettings:
    """The options of a `[deadline.NAME]` section; what else it says are parameters of the task."""

    task: str = setting(help="the task's family, with * and ?, or module:Family")
    by: str = setting(help="when it is to be done, as a cron expression: 0 6 * * 1-5")
    timezone: str = setting("UTC", help="whose clocks that goes by, and templates are filled in by")
    params: dict = field(  # type: ignore[type-arg]  # of whatever values
        default_factory=dict, metadata={"help": "the task's parameters, with templates"}
    )
    owners: tuple[str, ...] = setting((), help="e-mail addresses of those who are told")
    enabled: bool = setting(True, help="whether it counts")


class Wanted(NamedTuple):
    """What is to be done by one moment."""

    module: str
    """Empty for any."""
    family: str
    """With * and ? for several: one of them is enough."""
    params: Mapping[str, str]
    since: float | None
    """When it must have been done at the earliest, in seconds since the epoch; None for any time."""

    @property
    def name(self) -> str:
        """As people read it."""
        return f"{self.family}({', '.join(f'{name}={value}' for name, value in self.params.items())})"


@dataclass(frozen=True, slots=True)
class Deadline:
    """One section, read."""

    name: str
    settings: DeadlineSettings
    table: Cron
    params: Mapping[str, str]
    """Texts with templates."""

    def wanted(self, due: datetime, before: datetime) -> Wanted:
        """What is to be done by `due`; `before` is when the last one was due.

        One without parameters is the same task each time: it has to be done anew.
        """
        module, _, family = self.settings.task.rpartition(":")
        params = {name: filled(text, due, self.name) for name, text in self.params.items()}
        return Wanted(module, family, params, None if params else before.timestamp())

    def facts(self, wanted: Wanted, status: str) -> TaskFacts:
        """The task as people are told of it."""
        from luigi.telling import TaskFacts

        return TaskFacts(wanted.name, wanted.family, wanted.params, status=status, owners=self.settings.owners)

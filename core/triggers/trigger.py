"""One trigger: when it is due, and the task that it starts then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cached_property
from hashlib import blake2b
from itertools import islice
from typing import TYPE_CHECKING, Final

from luigi.interfaces import TaskSpec
from luigi.submissions import stand_in
from luigi.timetable import filled

if TYPE_CHECKING:
    from luigi.timetable import TimeTable
    from luigi.triggers.settings import TriggerSettings

AT: Final = "%Y%m%dT%H%M%S"
"""How a moment is written in a submission's id, in UTC."""


@dataclass(frozen=True)
class Trigger:
    """A `[trigger.NAME]` section that was checked. Moments are aware datetimes."""

    name: str
    settings: TriggerSettings
    table: TimeTable
    zone: tzinfo
    when: str
    """What its time-table goes by, as the configuration has it."""
    params: Mapping[str, str]
    """The task's parameters as texts, with templates."""

    @cached_property
    def delay(self) -> timedelta:
        """How much later than it is due it is fired: some part of the jitter, the same for the same name."""
        part = int.from_bytes(blake2b(self.name.encode(), digest_size=4).digest()) / 2**32
        return self.settings.jitter * part

    def coming(self, now: datetime, count: int) -> list[datetime]:
        """When it is due next: for times from now on, the delay being over."""
        return list(islice(self._dues(now - self.delay), count))

    def spec(self, due: datetime, submission: str) -> TaskSpec:
        """What stands for the task when it is fired: which it is, a worker of a pool has to find out."""
        asked = self.settings
        return TaskSpec(
            stand_in(asked.family, submission),
            asked.family,
            asked.module_name,
            self.filled(due),
            priority=asked.priority,
            queue=asked.queue,
            labels=asked.labels,
            unplanned=True,
        )

    def filled(self, due: datetime) -> dict[str, str]:
        """The parameters for one firing. Raises ConfigurationError for a template that cannot be filled in."""
        here = due.astimezone(self.zone)
        return {name: filled(text, here, self.name) for name, text in self.params.items()}

    def submission(self, due: datetime) -> str:
        """The id of the submission of a firing that the time-table asks for."""
        return f"trigger-{self.name}-{due.astimezone(UTC):{AT}}Z"

    def _dues(self, start: datetime) -> Iterator[datetime]:
        due = self.table.after(start)
        while due is not None:
            yield due
            due = self.table.after(due)

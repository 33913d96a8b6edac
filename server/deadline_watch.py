"""What looks after the deadlines of the configuration where this server leads."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import TYPE_CHECKING

from luigi.deadlines.keeper import DeadlineKeeper
from luigi.history_reading import is_kept
from luigi.scheduler import Scheduler
from luigi.server.watch import watching

if TYPE_CHECKING:
    from luigi.deadlines.deadline import Deadline
    from luigi.scheduler.events import Late
    from luigi.server.office import Office
    from luigi.server.standing import Attach
    from luigi.telling import TaskFacts


def deadline_watch(office: Office) -> Attach:
    """Looks after them at whatever scheduler there is here. Raises ConfigurationError for one that cannot be."""
    from luigi.configuration import get_config
    from luigi.deadlines.sections import deadlines

    return partial(_watched, office, deadlines(get_config()))


def _watched(office: Office, deadlines: Mapping[str, Deadline], scheduler: Scheduler) -> AbstractContextManager[None]:
    if not deadlines:
        return nullcontext()

    def tell(late: Late, task: TaskFacts) -> None:
        if scheduler.observers is not None:
            scheduler.observers.late(late, task, office.clock.now())

    history = office.archive.asked if is_kept() else None
    keeper = DeadlineKeeper(deadlines, scheduler, office.clock, tell, history)
    return watching(keeper.look, office.settings.tick_interval, "deadlines")

"""What has triggers fire where this server leads."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import TYPE_CHECKING

from luigi.scheduler import Scheduler
from luigi.server.watch import watching
from luigi.triggers.keeper import Timekeeper

if TYPE_CHECKING:
    from luigi.clock import Clock
    from luigi.server.office import Office
    from luigi.server.standing import Attach
    from luigi.triggers.trigger import Trigger


def trigger_watch(office: Office) -> Attach:
    """Has the triggers of the configuration fire at whatever scheduler there is here, as long as this server leads."""
    return partial(_watched, office.triggers, office.clock, office.settings.tick_interval)


def _watched(
    triggers: Mapping[str, Trigger], clock: Clock, interval: float, scheduler: Scheduler
) -> AbstractContextManager[None]:
    return watching(Timekeeper(triggers, scheduler, clock).look, interval, "triggers") if triggers else nullcontext()

"""What the server starts by itself: to look at, to hold, and to have run now."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from luigi.errors import nearest
from luigi.interfaces import Order, Question
from luigi.server.office import Office
from luigi.server.problems import Problem
from luigi.server.v1 import cursors, fitting
from luigi.server.v1 import trigger_shapes as shapes
from luigi.server.v1.operations import Call, Operation, looking, ordering
from luigi.server.v1.orders import carry_out, name_of
from luigi.server.v1.queries import Limit
from luigi.server.v1.schemas import Strict
from luigi.triggers.keeper import Timekeeper
from luigi.triggers.trigger import Trigger

logger = logging.getLogger("luigi.server")

FEW: Final = 5
MANY: Final = 100

UNSEEN: Final[Mapping[str, Any]] = {
    "last_due": None,
    "paused": False,
    "last_submission": "",
    "last_began": None,
    "last_ended": None,
    "last_status": "",
    "last_skipped": None,
    "waiting": (),
}
"""How a trigger stands that the scheduler has not heard of yet."""


class TriggerQuery(Strict):
    """Where the page begins."""

    limit = Limit()
    cursor = cursors.Named("triggers")


class ComingQuery(Strict):
    """How many times."""

    count = Limit(most=MANY, usual=FEW)


class Triggers:
    """Those of the configuration, with what the scheduler knows of them."""

    def __init__(self, office: Office) -> None:
        self._configured, self._clock = office.triggers, office.clock

    def page(self, call: Call) -> Any:
        """A page of triggers."""
        after, known = call.said["cursor"], self._known(call)
        names = [name for name in sorted(self._configured) if after is None or name > after]
        rows = (self._row(self._configured[name], known) for name in names)
        page = fitting.page(rows, call.said["limit"], "name")
        after = page.rows[-1]["name"] if page.more else None
        return {"triggers": page.rows, "next": cursors.named("triggers", after)}

    def one(self, call: Call) -> Any:
        """One of them."""
        return fitting.fitted(self._row(self._the(call), self._known(call)), fitting.ROOM)

    def coming(self, call: Call) -> Any:
        """When it is due next."""
        trigger = self._the(call)
        dues = trigger.coming(self._now(), call.said["count"])
        return {"name": trigger.name, "coming": [_coming(trigger, due) for due in dues]}

    def pause(self, call: Call) -> Any:
        """Have it fire no more."""
        return self._ordered(call, "pause_trigger")

    def unpause(self, call: Call) -> Any:
        """Have it fire again, from now on."""
        return self._ordered(call, "unpause_trigger")

    def run(self, call: Call) -> Any:
        """Have it fire now."""
        name = self._the(call).name
        keeper = Timekeeper(self._configured, call.scheduler, self._clock)
        submission, outcome = keeper.run(name, name_of(call.identity))
        return {"submission": submission, "outcome": outcome}

    def _ordered(self, call: Call, verb: str) -> Any:
        carry_out(call.scheduler, Order(verb, self._the(call).name, by=name_of(call.identity)))
        return self.one(call)

    def _row(self, trigger: Trigger, known: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        stands = known.get(trigger.name, UNSEEN)
        told = {name: stands[name] for name in UNSEEN}
        return {**_configured(trigger), **told, "waiting": len(told["waiting"]), "next": self._next(trigger)}

    def _next(self, trigger: Trigger) -> float | None:
        """When it is fired next. Of a plugin's time-table that raises, who keeps the time has told the log already."""
        try:
            coming = trigger.coming(self._now(), 1)
        except Exception:
            logger.debug("trigger %s: its time-table raises", trigger.name, exc_info=True)
            return None
        return (coming[0] + trigger.delay).timestamp() if coming else None

    def _the(self, call: Call) -> Trigger:
        name = call.said["name"]
        if name not in self._configured:
            near = nearest(name[:200], self._configured)
            hint = f"did you mean {' or '.join(near)}?" if near else "the server's configuration has [trigger.NAME]"
            raise Problem(404, f"no trigger is called {name[:200]!r}", hint=hint)
        return self._configured[name]

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.now(), UTC)

    def _known(self, call: Call) -> dict[str, Mapping[str, Any]]:
        return {row["name"]: row for row in call.scheduler.view(Question("triggers"))}


def _configured(trigger: Trigger) -> dict[str, Any]:
    """What its section says."""
    settings = trigger.settings
    return {
        "name": trigger.name,
        "type": settings.type,
        "when": trigger.when,
        "timezone": settings.timezone,
        "module": settings.module_name,
        "family": settings.family,
        "params": trigger.params,
        "queue": settings.queue,
        "labels": list(settings.labels),
        "priority": settings.priority,
        "overlap": settings.overlap,
        "catch_up": settings.catch_up,
    }


def _coming(trigger: Trigger, due: datetime) -> dict[str, Any]:
    return {
        "due": due.timestamp(),
        "fires": (due + trigger.delay).timestamp(),
        "local": due.astimezone(trigger.zone).isoformat(),
        "params": trigger.filled(due),
    }


def operations(office: Office) -> list[Operation]:
    """What one can look at, and the orders."""
    triggers, of_one = Triggers(office), "/triggers/{name}"
    return [
        looking(
            "/triggers",
            "listTriggers",
            "What the server starts by itself, a page at a time",
            triggers.page,
            shapes.TriggerPage,
            TriggerQuery,
        ),
        looking(of_one, "getTrigger", "All there is to say of a trigger", triggers.one, shapes.Trigger),
        looking(
            f"{of_one}/coming",
            "listComing",
            "When a trigger is due next",
            triggers.coming,
            shapes.ComingList,
            ComingQuery,
        ),
        ordering(f"{of_one}/pause", "pauseTrigger", "Have a trigger fire no more", triggers.pause, shapes.Trigger),
        ordering(
            f"{of_one}/unpause",
            "unpauseTrigger",
            "Have a trigger fire again: what was due meanwhile is not made up for",
            triggers.unpause,
            shapes.Trigger,
        ),
        ordering(
            f"{of_one}/run",
            "runTrigger",
            "Have a trigger fire now, and leave its time-table as it is",
            triggers.run,
            shapes.FiredNow,
            brought=("submission", "outcome"),
        ),
    ]

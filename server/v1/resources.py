"""What tasks share: to look at, and to set how much there is."""

from __future__ import annotations

from collections import Counter
from typing import Any

from marshmallow import fields, validate

from luigi.clock import Clock
from luigi.interfaces import Order, Question
from luigi.resource_limits import WINDOWS
from luigi.scheduler.views.waiting import waiting
from luigi.server.v1 import cursors, fitting, queries, worker_shapes
from luigi.server.v1.operations import Call, Operation, looking, ordering
from luigi.server.v1.orders import carry_out, name_of
from luigi.server.v1.reuse import Reused
from luigi.server.v1.schemas import Strict, Whole
from luigi.server.v1.versions import Versions


class Limit(Strict):
    """How much there is to be of a resource."""

    limit = Whole(required=True)
    per = fields.String(
        load_default="",
        validate=validate.OneOf(["", *WINDOWS]),
        metadata={"description": "Within what time, for it to be a rate; where it is one already, it stays so"},
    )


class Resources:
    """Counts who waits for them."""

    def __init__(self, versions: Versions, clock: Clock) -> None:
        self._versions = versions
        self._waiting: Reused[Counter[str]] = Reused(clock, most=1)

    def page(self, call: Call) -> Any:
        """A page of resources."""
        after, limit = call.said["cursor"], call.said["limit"]
        rows = [one for one in self._rows(call) if after is None or one["name"] > after]
        page = fitting.page(rows, limit, "name")
        after = page.rows[-1]["name"] if page.more else None
        return {"resources": page.rows, "next": cursors.named("resources", after)}

    def _rows(self, call: Call) -> list[dict[str, Any]]:
        """Those that have a limit or are in use, and those that are only asked for."""
        state = self._versions.of_all(call.scheduler)
        numbers = self._waiting.get(self._versions.epoch(call.scheduler), state, lambda: waiting(call.scheduler)).value
        rows = {row["name"]: row for row in call.scheduler.view(Question("resources"))}
        limit = call.scheduler.machine.resources.limit
        for name in numbers.keys() - rows.keys():
            rows[name] = {"name": name, "limit": limit(name), "used": 0, "window": None, "next": None, "holders": []}
        return [{**rows[name], "waiting": numbers[name]} for name in sorted(rows)]


def set_limit(call: Call) -> Any:
    """Set how much there is of one."""
    name, limit = call.said["name"], call.said["limit"]
    carry_out(call.scheduler, Order("set_limit", name, limit, call.said["per"], by=name_of(call.identity)))
    return {"name": name, "limit": limit, "window": call.scheduler.machine.resources.windows.get(name)}


def operations(versions: Versions, clock: Clock) -> list[Operation]:
    """What one can look at, and the order."""
    return [
        looking(
            "/resources",
            "listResources",
            "Resources, a page at a time",
            Resources(versions, clock).page,
            worker_shapes.ResourcePage,
            queries.ResourceQuery,
        ),
        ordering(
            "/resources/{name}",
            "setLimit",
            "Set how much there is of a resource",
            set_limit,
            worker_shapes.Limited,
            Limit,
            method="PUT",
            refusals=(409,),
            audited=("limit", "per"),
        ),
    ]

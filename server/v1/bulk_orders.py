"""One order about many tasks: those of a list, or all that have something in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from marshmallow import ValidationError, fields, validate

from luigi.rpc.values import WrongField
from luigi.scheduler.events import Refused
from luigi.scheduler.service import OF_TASKS
from luigi.scheduler.views.folded_names import FoldedNames
from luigi.scheduler.views.selection import selected
from luigi.server.v1 import order_shapes
from luigi.server.v1.operations import Call, Operation, ordering
from luigi.server.v1.orders import name_of
from luigi.server.v1.queries import Where, selection_of
from luigi.server.v1.schemas import Id, Strict, wrong

MOST_TASKS: Final = 1000
"""Ids in one list."""

AT_ONCE: Final = 100
"""Tasks for which the scheduler's lock is held."""

TOLD: Final = 20
"""Refusals that are told one by one."""

NARROWING: Final = tuple(Where().fields)
"""What tasks may have in common."""


class Selected(fields.Nested):
    """What tasks have in common."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return super()._deserialize(value, *args, **kwargs)
        except WrongField as error:
            raise ValidationError({error.path: [f"expected {error.expected}"]}) from None


class Orders(Strict):
    """What to do, and to which tasks: either `tasks`, or `where` with something that is not true of every task."""

    beyond = {
        "oneOf": [
            {"required": ["tasks"], "properties": {"where": False}},
            {
                "properties": {
                    "where": {
                        "anyOf": [{"properties": {name: {"pattern": r"\S"}}, "required": [name]} for name in NARROWING]
                    },
                    "tasks": False,
                },
                "required": ["where"],
            },
        ]
    }

    verb = fields.String(required=True, validate=validate.OneOf(list(OF_TASKS)))
    tasks = fields.List(Id(), validate=validate.Length(1, MOST_TASKS))
    where = Selected(Where)

    def check(self, found: Mapping[str, Any]) -> None:
        """Refuse what leaves open which tasks are meant."""
        if ("tasks" in found) == ("where" in found):
            raise wrong("tasks", "Either these or where.")
        if "where" in found and not any(value.strip() for value in found["where"].values()):
            raise wrong("where", "That is true of every task.", hint=f"name one of {', '.join(NARROWING)}")


def give(call: Call) -> Any:
    """Carry out the order for every task that is meant. One to which it does not apply stops no other."""
    task_ids, refused = _meant(call), list[Refused]()
    for begin in range(0, len(task_ids), AT_ONCE):
        piece = task_ids[begin : begin + AT_ONCE]
        refused += call.scheduler.control_tasks(call.said["verb"], piece, name_of(call.identity))
    return {
        "done": len(task_ids) - len(refused),
        "refused": len(refused),
        "refusals": [one._asdict() for one in refused[:TOLD]],
    }


def _meant(call: Call) -> Sequence[str]:
    if "tasks" in call.said:
        return list(dict.fromkeys(call.said["tasks"]))
    tasks = selected(call.scheduler, selection_of(call.said["where"]), FoldedNames())
    return [task.task_id for task in tasks]


def operations() -> list[Operation]:
    """The one call."""
    return [
        ordering(
            "/orders",
            "orderMany",
            "Have many tasks retried, forgiven, given back, marked as done, or cancelled",
            give,
            order_shapes.Brought,
            Orders,
            refusals=(),
            audited=("verb", "where"),
            brought=("done", "refused"),
        )
    ]

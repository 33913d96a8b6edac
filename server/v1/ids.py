"""Ids of tasks by how they begin: people write no more of an id than it takes."""

from __future__ import annotations

from heapq import nsmallest
from typing import Any, Final

from marshmallow import Schema, fields, validate

from luigi.rpc.values import LONGEST_ID
from luigi.server.v1 import parts
from luigi.server.v1.operations import Call, Operation, looking
from luigi.server.v1.queries import Limit
from luigi.server.v1.schemas import Strict

FEW: Final = 20


class IdQuery(Strict):
    """How they begin, and how many are told."""

    beginning = fields.String(required=True, validate=validate.Length(1, LONGEST_ID))
    limit = Limit(usual=FEW)


class Ids(Schema):
    """The first of them in the order of the alphabet."""

    ids = fields.List(fields.String(), required=True)
    total = parts.number("how many begin so")


def ids(call: Call) -> Any:
    """The ids that begin so. Under the scheduler's lock ids are copied, and no more."""
    known = call.scheduler.look(lambda machine: [*machine.tasks])
    found = [task_id for task_id in known if task_id.startswith(call.said["beginning"])]
    return {"ids": nsmallest(call.said["limit"], found), "total": len(found)}


def operations() -> list[Operation]:
    """The one call."""
    return [looking("/ids", "listIds", "Ids of tasks that begin so", ids, Ids, IdQuery)]

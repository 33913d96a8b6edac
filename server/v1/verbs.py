"""The four verbs in bulk, as workers and programs of the kernel speak them; and how a run is introduced and ends.

A repeated call, told by its number, changes nothing more and is answered as before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import fields, validate

from luigi.execution_summary.status import LuigiStatusCode
from luigi.interfaces import Batcher, Reply, Said, TaskSpec
from luigi.rpc.records import written
from luigi.runs import farewell as tell_farewell
from luigi.server.guard.identity import Role
from luigi.server.v1 import order_shapes, orders, questions
from luigi.server.v1.operations import Call, Operation
from luigi.server.v1.schemas import Id, OfKernel, Strict, Whole

MOST_WANTED = 10_000
"""Assignments in one answer at most."""


class Introduction(Strict):
    """A worker, and what it says of itself."""

    worker = Id(required=True)
    info = OfKernel(Mapping[str, Any], load_default=dict)


class Declaration(Strict):
    """Tasks of a worker, and how it runs families of them as batches."""

    worker = Id(required=True)
    call = Whole(load_default=0)
    tasks = OfKernel(Sequence[TaskSpec], load_default=())
    batchers = OfKernel(Sequence[Batcher], load_default=())
    submission = Id(load_default="")


class Exchange(Strict):
    """What a worker hands in, and how many tasks it wants."""

    worker = Id(required=True)
    call = Whole(load_default=0)
    said = OfKernel(Sequence[Said], load_default=())
    want = Whole(most=MOST_WANTED, load_default=0)
    waits = Whole(most=MOST_WANTED, load_default=0)


class Farewell(Strict):
    """A worker whose run has ended, and how."""

    worker = Id(required=True)
    status = fields.String(required=True, validate=validate.OneOf([code.name for code in LuigiStatusCode]))


def introduce(call: Call) -> Any:
    """Make a worker known."""
    call.scheduler.add_worker(call.said["worker"], list(call.said["info"].items()))
    return {}


def declare(call: Call) -> Any:
    """Make tasks known, and say how they stand."""
    said = call.said
    call.scheduler.declare(said["worker"], said["tasks"], said["batchers"], said["call"], said["submission"])
    return {}


def exchange(call: Call) -> Any:
    """Take in what a worker says, and give it work."""
    said = call.said
    return written(call.scheduler.exchange(said["worker"], said["said"], said["want"], said["call"], said["waits"]))


def farewell(call: Call) -> Any:
    """Let those who hear of the scheduler know that a worker's run has ended."""
    tell_farewell(call.scheduler, call.said["worker"], call.said["status"])
    return {}


def operations() -> list[Operation]:
    """The verbs."""
    return [
        _verb("introduce", "A worker says who it is", Introduction, introduce, order_shapes.Nothing),
        _verb("declare", "A worker makes tasks known", Declaration, declare, order_shapes.Nothing, (409,)),
        _verb("exchange", "A worker hands in outcomes, and takes work", Exchange, exchange, Reply, (409,)),
        _verb("farewell", "A worker's run has ended", Farewell, farewell, order_shapes.Nothing),
        orders.CONTROL,
        questions.VIEW,
    ]


def _verb(
    name: str, summary: str, body: type[Strict], act: Any, answer: Any, refusals: tuple[int, ...] = ()
) -> Operation:
    return Operation(
        method="POST",
        path=f"/{name}",
        name=name,
        summary=summary,
        role=Role.WORKER,
        act=act,
        body=body,
        answer=answer,
        refusals=refusals,
        quiet=True,
        quick=True,
    )

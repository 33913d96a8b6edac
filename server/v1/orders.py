"""What operators order, by `POST /api/v1/control`: checked as a whole before anything changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import fields, validate

from luigi.errors import KernelError, StoreError
from luigi.interfaces import Order
from luigi.rpc.values import LONGEST_ID
from luigi.scheduler import Scheduler
from luigi.scheduler.service import OF_TASKS
from luigi.server.guard.identity import EVERYBODY, Identity, Role
from luigi.server.problems import Problem
from luigi.server.v1.known import the_task, the_worker
from luigi.server.v1.operations import Call, Operation
from luigi.server.v1.schemas import Anything, Strict, Whole, wrong

NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(OF_TASKS, ("subject",)),
    "set_limit": ("subject", "amount"),
    "pause": (),
    "unpause": (),
    "disable_worker": ("subject",),
    "set_worker_processes": ("subject", "amount"),
    "send_message": ("subject", "worker"),
    **dict.fromkeys(("cancel_submission", "pause_trigger", "unpause_trigger", "forget_trigger"), ("subject",)),
    "prune": (),
}
"""Every verb, with what it cannot do without."""

GIVEN: Final = {"subject": {"minLength": 1}, "worker": {"minLength": 1}, "amount": {"type": "integer"}}
"""The JSON schemas of what is needed and given."""

LONGEST_MESSAGE: Final = 64 * 1024
"""Characters of a message at most: it waits in the scheduler's memory."""

OF_A_TASK: Final = frozenset({*OF_TASKS, "send_message"})
OF_A_WORKER: Final = frozenset({"disable_worker", "set_worker_processes"})


class TheOrder(Strict):
    """An operator's order: what to do, to which task, worker or resource, and how much."""

    beyond = {
        "anyOf": [
            {"properties": {"verb": {"const": verb}, **{name: GIVEN[name] for name in needed}}, "required": [*needed]}
            for verb, needed in NEEDED.items()
        ]
    }

    verb = fields.String(required=True, validate=validate.OneOf(list(NEEDED)))
    subject = fields.String(load_default="", validate=validate.Length(max=LONGEST_ID))
    amount = Whole(load_default=None, allow_none=True)
    text = fields.String(load_default="", validate=validate.Length(max=LONGEST_MESSAGE))
    worker = fields.String(load_default="", validate=validate.Length(max=LONGEST_ID))

    def check(self, found: Mapping[str, Any]) -> None:
        """Refuse an order that lacks what it cannot do without."""
        for name in NEEDED[found["verb"]]:
            if found[name] in ("", None):
                raise wrong(name, f"{found['verb']} needs it")


class Answered(Strict):
    """What an order or a question brought; null where there is nothing to say."""

    answer = Anything(required=True, allow_none=True)
    cut = fields.List(fields.String(), metadata={"description": "There when the answer was too long and is shortened"})


def control(call: Call) -> Any:
    """Carry out an order."""
    order = Order(**call.said, by=name_of(call.identity))
    if order.verb != "prune" and call.identity.role < Role.OPERATOR:
        raise Problem(403, "this is for operators")
    return {"answer": carry_out(call.scheduler, order)}


def name_of(identity: Identity) -> str:
    """Who orders something, for a task's story; empty where everybody may, and nobody says who they are."""
    return "" if identity == EVERYBODY else identity.name


def carry_out(scheduler: Scheduler, order: Order) -> Any:
    """Carry out an order whose form is right. Raises Problem: 404 for a subject there is not, 409 if it does not apply.

    Gives the message's id for `send_message`, nothing otherwise.
    """
    if order.verb in OF_A_TASK:
        the_task(scheduler, order.subject)
    if order.verb in OF_A_WORKER:
        the_worker(scheduler, order.subject)
    if order.worker:
        the_worker(scheduler, order.worker)
    try:
        return scheduler.control(order)
    except StoreError:
        raise
    except KernelError as error:
        raise Problem(409, str(error), hint=error.hint) from None


CONTROL: Final = Operation(
    method="POST",
    path="/control",
    name="control",
    summary="Carry out an order: operators', but for prune",
    role=Role.WORKER,
    act=control,
    body=TheOrder,
    answer=Answered,
    refusals=(404, 409),
    audited=("verb", "subject", "amount", "worker"),
)

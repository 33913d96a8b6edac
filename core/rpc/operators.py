"""What operators order, in calls of the server's API; and explanations as they travel."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from luigi.errors import KernelError, did_you_mean
from luigi.interfaces import Order
from luigi.task_status import DONE, PENDING

Call = Callable[..., Any]


def carry_out(call: Call, order: Order) -> Any:
    """Carry out an operator's order. Raises KernelError when it does not apply, saying why.

    Gives the message's id for `send_message`, nothing otherwise.
    """
    if order.verb not in _ORDERS:
        hint = did_you_mean(order.verb, _ORDERS) or f"there are: {', '.join(_ORDERS)}"
        raise KernelError(f"no order {order.verb!r}", hint=hint)
    return _ORDERS[order.verb](call, order)


def _forgive(call: Call, order: Order) -> None:
    _expect(PENDING, order, call("forgive_failures", task_id=order.subject))


def _mark_done(call: Call, order: Order) -> None:
    _expect(DONE, order, call("mark_as_done", task_id=order.subject))


def _expect(status: str, order: Order, answer: Mapping[str, Any]) -> None:
    if answer["status"] != status:
        raise KernelError(f"{order.verb} {order.subject}: the task is {answer['status'] or 'unknown'}")


def _re_enable(call: Call, order: Order) -> None:
    if not call("re_enable_task", task_id=order.subject):
        raise KernelError(f"re_enable {order.subject}: no disabled task has that id")


def _pause(call: Call, order: Order) -> None:
    if not call("is_pause_enabled")["enabled"]:
        raise KernelError(f"{order.verb}: the server does not allow it", hint="see [scheduler] pause_enabled")
    call(order.verb)


def _send_message(call: Call, order: Order) -> str:
    answer = call("send_scheduler_message", worker=order.worker, task=order.subject, content=order.text)
    if not answer.get("message_id"):
        raise KernelError("send_message: the server does not allow it", hint="see [scheduler] send_messages")
    return str(answer["message_id"])


_ORDERS: Final[Mapping[str, Callable[[Call, Order], Any]]] = {
    "forgive": _forgive,
    "mark_done": _mark_done,
    "re_enable": _re_enable,
    "set_limit": lambda call, order: call("update_resource", resource=order.subject, amount=int(order.amount or 0)),
    "pause": _pause,
    "unpause": _pause,
    "disable_worker": lambda call, order: call("disable_worker", worker=order.subject),
    "set_worker_processes": lambda call, order: call(
        "set_worker_processes", worker=order.subject, n=int(order.amount or 0)
    ),
    "send_message": _send_message,
    "prune": lambda call, order: call("prune"),
}


def written_explanation(text: str | None) -> str | None:
    """An explanation as it travels: JSON within the call's JSON. What is no Unicode is left for the call to replace."""
    return None if text is None else json.dumps(text, ensure_ascii=False)


def read_explanation(written: str | None) -> str | None:
    """The inverse of `written_explanation`. What some other client wrote plainly is given as it is."""
    if not written:
        return None
    try:
        text = json.loads(written)
    except ValueError:
        return written
    return text if isinstance(text, str) else None

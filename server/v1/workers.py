"""Who works, and whether anything is handed out: to look at, and to give orders about."""

from __future__ import annotations

from typing import Any

from luigi.history_reading import is_kept
from luigi.interfaces import Order, Question
from luigi.server.v1 import cursors, fitting, order_shapes, queries, worker_shapes
from luigi.server.v1.known import the_worker
from luigi.server.v1.operations import Call, Operation, looking, ordering
from luigi.server.v1.orders import carry_out, name_of
from luigi.server.v1.schemas import Strict, Whole


class Processes(Strict):
    """How many tasks a worker is to run at a time."""

    processes = Whole(least=1, most=100_000, required=True)


def workers(call: Call) -> Any:
    """A page of workers, without the many things that some say of themselves."""
    after, limit = call.said["cursor"], call.said["limit"]
    told = call.scheduler.view(Question("workers", options={"include_running": False}))
    rows = sorted([one for one in told if after is None or one["worker_id"] > after], key=_by_id)
    page = fitting.page([_without_roots(one) for one in rows], limit, "worker_id")
    after = page.rows[-1]["worker_id"] if page.more else None
    return {"workers": page.rows, "next": cursors.named("workers", after)}


def _by_id(row: dict[str, Any]) -> str:
    return str(row["worker_id"])


def _without_roots(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "info": {name: value for name, value in row["info"].items() if name != "roots"}}


def worker(call: Call) -> Any:
    """One of them."""
    worker_id = the_worker(call.scheduler, call.said["worker_id"]).worker_id
    told = call.scheduler.view(Question("workers", options={"include_running": False}))
    rows = [one for one in told if one["worker_id"] == worker_id]
    return fitting.fitted(rows[0], fitting.ROOM) if rows else None


def disable(call: Call) -> Any:
    """Give a worker no more."""
    carry_out(call.scheduler, Order("disable_worker", call.said["worker_id"], by=name_of(call.identity)))
    return {}


def set_processes(call: Call) -> Any:
    """Have a worker run so many at a time."""
    carry_out(
        call.scheduler,
        Order("set_worker_processes", call.said["worker_id"], call.said["processes"], by=name_of(call.identity)),
    )
    return {}


def control(call: Call) -> Any:
    """Whether tasks are handed out, and what can be asked for here."""
    config = call.scheduler.config
    return {
        "paused": call.scheduler.machine.paused,
        "pause_enabled": config.pause_enabled,
        "messages_enabled": config.send_messages,
        "keeps_history": is_kept(),
    }


def operations() -> list[Operation]:
    """What one can look at, and the orders."""
    of_worker = "/workers/{worker_id}"
    return [
        looking(
            "/workers",
            "listWorkers",
            "Workers, a page at a time",
            workers,
            worker_shapes.WorkerPage,
            queries.WorkerQuery,
        ),
        looking(of_worker, "getWorker", "All there is to say of a worker", worker, worker_shapes.Worker),
        ordering(
            f"{of_worker}/disable",
            "disableWorker",
            "Let a worker finish what it runs, and have nothing more",
            disable,
            order_shapes.Nothing,
        ),
        ordering(
            f"{of_worker}/processes",
            "setProcesses",
            "Have a worker run so many tasks at a time",
            set_processes,
            order_shapes.Nothing,
            Processes,
            audited=("processes",),
        ),
        looking("/control", "getControl", "Whether tasks are handed out", control, worker_shapes.Control),
    ]

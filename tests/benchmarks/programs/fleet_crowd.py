"""Some of a fleet's workers in a process of their own: told what to do line by line, it tells what came of it.

`python fleet_crowd.py PORT FIRST WORKERS TASKS SLOTS [pool]`: workers number FIRST and on, each with a run of TASKS
tasks. Each line of its input is an order with its options as JSON; it is answered by a line when it is carried out.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

from fleet_measures import Latencies
from fleet_wire import Wire
from fleet_workers import Plan, SimulatedWorker

AT_ONCE = 16
"""Workers that declare at a time: those of a real fleet walk their graphs meanwhile."""

port, first, number, tasks, slots = map(int, sys.argv[1:6])
pool = "pool" in sys.argv
wire, plan = Wire("127.0.0.1", port), Plan()
workers = [SimulatedWorker(wire, plan, first + i, tasks, slots, pool=pool) for i in range(number)]


def silent() -> bool:
    return all(worker.silent for worker in workers)


def introduce() -> None:
    """All say who they are."""
    for worker in workers:
        worker.introduce()
    wire.run(silent)


def declare(share: float) -> None:
    """Such a share of all workers declares its tasks, beyond those that have done so."""
    waiting = [worker for worker in workers[: round(share * number)] if not worker.declared]
    for begin in range(0, len(waiting), AT_ONCE):
        for worker in waiting[begin : begin + AT_ONCE]:
            worker.declare()
        wire.run(silent)


def work(mean: float, signs: float, seconds: float) -> None:
    """All work for so many seconds, or until nothing is left: tasks take `mean` seconds, signs come every `signs`."""
    plan.mean, plan.signs, plan.until = mean, signs, time.perf_counter() + seconds
    for worker in workers:
        worker.work()
    wire.run(lambda: time.perf_counter() >= plan.until or not any(worker.left for worker in workers))
    plan.until = 0.0
    wire.run(silent)


ORDERS: dict[str, Callable[..., None]] = {"introduce": introduce, "declare": declare, "work": work}


def carry_out(order: str, **options: Any) -> dict[str, Any]:
    """Do it, and say what it took."""
    plan.latencies, plan.done = Latencies(), 0
    wire.forget()
    began = time.perf_counter()
    ORDERS[order](**options)
    seconds = time.perf_counter() - began
    told: dict[str, Any] = {"seconds": seconds, "done": plan.done, "lag": wire.lag, "cpu": time.process_time()}
    return told | {"left": sum(worker.left for worker in workers), "latencies": plan.latencies.as_json()}


for line in sys.stdin:
    print(json.dumps(carry_out(**json.loads(line))), flush=True)

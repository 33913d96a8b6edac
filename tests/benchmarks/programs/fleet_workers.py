"""A simulated worker: it makes the calls that a real one makes, at the times it makes them, and runs nothing.

As a real one it has two connections: one for its rounds, one for its signs of life. A virtual task ends when its time
is over; what ended is handed in at once, with a request for what is next. Who has nothing that ended says every
`LOOK` seconds that its tasks still run, and who got no work asks again after a while. Both takes longer where the
scheduler wants it so, by the pace it tells; and there is no sign of life of whom it has heard within that.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from fleet_graphs import root, run
from fleet_measures import Latencies
from fleet_wire import Line, Wire, as_json

LOOK: Final = 1.0
WAIT: Final = 1.0, 5.0
"""Seconds from a request in vain to the next at least, and how many more there may be by chance."""


@dataclass
class Plan:
    """What all workers of a process go by, and what came of it."""

    latencies: Latencies = field(default_factory=Latencies)
    mean: float = 0.0
    """Seconds that a task takes, on average; 0 for none."""
    signs: float = 1.0
    """Seconds between two signs of life; 0 for none."""
    until: float = float("inf")
    """When no worker makes another call."""
    done: int = 0
    """Tasks handed in."""


class SimulatedWorker:
    """Worker `number` of the fleet, whose run has `tasks` tasks; `slots`: how many it runs at a time.

    `pool`: it is one of a pool's, takes any task, and its run is a submission.
    """

    def __init__(self, wire: Wire, plan: Plan, number: int, tasks: int, slots: int, *, pool: bool = False) -> None:
        self.name = f"fleet-worker-{number}"
        self._declarer = f"run-fleet-{number}" if pool else self.name
        self._pool = pool
        self.tasks = tasks
        self.left = tasks
        """How many of its tasks nobody has handed in, as far as the scheduler has told it; a pool's is told nothing."""
        self._wire, self._plan, self._slots, self._number = wire, plan, slots, number
        self._chance = Random(number)
        self._rounds, self._signs = Line(wire), Line(wire)
        self._call = 0
        self._running: dict[str, int] = {}
        self._ended: list[dict[str, Any]] = []
        self._chunks = run(number, tasks)
        self._look_due = 0.0
        self._pace = self._heard = 0.0

    # --- before the work ---------------------------------------------------------------------------------------

    def introduce(self) -> None:
        """Say who it is."""
        facts = {"workers": self._slots, "host": f"host-{self._number // 8}", "username": "fleet", "pid": self._number}
        facts |= {"assistant": True, "pool": {}} if self._pool else {"first_task": f"Step0(run={self._number})"}
        self._say(self._rounds, "introduce", {"worker": self.name, "info": facts}, lambda told: None)

    def declare(self) -> None:
        """Declare all of its run's tasks, chunk by chunk."""
        if self._pool:
            info = {"submission": True, "name": "fleet", "kind": "run", "max_active": 0}
            told = {"worker": self._declarer, "info": info | {"roots": [root(self._number, self.tasks)]}}
            self._say(self._rounds, "introduce", told, lambda told: self._declare())
        else:
            self._declare()

    def _declare(self) -> None:
        chunk = next(self._chunks, None)
        self.declared = chunk is None
        if chunk is not None:
            told = {"worker": self._declarer, "call": 0 if self._pool else self._next_call(), "tasks": chunk}
            self._say(self._rounds, "declare", told, lambda told: self._declare())

    declared = False

    # --- at work -----------------------------------------------------------------------------------------------

    def work(self) -> None:
        """Begin, or go on after a pause."""
        now = time.perf_counter()
        if self._plan.signs:
            self._wire.at(now + self._plan.signs * self._chance.random(), self._give_a_sign)
        for task_id in self._running.keys() - {report["task_id"] for report in self._ended}:
            self._begin(task_id)
        self._wire.at(now + LOOK * self._chance.random(), self._look)

    @property
    def silent(self) -> bool:
        """Whether no call of its is under way."""
        return not (self._rounds.busy or self._signs.busy)

    def _look(self) -> None:
        """Once in a while: it has something to say, or to ask."""
        if self._look_due <= time.perf_counter():
            self._exchange()
        self._wire.at(max(self._look_due, time.perf_counter() + LOOK / 10), self._look)

    def _exchange(self) -> None:
        """Hand in what ended, and ask for what is next."""
        if self._rounds.busy or self._plan.until <= time.perf_counter() or not self.left:
            return
        ended, self._ended = self._ended, []
        for report in ended:
            del self._running[report["task_id"]]
        said = ended or [{"kind": "progress", "task_id": one, "token": token} for one, token in self._running.items()]
        want = self._slots - len(self._running)
        told = {"worker": self.name, "call": self._next_call(), "said": said, "want": want}
        self._plan.done += len(ended)
        self._look_due = time.perf_counter() + max(LOOK, self._pace)
        self._say(self._rounds, "exchange" if ended or want else "look", told, self._take)

    def _take(self, told: Any) -> None:
        """Begin what was assigned. Who gets nothing, and has nothing, waits."""
        for one in told.get("assignments", ()):
            self._running[one["task_id"]] = one["token"]
            self._begin(one["task_id"])
        if not self._pool:
            self.left = told["counts"]["pending"] + len(self._running)
        if not self._running:
            self._look_due = time.perf_counter() + max(WAIT[0], self._pace) + self._chance.uniform(0, WAIT[1])
        if self._ended:
            self._exchange()

    def _begin(self, task_id: str) -> None:
        mean = self._plan.mean
        seconds = self._chance.expovariate(1 / mean) if mean else 0.0
        self._wire.at(time.perf_counter() + seconds, lambda: self._end(task_id))

    def _end(self, task_id: str) -> None:
        report = {"kind": "report", "task_id": task_id, "token": self._running[task_id], "status": "DONE"}
        self._ended.append(report)
        self._exchange()

    def _give_a_sign(self) -> None:
        if self._plan.until <= time.perf_counter():
            return
        if not self._signs.busy and time.perf_counter() >= self._heard + self._pace:
            self._say(self._signs, "sign", {"worker": self.name}, lambda told: None)
        self._wire.at(time.perf_counter() + self._plan.signs, self._give_a_sign)

    # --- calls -------------------------------------------------------------------------------------------------

    def _next_call(self) -> int:
        self._call += 1
        return self._call

    def _say(self, line: Line, verb: str, told: Any, then: Any) -> None:
        """Make a call, and have its answer read. A sign of life, and a look around, are exchanges too."""

        def answered(body: bytes, seconds: float) -> None:
            self._plan.latencies.note(verb, seconds)
            told = json.loads(body)
            if verb not in ("introduce", "declare"):
                self._pace, self._heard = told.get("pace", 0.0), time.perf_counter()
            then(told)

        line.post("exchange" if verb in ("sign", "look") else verb, as_json(told), answered)

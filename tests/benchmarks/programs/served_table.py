"""The table of N tasks, as the page asks for it: windows of every kind of filter, in every column's order.

Asked for in this process, without a socket. Blocks: `first`, the longest wall time of the first window of any;
`further`, that of a further window of the same; `lock`, for how long a first window keeps the scheduler from working
at a time. The first of all takes longest, when the processor has none of the tasks at hand; the middle one is told.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from falcon.testing import TestClient

from luigi.interfaces import Report
from luigi.plugin_manager import PluginManager
from luigi.scheduler import Scheduler
from luigi.scheduler.machine import Machine
from luigi.scheduler.views.table import COLUMNS
from luigi.server.config import ServerSettings
from luigi.server.office import Office
from luigi.server.rooms import application_of
from luigi.server.standing import Alone
from luigi.task_status import DONE, FAILED
from meter import show
from specs import chunks

number = int(sys.argv[1])
held: list[float] = []

FILTERS = (
    "search=laye+17",
    "search=number%3D1*",
    "status=PENDING",
    "status=UPSTREAM_FAILED,UPSTREAM_DISABLED",
    "family=none.",
    "run=worker",
)
ASKED = (*FILTERS, *[f"sort={column}" for column in COLUMNS])


class Timed(Scheduler):
    """Notes for how long it is looked at."""

    def look(self, read: Callable[[Machine], Any]) -> Any:
        def timed(machine: Machine) -> Any:
            began = time.perf_counter()
            found = read(machine)
            held.append(time.perf_counter() - began)
            return found

        return super().look(timed)


def seconds(query: str) -> float:
    """What one window takes."""
    began = time.perf_counter()
    answer = client.simulate_get("/api/v1/table", query_string=query)
    assert answer.status_code == 200, answer.text
    return time.perf_counter() - began


scheduler = Timed(resources={})
for chunk in chunks(number):
    scheduler.declare("worker", chunk)
given = scheduler.exchange("worker", [], number // 10).assignments
ended = [Report(one.task_id, one.token, FAILED if one.token % 7 else DONE) for one in given[: number // 20]]
scheduler.exchange("worker", ended, 0)
office = Office(settings=ServerSettings(), standing=Alone(scheduler), plugins=PluginManager.with_installed(()))
client = TestClient(application_of(office), headers={"Host": "127.0.0.1:8082"})
first, further, locked = {}, {}, []
for query in ASKED:
    held.clear()
    first[query] = seconds(query)
    locked.append(max(held))
    further[query] = max(seconds(f"{query}&offset={offset}") for offset in range(100, 600, 100))
print({query: (round(first[query] * 1e3), round(further[query] * 1e3)) for query in ASKED}, file=sys.stderr)
show("first", wall=max(first.values()))
show("further", wall=max(further.values()))
show("lock", p50=statistics.median(locked))

"""Our server, and ten batches of N tasks, each forgotten before the next comes: what memory is left behind.

`python served_batches.py N [BATCHES]`. Blocks: `second` and `last`, bytes of memory after that batch.
"""

from __future__ import annotations

import sys
import time

from luigi.interfaces import Question, Report, TaskSpec
from luigi.rpc import RemoteScheduler
from luigi.task_status import DONE
from meter import show
from served import server

CHUNK = 1000
CONFIG = "[scheduler]\nremove_delay = 0.1\nworker_disconnect_delay = 2\n[server]\ntick_interval = 0.2\n"

number, *more = map(int, sys.argv[1:])
batches = more[0] if more else 10


def run_batch(batch: int) -> None:
    """Declare and finish so many tasks, then be silent until all are forgotten."""
    worker, done = f"worker-{batch}", 0
    scheduler.add_worker(worker, [("workers", 1)])
    for first in range(0, number, CHUNK):
        numbers = range(first, min(first + CHUNK, number))
        specs = [
            TaskSpec(f"Batched_{batch}_{i}", "Batched", "batched", {"batch": str(batch), "i": str(i)}) for i in numbers
        ]
        scheduler.declare(worker, specs)
        assigned = scheduler.exchange(worker, [], len(specs)).assignments
        scheduler.exchange(worker, [Report(one.task_id, one.token, DONE) for one in assigned], 0)
        done += len(assigned)
    assert done == number
    while scheduler.view(Question("counts")):
        time.sleep(0.2)


with server(CONFIG) as running:
    scheduler = RemoteScheduler(running.url)
    for batch in range(batches):
        run_batch(batch)
        if batch in (1, batches - 1):
            show("second" if batch == 1 else "last", bytes=running.resident)

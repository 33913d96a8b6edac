"""Luigi's scheduler alone: N tasks in ten layers, of which the first few are handed out and reported on.

A hand-out takes Luigi a tenth of a second at ten thousand tasks, and the more are pending the longer: a sample while
nearly all are still pending stands for the whole. By its documented calls, as its worker makes them.
"""

from __future__ import annotations

import sys

from layers import FAMILY, nodes
from luigi.scheduler import Scheduler
from meter import measured

number, sample = int(sys.argv[1]), int(sys.argv[2])
scheduler = Scheduler()
scheduler.add_worker("worker", [("workers", 1)])
for task_id, params, deps in nodes(number):
    scheduler.add_task(
        worker="worker", task_id=task_id, family=FAMILY, module="layers", params=params, deps=deps, status="PENDING"
    )
with measured("exchange"):
    for _ in range(sample):
        work = scheduler.get_work(worker="worker", host="host", current_tasks=[])
        scheduler.add_task(
            worker="worker", task_id=work["task_id"], family=FAMILY, params=work["task_params"], status="DONE"
        )

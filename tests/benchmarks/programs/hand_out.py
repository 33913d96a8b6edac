"""Our scheduler alone: N tasks in ten layers, declared in bulk, then handed out and reported on one at a time.

`python hand_out.py N` has one worker that runs one task at a time. `python hand_out.py N resources` has every task need
one of fifty resources, one of each there, and four workers that can run any task and run up to eight each, so that many
a task has to wait for what another holds. Two blocks: `exchange`, what all exchanges took, and `one-exchange`, the p99
of a single one; in CPU time both.
"""

from __future__ import annotations

import sys
import time
from array import array
from collections import deque

from luigi import collector
from luigi.interfaces import Assignment, Report
from luigi.scheduler import Scheduler
from luigi.task_status import DONE
from meter import measured, p99, show
from specs import chunks

number, resources = int(sys.argv[1]), "resources" in sys.argv
workers, slots = (4, 8) if resources else (1, 1)
scheduler = Scheduler(resources={})
running: dict[str, deque[Assignment]] = {f"worker-{i}": deque() for i in range(workers)}
moments = array("d")


def exchange_all() -> int:
    """Let the workers report in turns, each on its oldest task, and fill their free slots, until all is done."""
    done = 0
    while done < number:
        for worker, own in running.items():
            said = [Report(own[0].task_id, own.popleft().token, DONE)] if own else []
            own.extend(scheduler.exchange(worker, said, slots - len(own)).assignments)
            moments.append(time.process_time())
            done += len(said)
        assert done == number or any(running.values()), "nobody has work, and not all is done"
    return done


with collector.paused():
    for chunk in chunks(number, resources):
        for worker in running:
            scheduler.declare(worker, chunk)
with collector.spared(), measured("exchange"):
    assert exchange_all() == number
show("one-exchange", p99=p99(moments))

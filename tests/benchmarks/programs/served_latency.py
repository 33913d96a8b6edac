"""Our server with N pending tasks, while 200 workers ping and 10 pages poll: how long a worker's call takes.

Whoever pings and polls does so from processes of their own, once a second for each worker, every two seconds for each
page. The calls measured are those of one more worker, each of which hands in one task and takes the next. Blocks:
`call` (p50 and p99, by the clock), `quiet-call`, the same before anybody pings or polls.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from luigi.interfaces import Report
from luigi.rpc import RemoteScheduler
from luigi.task_status import DONE
from meter import show
from served import server
from specs import chunks

WORKERS, PAGES = 200, 10
OTHERS = Path(__file__).with_name("served_others.py")

number = int(sys.argv[1])
calls = min(3000, number // 3)


def measure(block: str) -> None:
    """Hand in and take so many tasks, and say how long each call took."""
    took, assigned = [], scheduler.exchange("worker", [], 1).assignments
    for _ in range(calls):
        said = [Report(one.task_id, one.token, DONE) for one in assigned]
        before = time.perf_counter()
        assigned = scheduler.exchange("worker", said, 1).assignments
        took.append(time.perf_counter() - before)
        assert assigned, "there is no more work"
        time.sleep(0.002)  # a worker has something to do between two calls
    took.sort()
    show(block, p50=took[calls // 2], p99=took[calls * 99 // 100])
    scheduler.exchange("worker", [Report(one.task_id, one.token, DONE) for one in assigned], 0)


with server() as running:
    scheduler = RemoteScheduler(running.url)
    scheduler.add_worker("worker", [("workers", 1)])
    for chunk in chunks(number):
        scheduler.declare("worker", chunk)
    measure("quiet-call")
    others = subprocess.Popen(
        [sys.executable, OTHERS, running.url, str(WORKERS), str(PAGES)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert others.stdout is not None
        assert others.stdout.readline() == '"ready"\n', "those who ping and poll did not begin"
        measure("call")
        assert others.poll() is None, "those who ping and poll gave up"
    finally:
        others.kill()
        others.wait()

"""Our server with N pending tasks in its store, killed and started again.

Blocks: `start`, seconds by the clock until it answers a worker; `kept`, bytes of memory that the tasks take in it.
"""

from __future__ import annotations

import sys
import time

from luigi.interfaces import Question
from luigi.rpc import RemoteScheduler
from luigi.task_status import PENDING
from meter import show
from served import server
from specs import chunks

number = int(sys.argv[1])
with server() as running:
    scheduler = RemoteScheduler(running.url)
    scheduler.add_worker("worker", [("workers", 1)])
    assert scheduler.view(Question("counts")) == {}
    empty = running.resident
    for chunk in chunks(number):
        scheduler.declare("worker", chunk)
    show("kept", bytes=running.resident - empty)
    running.kill()
    scheduler.close()
    began = time.perf_counter()
    running.start()
    assert RemoteScheduler(running.url).view(Question("counts")) == {PENDING: number}
    show("start", wall=time.perf_counter() - began)

"""Our scheduler alone: what N pending tasks in ten layers, most with three requirements, weigh once declared.

Specs are made a thousand at a time and dropped, so that what is left is what the scheduler keeps, texts included. A
tenth as many are declared to another scheduler first: the interpreter's own needs are then not in it.
"""

from __future__ import annotations

import sys

from luigi.interfaces import Question
from luigi.scheduler import Scheduler
from luigi.task_status import PENDING
from meter import resident, show
from specs import chunks


def declared(number: int) -> Scheduler:
    scheduler = Scheduler(resources={})
    for chunk in chunks(number):
        scheduler.declare("worker", chunk)
    return scheduler


number = int(sys.argv[1])
first = declared(number // 10)
before = resident()
second = declared(number)
show("pending", bytes=resident() - before)
assert first.view(Question("counts"))[PENDING] == number // 10
assert second.view(Question("counts"))[PENDING] == number

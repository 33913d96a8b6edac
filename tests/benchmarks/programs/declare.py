"""Our scheduler alone: N tasks in ten layers are declared, a thousand a call, as a worker that has walked them does."""

from __future__ import annotations

import sys

from luigi import collector
from luigi.interfaces import Question
from luigi.scheduler import Scheduler
from luigi.task_status import PENDING
from meter import measured
from specs import chunks

number = int(sys.argv[1])
scheduler = Scheduler(resources={})
with collector.paused():
    declared = list(chunks(number))
    with measured():
        for chunk in declared:
            scheduler.declare("worker", chunk)
assert scheduler.view(Question("counts"))[PENDING] == number

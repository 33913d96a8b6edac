"""The visualiser's graph of a task that needs N others: `graph`, from the click on a link until it is drawn."""

from __future__ import annotations

import statistics
import sys
from urllib.parse import urlencode

from layers import LAYERS, task_id
from luigi.interfaces import TaskSpec
from luigi.rpc import RemoteScheduler
from meter import show
from page import browser, opened, seconds_until
from served import server
from specs import chunks

VISITORS = 3

number = int(sys.argv[1])

with server("[scheduler]\nworker_disconnect_delay = 86400\n") as running, browser() as chromium:
    scheduler = RemoteScheduler(running.url)
    scheduler.add_worker("worker", [("workers", 1)])
    for chunk in chunks(number):
        scheduler.declare("worker", chunk)
    ends = [task_id(LAYERS - 1, place) for place in range(number // LAYERS)]
    scheduler.declare("worker", [TaskSpec("Goal", "Goal", deps=ends)])
    took = []
    for _ in range(VISITORS):
        page = opened(chromium, running.url, urlencode({"place": "graph", "root": "Goal", "fold": "no"}))
        drawn = "document.querySelectorAll('.drawing .at').length"
        took.append(seconds_until(page, f"{drawn} === {number + 1}"))
        page.context.close()
    show("graph", wall=statistics.median(took))

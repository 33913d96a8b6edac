"""The visualiser before a server with N tasks while a run goes on: what the tab holds in memory after a while.

`python page_live.py N SECONDS`: a worker begins and ends twenty tasks a second; the page shows the list, one task open
beside it. Block: `held`, the tab's memory at the end.
"""

from __future__ import annotations

import sys
import time
from urllib.parse import urlencode

from layers import task_id
from luigi.interfaces import Report
from luigi.rpc import RemoteScheduler
from luigi.task_status import DONE
from meter import show
from page import ROWS, browser, held, opened, seconds_until
from served import server
from specs import chunks

AT_ONCE, PAUSE = 2, 0.1

number, seconds = int(sys.argv[1]), float(sys.argv[2])

with server() as running, browser() as chromium:
    scheduler = RemoteScheduler(running.url)
    scheduler.add_worker("worker", [("workers", AT_ONCE)])
    for chunk in chunks(number):
        scheduler.declare("worker", chunk)
    page = opened(chromium, running.url, urlencode({"task": task_id(9, 0)}))
    seconds_until(page, ROWS)
    assigned = scheduler.exchange("worker", [], AT_ONCE).assignments
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        said = [Report(one.task_id, one.token, DONE) for one in assigned]
        assigned = scheduler.exchange("worker", said, AT_ONCE).assignments
        assert assigned, "there is no more work"
        page.wait_for_timeout(PAUSE * 1000)
    show("held", bytes=held(chromium))

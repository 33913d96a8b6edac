"""Those a server has besides: `python served_others.py URL WORKERS PAGES`, until it is ended, or a call fails.

Every worker gives a sign of life a second, every page asks for what it shows every two seconds.
"""

from __future__ import annotations

import json
import os
import sys
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from heapq import heappop, heappush
from http.client import HTTPConnection
from traceback import print_exception
from urllib.parse import urlsplit

url, workers, pages = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
host = urlsplit(url).netloc
SHOWN = ("/api/v1/counts", "/api/v1/tasks?limit=100", "/api/v1/workers", "/api/v1/families")


def called(connection: HTTPConnection, method: str, path: str, body: object = None) -> bytes:
    text = None if body is None else json.dumps(body)
    connection.request(method, path, text, {"Content-Type": "application/json"})
    with connection.getresponse() as answer:
        told = answer.read()
    assert answer.status == 200, (path, answer.status, told[:300])
    return told


def ping_all() -> None:
    """All workers in turns, each on a connection of its own."""
    due = [(i / workers, i, HTTPConnection(host)) for i in range(workers)]
    began = time.monotonic()
    while True:
        at, worker, connection = heappop(due)
        time.sleep(max(0, began + at - time.monotonic()))
        called(connection, "POST", "/api/v1/exchange", {"worker": f"worker-{worker}", "said": [], "want": 0})
        heappush(due, (at + 1, worker, connection))


def poll_all() -> None:
    due = [(2 * i / pages, i, HTTPConnection(host)) for i in range(pages)]
    began = time.monotonic()
    while True:
        at, page, connection = heappop(due)
        time.sleep(max(0, began + at - time.monotonic()))
        for path in SHOWN:
            called(connection, "GET", path)
        heappush(due, (at + 2, page, connection))


pool = ThreadPoolExecutor(2)
introduced = HTTPConnection(host)
for i in range(workers):
    called(introduced, "POST", "/api/v1/introduce", {"worker": f"worker-{i}", "info": {"host": "here", "pid": i}})
going_on = [pool.submit(ping_all), pool.submit(poll_all)]
ended, _ = wait(going_on, timeout=2, return_when=FIRST_COMPLETED)
if not ended:
    print(json.dumps("ready"), flush=True)
    ended, _ = wait(going_on, return_when=FIRST_COMPLETED)
for failed in ended:
    print_exception(failed.exception())
os._exit(1)  # the other one would go on for ever

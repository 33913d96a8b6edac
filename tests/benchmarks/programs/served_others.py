"""Those a server has besides: `python served_others.py URL WORKERS PAGES`, until it is ended.

Every worker gives a sign of life a second, every page asks for what it shows every two seconds.
"""

from __future__ import annotations

import json
import sys
import time
from heapq import heappop, heappush
from http.client import HTTPConnection
from threading import Thread
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


introduced = HTTPConnection(host)
for i in range(workers):
    called(introduced, "POST", "/api/v1/introduce", {"worker": f"worker-{i}", "info": {"host": "here", "pid": i}})
for target in (ping_all, poll_all):
    Thread(target=target, daemon=True).start()
time.sleep(2)
print(json.dumps("ready"), flush=True)
while True:
    time.sleep(60)

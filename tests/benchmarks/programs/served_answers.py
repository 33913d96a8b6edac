"""Our server with N tasks: how big its answers are, and what a page of a hundred tasks costs it.

Asked for is everything that its OpenAPI document offers without a field in the path, what changed since a while ago,
and all of Luigi's lists.
Blocks: `largest`, the bytes of the largest answer; `page`, the server's CPU time for a page of 100.
"""

from __future__ import annotations

import json
import sys
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

from luigi.rpc import RemoteScheduler
from meter import show
from served import server
from specs import chunks

PAGES = 200
CHANGED = 200
LISTS = {"task_list": {"status": "PENDING"}, "task_search": {"task_str": "0"}, "worker_list": {}, "graph": {}}

number = int(sys.argv[1])


def asked(path: str) -> bytes:
    connection.request("GET", path)
    with connection.getresponse() as answer:
        told = answer.read()
    assert answer.status < 500, (path, answer.status, told[:300])
    return told


with server() as running:
    scheduler = RemoteScheduler(running.url)
    scheduler.add_worker("worker", [("workers", 1)])
    for chunk in chunks(number):
        scheduler.declare("worker", chunk)
    connection = HTTPConnection(urlsplit(running.url).netloc)
    changes = f"/api/v1/changes?since={json.loads(asked('/api/v1/counts'))['version']}"
    scheduler.exchange("worker", [], CHANGED)
    assert len(json.loads(asked(changes))["tasks"]) == CHANGED
    offered = json.loads(asked("/api/v1/openapi.json"))["paths"]
    paths = [path for path, methods in offered.items() if "get" in methods and "{" not in path]
    paths.append(changes)
    paths += [f"/api/{name}?{urlencode({'data': json.dumps(options)})}" for name, options in LISTS.items()]
    assert len(paths) > 10, paths
    sizes = {path: len(asked(path)) for path in paths}
    print(sizes, file=sys.stderr)
    show("largest", bytes=max(sizes.values()))
    before = running.cpu
    for _ in range(PAGES):
        assert len(json.loads(asked("/api/v1/tasks?limit=100"))) > 0
    show("page", cpu=running.cpu - before)

"""Servers to look at, and what looks: a browser at the visualiser of a real `kernel serve`.

Every test of this folder needs Chromium. Servers that tests only look at live as long as the session; who orders
something takes `workshop`, with tasks of families of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from luigi.clock import SYSTEM
from luigi.interfaces import Assignment, Progress, Report, Said, TaskSpec
from luigi.rpc import RemoteScheduler

HERE = Path(__file__).parent
PLACE = "static/visualiser/index.html"
LASTING = "[scheduler]\nworker_disconnect_delay = 86400\nretry_delay = 86400\n"
"""Nothing changes by itself: silent workers are waited for, what failed stays so."""
HISTORY = "record_task_history = true\n[task_history]\ndb_connection = sqlite:///history.db\n"
SERIOUS = {"serious", "critical"}
NUMBERS = count(1)

expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.service("chromium"))


# --- who works -------------------------------------------------------------------------------------------------------


class Hand:
    """A worker that does as the test says: nothing it runs goes on by itself."""

    def __init__(self, url: str, **info: Any) -> None:
        self.scheduler = RemoteScheduler(url)
        self.id = info.pop("id", f"Worker(salt={next(NUMBERS)}, workers=4, host=bench, username=ann, pid=42)")
        self.scheduler.add_worker(self.id, list({"workers": 4, "host": "bench", "username": "ann", **info}.items()))

    def declare(self, *specs: TaskSpec) -> None:
        """Tasks that it wants, what they depend on first."""
        for start in range(0, len(specs), 1000):
            self.scheduler.declare(self.id, specs[start : start + 1000])

    def take(self, want: int = 1) -> Sequence[Assignment]:
        """So many tasks to run, the best first."""
        found = self.scheduler.exchange(self.id, [], want).assignments
        assert len(found) == want, found
        return found

    def say(self, *said: Said) -> None:
        self.scheduler.exchange(self.id, said, 0)

    def done(self, *assigned: Assignment) -> None:
        self.say(*(Report(one.task_id, one.token, "DONE") for one in assigned))

    def fail(self, *assigned: Assignment, why: str = "ValueError: it never works") -> None:
        self.say(*(Report(one.task_id, one.token, "FAILED", explanation=why) for one in assigned))

    def tell(self, assigned: Assignment, **what: Any) -> None:
        """How far it is: `percentage`, `status_message`, `tracking_url`."""
        self.say(Progress(assigned.task_id, assigned.token, **what))


@pytest.fixture(scope="session")
def hand() -> Callable[..., Hand]:
    """Makes workers: `hand(server)`."""
    return lambda server, **info: Hand(server.url_as("worker"), **info)


# --- servers ---------------------------------------------------------------------------------------------------------


def asked(server: Any, path: str, body: object = None) -> Any:
    """The answer of a server without tokens to a call of the API, an order if there is a body."""
    text = None if body is None else json.dumps(body).encode()
    request = Request(f"{server.url}api/v1/{path}", text, {"Content-Type": "application/json"})
    with urlopen(request, timeout=30) as answer:
        return json.load(answer)


@pytest.fixture(scope="session")
def ask() -> Callable[..., Any]:
    """Calls the API: `ask(server, "counts")`, `ask(server, "control", {"verb": "pause"})`; without tokens."""
    return asked


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for what other processes bring about."""
    late = SYSTEM.monotonic() + seconds
    while not holds():
        assert SYSTEM.monotonic() < late, "it did not come about"
        SYSTEM.sleep(0.05)


@pytest.fixture(scope="session")
def eventually() -> Callable[..., None]:
    """Waits until a condition holds."""
    return until


@pytest.fixture(scope="session")
def shop(start_lasting_server: Callable[..., Any]) -> Iterator[Any]:
    """A server with history, where pipeline/shop.py runs: a task of every status, some of them talking."""
    server = start_lasting_server(name="shop", config=LASTING + HISTORY)
    folder = server.folder / "work"
    folder.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(HERE / "pipeline"), "LUIGI_CONFIG_PATH": os.devnull}
    command = [Path(sys.executable).with_name("kernel"), "run", "shop:shop.Everything", "--workers", "4"]
    with (folder / "log").open("wb") as log:
        run = subprocess.Popen(
            [*command, "--worker-keep-alive", "--scheduler-url", server.url],
            cwd=folder, env=environment, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        until(lambda: _all_statuses(server))
        yield server
    finally:
        run.kill()
        run.wait()


def _all_statuses(server: Any) -> bool:
    found = asked(server, "counts")
    wanted = {"UNKNOWN", "PENDING", "RUNNING", "BATCH_RUNNING", "DONE", "FAILED", "DISABLED"}
    return wanted <= set(found["counts"]) and {"UPSTREAM_FAILED", "UPSTREAM_DISABLED"} <= set(found["stopped"])


@pytest.fixture(scope="session")
def empty_server(start_lasting_server: Callable[..., Any]) -> Any:
    """Nobody uses it."""
    return start_lasting_server(name="empty")


@pytest.fixture(scope="session")
def workshop(start_lasting_server: Callable[..., Any]) -> Any:
    """A server where things are done: each test declares tasks of its own, in families of its own."""
    return start_lasting_server(name="workshop", config=LASTING + HISTORY)


@pytest.fixture(scope="session")
def guarded(start_lasting_server: Callable[..., Any]) -> Any:
    """A server that asks for tokens."""
    return start_lasting_server(name="guarded", config=LASTING, tokens=True)


# --- looking ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def visit(browsing: Any) -> Callable[..., Page]:
    """Opens the visualiser: `visit(server, place="graph", task=…)`; `look` are options of the browser's window."""

    def opened(server: Any, look: Mapping[str, Any] | None = None, **words: str) -> Page:
        page: Page = browsing.open(f"{server.url}{PLACE}?{urlencode(words)}", **(look or {}))
        return page

    return opened


@pytest.fixture(scope="session")
def faults() -> Callable[[Page], list[str]]:
    """What axe finds on a page that is serious: the rule, and where."""

    def found(page: Page) -> list[str]:
        options = {"resultTypes": ["violations"], "preload": False}
        violations = Axe().run(page, options=options).response["violations"]
        return [
            f"{one['id']}: {node['target']} {node['failureSummary']}"
            for one in violations
            if one["impact"] in SERIOUS
            for node in one["nodes"]
        ]

    return found

"""Live: what changes is seen, with little asked; nobody asks in a hidden tab; a server that is away is a clear sign.

| item of the issue | test |
|---|---|
| 6 deltas at most every two seconds | `test_it_asks_for_what_changed_at_most_every_two_seconds` |
| 6 paused when the tab is hidden | `test_a_hidden_tab_asks_nothing` |
| 6 a clear sign when the server is away and when it is back | `test_away_and_back` |
| 5 pause, unpause | `test_pause_is_seen_on_another_page` |
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from luigi.clock import SYSTEM
from luigi.interfaces import TaskSpec

HIDE = """hidden => {
  Object.defineProperty(document, "hidden", {configurable: true, get: () => hidden});
  document.dispatchEvent(new Event("visibilitychange"));
}"""
"""A headless browser hides no tab by itself: the document is told what a browser tells it."""


def calls(page: Page) -> list[tuple[float, str]]:
    """When which paths of the API are asked for, from now on."""
    made: list[tuple[float, str]] = []

    def note(request: Any) -> None:
        if "/api/v1/" in request.url:
            made.append((SYSTEM.monotonic(), request.url.partition("/api/v1/")[2]))

    page.on("request", note)
    return made


def test_it_asks_for_what_changed_at_most_every_two_seconds(visit: Callable[..., Page], shop: Any) -> None:
    """Among tasks that say something new twice a second."""
    page = visit(shop)
    expect(page.locator(".rows .row").first).to_be_visible()
    made = calls(page)
    page.wait_for_timeout(5_000)
    for kind in ("counts", "changes", "table"):
        moments = [at for at, path in made if path.startswith(kind)]
        assert 1 <= len(moments) <= 5, (kind, made)
        assert all(after - before > 1.8 for before, after in itertools.pairwise(moments)), (kind, made)
    assert all("since=" in path for _, path in made if path.startswith("changes"))


def test_it_asks_next_to_nothing_while_nothing_changes(visit: Callable[..., Page], empty_server: Any) -> None:
    page = visit(empty_server)
    expect(page.locator("header .state")).to_have_text("Running")
    page.wait_for_load_state("networkidle")
    made = calls(page)
    page.wait_for_timeout(4_500)
    assert 1 <= len(made) <= 3
    assert {path for _, path in made} == {"counts"}


def test_a_hidden_tab_asks_nothing(visit: Callable[..., Page], shop: Any) -> None:
    page = visit(shop)
    expect(page.locator(".rows .row").first).to_be_visible()
    page.evaluate(HIDE, True)
    page.wait_for_load_state("networkidle")
    made = calls(page)
    page.wait_for_timeout(3_000)
    assert made == []
    page.evaluate(HIDE, False)
    page.wait_for_timeout(500)
    assert made


def test_pause_is_seen_on_another_page(visit: Callable[..., Page], workshop: Any) -> None:
    first, second = visit(workshop), visit(workshop)
    state = second.locator("header .state")
    expect(state).to_have_text("Running")
    first.get_by_role("button", name="Pause").click()
    dialog = first.get_by_role("dialog", name="Pause the scheduler?")
    dialog.get_by_role("button", name="Not now").click()
    expect(first.locator("header .state")).to_have_text("Running")
    first.get_by_role("button", name="Pause").click()
    dialog.get_by_role("button", name="Pause").click()
    expect(first.locator("#notices")).to_contain_text("Paused: nothing new is handed out.")
    expect(state).to_have_text("Paused")
    expect(second).to_have_title(re.compile("paused · luigi$"))
    second.get_by_role("button", name="Go on").click()
    second.get_by_role("dialog").get_by_role("button", name="Go on").click()
    expect(first.locator("header .state")).to_have_text("Running")


def test_a_new_task_is_seen_on_two_pages(visit: Callable[..., Page], workshop: Any, hand: Callable[..., Any]) -> None:
    pages = visit(workshop), visit(workshop)
    for page in pages:
        expect(page.locator("header .state")).to_have_text("Running")
    worker = hand(workshop)
    worker.declare(TaskSpec("Seen_1", "Seen", params={"by": "both"}))
    for page in pages:
        expect(page.locator(".rows .row", has_text="Seen")).to_be_visible()
    worker.done(*worker.take())
    for page in pages:
        expect(page.locator(".rows .row", has_text="Seen")).to_contain_text("Done")


@pytest.fixture
def mortal(start_server: Callable[..., Any]) -> Any:
    return start_server(name="mortal")


def test_away_and_back(browsing: Any, visit: Callable[..., Page], mortal: Any, hand: Callable[..., Any]) -> None:
    browsing.foresee("ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_SOCKET_NOT_CONNECTED")
    hand(mortal).declare(TaskSpec("Before_1", "Before"))
    page = visit(mortal)
    expect(page.locator(".rows .row", has_text="Before")).to_be_visible()
    mortal.kill()
    state = page.locator("header .state")
    expect(state).to_have_text(re.compile(r"^Server away: last heard of \d+ s ago$"))
    expect(page).to_have_title("server away · luigi")
    expect(page.locator(".rows .row", has_text="Before")).to_be_visible()
    mortal.start()
    hand(mortal).declare(TaskSpec("After_1", "After"))
    expect(state).to_have_text("Running", timeout=20_000)
    expect(page.locator(".rows .row", has_text="After")).to_be_visible()
    expect(page).to_have_title("luigi")


def test_a_page_opened_while_the_server_is_away_waits_for_it(
    browsing: Any, visit: Callable[..., Page], mortal: Any
) -> None:
    """A proxy gives out the files, and finds nobody behind it."""
    browsing.foresee("status of 503")
    page = browsing.open("about:blank")
    away = True
    page.route("**/session", lambda route: route.fulfill(status=503) if away else route.continue_())
    page.goto(f"{mortal.url}static/visualiser/index.html")
    expect(page.locator("main")).to_contain_text("Trying again…")
    away = False
    expect(page.locator("header .state")).to_have_text("Running")

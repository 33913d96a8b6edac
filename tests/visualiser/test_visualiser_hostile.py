"""Names made to do harm are texts: in ids, families, parameters, workers, messages, errors, resources, addresses.

| item | test |
|---|---|
| hostile names (`<script>`, quotes, right-to-left marks, 10 kB names) inert | all of these |
| long values never break the layout | `test_a_page_of_it_is_no_wider_than_the_window` |
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from luigi.interfaces import TaskSpec

SCRIPT = "<script>alert(1)</script>"
IMAGE = "<img src=x onerror=alert(2)>"
QUOTES = "\"'`><svg/onload=alert(3)>&amp;"
BACKWARDS = "\u202egnp.exe\u2066\u200f"
LONG = "x" * 10_000
WORDS = "wide " * 2_000
EVIL = f"Evil_{SCRIPT}{QUOTES}{BACKWARDS}"
PLACES = ["Graph", "Workers", "Resources", "Runs", "Tasks"]


@pytest.fixture(scope="module")
def evil(start_shared_server: Callable[..., Any]) -> Any:
    return start_shared_server(
        name="evil", config="[scheduler]\nworker_disconnect_delay = 86400\nretry_delay = 86400\n"
    )


@pytest.fixture(scope="module")
def prey(evil: Any, hand: Callable[..., Any]) -> str:
    """The id of a running task of which everything is hostile."""
    info = {"host": IMAGE, "username": QUOTES, "command": f"kernel run {IMAGE} {LONG}", "roots": [EVIL, LONG[:900]]}
    worker = hand(evil, id=f"Worker({SCRIPT}{QUOTES}{'w' * 700})", **info)
    other = hand(evil, id=IMAGE, host=LONG, username=BACKWARDS, roots=[IMAGE])
    params = {SCRIPT: IMAGE, QUOTES: BACKWARDS, "long": LONG, "words": WORDS}
    named = {"family": f"{IMAGE}.{QUOTES}", "module": SCRIPT, "params": params}
    worker.declare(
        TaskSpec(f"Below_{IMAGE}", IMAGE, params={"a": SCRIPT}, priority=2),
        TaskSpec(
            EVIL, **named, resources={IMAGE: 1, LONG[:900]: 1}, priority=9, accepts_messages=True, owners=[SCRIPT]
        ),
        TaskSpec(f"Above_{'y' * 900}", "F" * 900, deps=[EVIL, f"Below_{IMAGE}"]),
        TaskSpec(f"Next_{QUOTES}", LONG[:900], resources={IMAGE: 1}),
    )
    other.declare(TaskSpec("Lost_1", BACKWARDS, params={"p": QUOTES}))
    [running, failing] = worker.take(2)
    worker.tell(running, status_message=f"{IMAGE}\n{LONG}", tracking_url="javascript:alert(4)", percentage=50.5)
    worker.fail(failing, why=f"{SCRIPT}\n{IMAGE}: {LONG}\n{BACKWARDS}")
    return EVIL


@pytest.fixture
def harmless() -> Iterator[Callable[[Page], None]]:
    """Watches pages: what was injected would open a dialog, or leave an element that no script of ours makes."""
    alerts: list[str] = []
    pages: list[Page] = []

    def watch(page: Page) -> None:
        page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
        pages.append(page)

    yield watch
    assert alerts == []


def injected(page: Page) -> int:
    """Elements that a name has made."""
    return page.locator("body script, img, svg[onload], [onerror]").count()


def within(page: Page) -> bool:
    """Whether nothing makes the page itself wider than the window."""
    fits: bool = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    return fits


def test_a_page_of_it_is_no_wider_than_the_window(
    visit: Callable[..., Page], evil: Any, prey: str, harmless: Callable[[Page], None]
) -> None:
    page = visit(evil)
    harmless(page)
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 700})
        for place in PLACES:
            page.get_by_role("navigation", name="Places").get_by_role("link", name=place, exact=True).click()
            expect(page.locator("nav [aria-current=page]")).to_have_text(place)
            expect(page.locator("main")).to_contain_text(re.compile("<script>|<img"))
            page.wait_for_load_state("networkidle")
            assert injected(page) == 0, place
            assert within(page), (place, width)


def test_the_panel_of_it(visit: Callable[..., Page], evil: Any, prey: str, harmless: Callable[[Page], None]) -> None:
    page = visit(evil, task=prey)
    harmless(page)
    panel = page.locator("#panel")
    expect(panel.get_by_role("heading", level=2)).to_contain_text("<img")
    expect(panel.locator(".section.parameters dd", has_text=IMAGE)).to_be_visible()
    page.evaluate("document.querySelectorAll('#panel details').forEach(part => { part.open = true; })")
    page.wait_for_load_state("networkidle")
    assert injected(page) == 0
    assert within(page)
    assert panel.evaluate("element => element.scrollWidth <= element.clientWidth + 1")
    assert page.locator("a[href^='javascript:' i]").count() == 0
    page.set_viewport_size({"width": 360, "height": 700})
    assert within(page)


def test_an_error_of_it(visit: Callable[..., Page], evil: Any, prey: str, harmless: Callable[[Page], None]) -> None:
    page = visit(evil, task=f"Below_{IMAGE}")
    harmless(page)
    expect(page.locator("#panel .section.error")).to_contain_text(SCRIPT)
    assert injected(page) == 0
    assert within(page)


def test_the_graph_of_it(visit: Callable[..., Page], evil: Any, prey: str, harmless: Callable[[Page], None]) -> None:
    page = visit(evil, place="graph", root=f"Above_{'y' * 900}")
    harmless(page)
    expect(page.locator(".drawing a.node")).to_have_count(3)
    page.locator(".drawing a.node").nth(1).hover()
    assert injected(page) == 0
    assert within(page)


def test_words_of_a_link_are_texts(browsing: Any, evil: Any, prey: str, harmless: Callable[[Page], None]) -> None:
    browsing.foresee("status of (400|404)")
    words = quote(f"{SCRIPT}{IMAGE}{QUOTES}")
    page = browsing.open("about:blank")
    harmless(page)
    for query in ("search=", "family=", "run=", "task=", "status=", "sort=", "place=runs&run=", "place=graph&root="):
        page.goto(f"{evil.url}static/visualiser/index.html?{query}{words}", wait_until="networkidle")
        expect(page.locator("main .place")).to_be_attached()
        assert injected(page) == 0, query


def test_an_act_on_it_says_what_it_is_about(
    visit: Callable[..., Page], evil: Any, prey: str, harmless: Callable[[Page], None]
) -> None:
    page = visit(evil, task=f"Below_{IMAGE}")
    harmless(page)
    page.locator("#panel").get_by_role("button", name="Mark as done").click()
    expect(page.get_by_role("dialog")).to_contain_text(IMAGE)
    assert injected(page) == 0
    page.get_by_role("dialog").get_by_role("button", name="Not now").click()

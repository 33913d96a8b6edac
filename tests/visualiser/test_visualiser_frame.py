"""The frame of the visualiser: the bar, going from place to place, colours, keys, the tab's title and icon, its size.

| item of the issue | test |
|---|---|
| 7 light and dark | `test_colours_follow_the_system_and_then_the_reader` |
| 7 keyboard | `test_keys_lead_to_places_and_are_explained` |
| 7 page titles and favicon by state | `test_title_and_icon_say_how_things_stand`, …`calm`, …`paused` |
| size: first load ≤ 400 kB compressed | `test_the_first_load_is_small` |
| A10 links made for Luigi's page | `test_links_for_luigis_page_lead_to_the_same` |
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page, expect

from luigi.interfaces import TaskSpec

PLACES = ["Tasks", "Graph", "Workers", "Resources", "Runs"]
FIRST_LOAD = 400_000  # bytes


def icon(page: Page) -> str:
    return page.locator("link[rel=icon]").get_attribute("href") or ""


def test_the_root_leads_to_the_visualiser(browsing: Any, shop: Any) -> None:
    page = browsing.open(shop.url)
    assert page.url == f"{shop.url}static/visualiser/index.html"
    expect(page.locator("header .state")).to_have_text("Running")


def test_places_are_links_and_the_browser_goes_back(visit: Callable[..., Page], shop: Any) -> None:
    page = visit(shop)
    nav = page.get_by_role("navigation", name="Places")
    for name in PLACES:
        nav.get_by_role("link", name=name, exact=True).click()
        expect(nav.locator("[aria-current=page]")).to_have_text(name)
        expect(page.locator("main .place")).to_be_visible()
    assert "place=runs" in page.url
    page.go_back()
    expect(nav.locator("[aria-current=page]")).to_have_text("Resources")
    page.reload()
    expect(nav.locator("[aria-current=page]")).to_have_text("Resources")


def test_the_history_is_a_page_of_its_own(visit: Callable[..., Page], shop: Any) -> None:
    page = visit(shop)
    page.get_by_role("link", name="History").click()
    page.wait_for_url("**/history")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_keys_lead_to_places_and_are_explained(visit: Callable[..., Page], shop: Any) -> None:
    page = visit(shop)
    current = page.locator("nav [aria-current=page]")
    expect(current).to_have_text("Tasks")
    places = {"w": "Workers", "r": "Resources", "i": "Triggers", "u": "Runs", "g": "Graph", "t": "Tasks"}
    for key, name in places.items():
        page.keyboard.press("g")
        page.keyboard.press(key)
        expect(current).to_have_text(name)
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys).to_contain_text("Go to workers")
    expect(keys).to_contain_text("Search")
    page.keyboard.press("Escape")
    expect(keys).to_have_count(0)


def test_keys_do_nothing_while_somebody_writes(visit: Callable[..., Page], shop: Any) -> None:
    page = visit(shop)
    expect(page.locator("main input[type=search]").first).to_be_visible()
    page.keyboard.press("/")
    expect(page.locator("main input[type=search]").first).to_be_focused()
    page.keyboard.type("gw?")
    expect(page.locator("nav [aria-current=page]")).to_have_text("Tasks")
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.locator("main input[type=search]").first).to_have_value("gw?")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_colours_follow_the_system_and_then_the_reader(visit: Callable[..., Page], shop: Any, dark: bool) -> None:
    def ground() -> int:
        shown = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(int(number) for number in re.findall(r"\d+", shown)[:3])

    page = visit(shop, {"dark": dark})
    theme = page.locator("header .theme")
    expect(theme).to_have_attribute("title", "Colours of the system")
    assert (ground() < 200) == dark
    theme.click()
    expect(theme).to_have_attribute("title", "Light colours")
    assert ground() > 600
    theme.click()
    expect(theme).to_have_attribute("title", "Dark colours")
    assert ground() < 200
    page.reload()
    expect(theme).to_have_attribute("title", "Dark colours")
    assert ground() < 200


def test_title_and_icon_say_how_things_stand(visit: Callable[..., Page], shop: Any) -> None:
    page = visit(shop)
    expect(page).to_have_title(re.compile(r"^2 failed · \d running · luigi$"))
    assert icon(page).endswith("icons/bad.svg")


def test_title_and_icon_are_calm_when_there_is_nothing(visit: Callable[..., Page], empty_server: Any) -> None:
    page = visit(empty_server)
    expect(page.locator("header .state")).to_have_text("Running")
    expect(page).to_have_title("luigi")
    assert icon(page).endswith("icons/calm.svg")


def test_title_and_icon_change_with_what_runs(
    visit: Callable[..., Page], start_server: Callable[..., Any], hand: Callable[..., Any]
) -> None:
    server = start_server()
    page = visit(server)
    expect(page).to_have_title("luigi")
    worker = hand(server)
    worker.declare(TaskSpec("Titled_1", "Titled"))
    [assigned] = worker.take()
    expect(page).to_have_title("1 running · luigi")
    assert icon(page).endswith("icons/busy.svg")
    worker.done(assigned)
    expect(page).to_have_title("luigi")
    assert icon(page).endswith("icons/calm.svg")


LINKS = {
    "#tab=workers": ["place=workers"],
    "#tab=resources": ["place=resources"],
    "#tab=graph&taskId=shop.Ship__99914b932b": ["place=graph", "task=shop.Ship__99914b932b"],
    "#taskId=shop.Ship__99914b932b": ["task=shop.Ship__99914b932b"],
    "#search__search=Bake": ["search=Bake"],
}


def test_links_for_luigis_page_lead_to_the_same(browsing: Any, shop: Any) -> None:
    page = browsing.open("about:blank")
    for asked, reached in LINKS.items():
        page.goto("about:blank")
        page.goto(f"{shop.url}static/visualiser/index.html{asked}")
        expect(page.locator("main .place")).to_be_visible()
        assert set(reached) <= set(page.url.partition("?")[2].split("&"))


def test_without_scripts_it_says_where_else_to_look(visit: Callable[..., Page], shop: Any) -> None:
    """What stands in the frame for browsers that run none; Chromium leaves it out of the drawn page."""
    page = visit(shop)
    answer = page.request.get(page.url)
    said = re.search(r"<noscript>(.*?)</noscript>", answer.text(), re.DOTALL)
    assert said is not None
    places = re.findall(r'href="(.*?)"', said[1])
    assert len(places) == 2
    for place in places:
        assert page.request.get(urljoin(page.url, place)).ok


def test_the_skip_link_leads_to_the_content(visit: Callable[..., Page], shop: Any) -> None:
    page = visit(shop)
    expect(page.locator("main .place")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_first_load_is_small(browsing: Any, shop: Any) -> None:
    """What crosses the wire until the tasks are seen, heads and all."""
    page = browsing.open("about:blank")
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    transferred: list[float] = []
    network.on("Network.loadingFinished", lambda told: transferred.append(told["encodedDataLength"]))
    page.goto(f"{shop.url}static/visualiser/index.html")
    expect(page.locator(".rows .row").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert len(transferred) > 20
    assert sum(transferred) <= FIRST_LOAD

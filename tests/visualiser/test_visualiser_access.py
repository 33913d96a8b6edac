"""For everybody: what axe finds in each place, empty and full, light and dark; on a phone; without a role.

| item of the issue | test |
|---|---|
| axe-core finds no serious violation | `test_axe_finds_nothing_serious` and those after it |
| 7 phone width usable | `test_a_phone_is_wide_enough`, `test_the_list_on_a_phone` |
| 7 keyboard: places and panel by Tab alone | `test_everything_in_the_bar_is_reached_by_tab` |
| 5 refused with a reason without the role | `test_a_viewer_sees_orders_and_why_not` |
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from luigi.interfaces import TaskSpec

PRESS = "shop.Press__99914b932b"
BAKE = "shop.Bake_240_d7ef56127b"
EVERYTHING = "shop.Everything__99914b932b"
PHONE = {"width": 360, "height": 740, "has_touch": True, "is_mobile": True}
FULL = {
    "tasks": {"task": BAKE},
    "graph": {"place": "graph"},
    "one graph": {"place": "graph", "root": EVERYTHING, "task": PRESS},
    "list": {"place": "graph", "root": EVERYTHING, "view": "list"},
    "workers": {"place": "workers"},
    "resources": {"place": "resources"},
    "triggers": {"place": "triggers"},
    "runs": {"place": "runs"},
}
UNFOLD = "document.querySelectorAll('#panel details').forEach(part => { part.open = true; })"
MOVING = """[...document.querySelectorAll("*")].filter(element => {
  const {transitionDuration, animationName, animationDuration} = getComputedStyle(element);
  return parseFloat(transitionDuration) > 0.01 || (animationName !== "none" && parseFloat(animationDuration) > 0.01);
}).map(element => element.className)"""


def settle(page: Page) -> None:
    expect(page.locator("main .place")).to_be_attached()
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("words", FULL)
def test_axe_finds_nothing_serious(
    visit: Callable[..., Page], shop: Any, faults: Callable[[Page], list[str]], words: str
) -> None:
    page = visit(shop, **FULL[words])
    settle(page)
    assert faults(page) == []
    page.emulate_media(color_scheme="dark")
    assert faults(page) == [], "in dark colours"
    page.set_viewport_size({"width": 360, "height": 740})
    assert faults(page) == [], "on a phone"


def test_axe_finds_nothing_serious_in_empty_places(
    visit: Callable[..., Page], empty_server: Any, faults: Callable[[Page], list[str]]
) -> None:
    page = visit(empty_server)
    for place in ("Tasks", "Graph", "Workers", "Resources", "Runs"):
        page.get_by_role("navigation", name="Places").get_by_role("link", name=place).click()
        settle(page)
        assert faults(page) == [], place


def test_axe_finds_nothing_serious_in_what_opens(
    visit: Callable[..., Page], shop: Any, faults: Callable[[Page], list[str]]
) -> None:
    page = visit(shop, task=BAKE)
    settle(page)
    page.evaluate(UNFOLD)
    page.locator("#panel").get_by_role("button", name="Mark as done").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.locator(".rows").get_by_role("checkbox").first.click()
    expect(page.get_by_role("group", name="Chosen tasks")).to_contain_text("1 selected")
    assert faults(page) == []
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    assert faults(page) == []


def test_a_phone_is_wide_enough(browsing: Any, shop: Any) -> None:
    page = browsing.open("about:blank", **PHONE)
    for name, words in FULL.items():
        page.goto(f"{shop.url}static/visualiser/index.html?{urlencode(words)}")
        settle(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, name


def test_the_list_on_a_phone(visit: Callable[..., Page], shop: Any) -> None:
    page = visit(shop, PHONE)
    expect(page.locator(".rows .row").first).to_be_visible()
    page.get_by_role("button", name="Families").tap()
    page.get_by_role("navigation", name="Families").get_by_role("link", name="Bake").tap()
    expect(page.locator(".rows .row")).to_have_count(1)
    page.locator(".rows .row").get_by_role("link").first.tap()
    panel = page.locator("#panel")
    expect(panel.get_by_role("heading", level=2)).to_have_text("shop.Bake")
    box = panel.bounding_box()
    assert box is not None
    assert box["width"] >= 340
    panel.get_by_role("button", name="Close the task").tap()
    expect(panel).to_be_hidden()


def test_everything_in_the_bar_is_reached_by_tab(visit: Callable[..., Page], shop: Any) -> None:
    page = visit(shop)
    settle(page)
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("(document.activeElement.textContent || document.activeElement.ariaLabel).trim()"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", reached
    places = ["Tasks", "Graph", "Workers", "Resources", "Triggers", "Runs"]
    wanted = ["Skip to the content", "luigi", *places, "History", "Pause", "?"]
    assert reached[: len(wanted)] == wanted
    page.locator("nav").get_by_role("link", name="Workers").focus()
    page.keyboard.press("Enter")
    expect(page.locator("nav [aria-current=page]")).to_have_text("Workers")


def test_motion_is_left_out_for_who_wants_none(visit: Callable[..., Page], shop: Any) -> None:
    page = visit(shop, {"reduced_motion": "reduce"}, task=PRESS)
    settle(page)
    assert page.evaluate(MOVING) == []


def test_a_viewer_sees_orders_and_why_not(visit: Callable[..., Page], guarded: Any, hand: Callable[..., Any]) -> None:
    worker = hand(guarded, roots=["Held_1"])
    worker.declare(TaskSpec("Held_1", "Held", priority=1), TaskSpec("Open_1", "Open", resources={"ink": 1}))
    worker.fail(*worker.take())
    worker.take()
    page = visit(guarded, task="Held_1")
    page.get_by_label("Token").fill(guarded.tokens["viewer"])
    page.get_by_role("button", name="Sign in").click()
    why = "This is for operators; you are here as viewer (viewer)."
    retry = page.locator("#panel").get_by_role("button", name="Retry")
    expect(retry).to_be_disabled()
    expect(retry).to_have_attribute("title", why)
    expect(page.locator("#panel")).to_contain_text(why)
    page.locator(".rows").get_by_role("checkbox").first.click()
    expect(page.get_by_role("group", name="Chosen tasks")).to_contain_text(why)
    expect(page.get_by_role("button", name="Retry all failed")).to_be_disabled()
    for place, act in (("Workers", "Disable"), ("Resources", "Change the limit"), ("Runs", "Retry failed")):
        page.get_by_role("navigation", name="Places").get_by_role("link", name=place).click()
        button = page.locator("main").get_by_role("button", name=act).first
        expect(button).to_be_disabled()
        expect(page.locator("main")).to_contain_text(why)

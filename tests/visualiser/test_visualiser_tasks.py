"""The place "tasks": what narrows the list, its order, what is chosen and acted on; all of it in the URL.

| item of the issue | test |
|---|---|
| 1 status cards, all eight, that filter | `test_cards_count_every_status_and_filter` |
| 1 several at once | `test_several_cards_filter_together` |
| 1 families with counts, foldable by namespace | `test_families_are_counted_by_status_and_fold_by_namespace` |
| 1 the table's columns | `test_a_row_says_how_a_task_stands` |
| 1 sort | `test_heads_sort_either_way` |
| 1 filter by any text or `param=value` | `test_search_narrows_by_words_and_by_parameters` |
| 1 saved in the URL | `test_a_view_can_be_shared` |
| 1 several rows selected and acted on at once | `test_selected_rows_are_acted_on_at_once` and those after it |
| 5 retry all failed | `test_all_that_failed_is_retried` |
| 7 keyboard: search `/`, move, open, act | `test_the_list_by_keyboard_alone` |
| 7 empty states that say what to do | `test_nothing_yet_says_how_to_begin`, `test_nothing_matches_leads_back` |
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from luigi.interfaces import TaskSpec

CARDS = {
    "Running": "RUNNING",
    "Batch running": "BATCH_RUNNING",
    "Pending": "PENDING",
    "Failed": "FAILED",
    "Upstream failed": "UPSTREAM_FAILED",
    "Disabled": "DISABLED",
    "Upstream disabled": "UPSTREAM_DISABLED",
    "Done": "DONE",
    "Unknown": "UNKNOWN",
}


def rows(page: Page, text: str = "") -> Locator:
    return page.locator(".rows .row", has_text=text)


def cell(row: Locator, name: str) -> Locator:
    return row.locator(f".of-{name}")


def card(page: Page, word: str) -> Locator:
    cards = page.get_by_role("group", name="Tasks by status").get_by_role("button")
    return cards.filter(has_text=re.compile(rf"\d\s*{word}$"))


# --- looking ---------------------------------------------------------------------------------------------------------


def test_cards_count_every_status_and_filter(visit: Callable[..., Page], shop: Any, ask: Callable[..., Any]) -> None:
    page = visit(shop)
    found = ask(shop, "counts")
    counts = {**found["counts"], **found["stopped"]}
    for word, status in CARDS.items():
        expect(card(page, word).locator("strong")).to_have_text(str(counts[status]))
        card(page, word).click()
        expect(card(page, word)).to_have_attribute("aria-pressed", "true")
        expect(rows(page)).to_have_count(counts[status])
        assert f"status={status}" in page.url
        card(page, word).click()
        expect(card(page, word)).to_have_attribute("aria-pressed", "false")
    assert "status=" not in page.url


def test_several_cards_filter_together(visit: Callable[..., Page], shop: Any) -> None:
    page = visit(shop)
    card(page, "Failed").click()
    card(page, "Disabled").click()
    expect(rows(page)).to_have_count(2)
    expect(rows(page, "shop.Bake")).to_contain_text("Failed")
    expect(rows(page, "shop.stock.Count")).to_contain_text("Disabled")
    chips = page.get_by_role("list", name="The list is narrowed to")
    chips.get_by_role("button", name="Take away: Failed").click()
    expect(rows(page)).to_have_count(1)


def test_families_are_counted_by_status_and_fold_by_namespace(visit: Callable[..., Page], shop: Any) -> None:
    page = visit(shop)
    rail = page.get_by_role("navigation", name="Families")
    sweep = rail.get_by_role("link", name="Sweep")
    expect(sweep.get_by_role("img", name="Running", exact=True)).to_be_visible()
    expect(sweep).to_have_attribute("title", re.compile(r"^shop\.stock\.Sweep: 3 tasks: 1 running, 2 batch running$"))
    sweep.click()
    expect(rows(page)).to_have_count(3)
    assert "family=shop.stock.Sweep" in page.url
    fold = rail.get_by_role("button", name="Families of stock")
    fold.click()
    expect(fold).to_have_attribute("aria-expanded", "false")
    expect(sweep).to_have_count(0)
    rail.get_by_role("link", name="stock.").click()
    expect(rows(page)).to_have_count(6)
    assert "family=shop.stock." in page.url
    rail.get_by_role("link", name="stock.").click()
    expect(rows(page)).to_have_count(14)


def test_a_row_says_how_a_task_stands(visit: Callable[..., Page], shop: Any) -> None:
    page = visit(shop)
    press = rows(page, "shop.Press")
    expect(cell(press, "status")).to_have_text("Running")
    expect(cell(press, "priority")).to_have_text("10")
    expect(cell(press, "took")).to_have_text(re.compile(r"\d+ (s|min)"))
    expect(cell(press, "worker")).to_have_text(re.compile(r".+\d+"))
    expect(cell(press, "progress").locator(".progress")).to_be_visible()
    expect(cell(press, "progress")).to_contain_text(re.compile(r"\d+%.*step \d+"))
    link = cell(press, "progress").get_by_role("link", name="tracked")
    expect(link).to_have_attribute("href", "http://127.0.0.1:1/job?of=press")
    expect(link).to_have_attribute("rel", "noreferrer noopener")
    expect(cell(rows(page, "shop.Bake"), "task")).to_have_text("shop.Bake temperature=240")
    before = cell(press, "progress").inner_text()
    expect(cell(press, "progress")).not_to_have_text(before)


def test_heads_sort_either_way(visit: Callable[..., Page], shop: Any) -> None:
    page = visit(shop)
    page.get_by_role("columnheader", name="Task").get_by_role("button").click()
    expect(rows(page).first).to_contain_text("shop.Bake")
    expect(page.get_by_role("columnheader", name="Task")).to_have_attribute("aria-sort", "ascending")
    page.get_by_role("columnheader", name="Task").get_by_role("button").click()
    expect(rows(page).first).to_contain_text("shop.stock.Weigh")
    expect(page.get_by_role("columnheader", name="Task")).to_have_attribute("aria-sort", "descending")
    page.get_by_role("columnheader", name="Priority").get_by_role("button").click()
    expect(rows(page).first).to_contain_text("shop.Press")


SEARCHES = {
    "bake": ["shop.Bake"],
    "STOCK swe": ["shop.stock.Sweep"] * 3,
    "day=1": ["shop.Load", "shop.stock.Sweep"],
    "temperature=2*": ["shop.Bake"],
    "swordfish": [],
    "token=herring": [],
}


def test_search_narrows_by_words_and_by_parameters(visit: Callable[..., Page], shop: Any) -> None:
    page = visit(shop, sort="name")
    expect(rows(page)).to_have_count(14)
    for words, found in SEARCHES.items():
        page.keyboard.press("/")
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(words)
        expect(rows(page)).to_have_count(len(found))
        if found:
            expect(rows(page).locator(".of-task strong")).to_have_text(found)
        else:
            expect(page.get_by_text("Nothing matches.")).to_be_visible()
        page.get_by_role("searchbox").blur()
    shared = visit(shop, search="STOCK swe")
    expect(shared.get_by_role("searchbox")).to_have_value("STOCK swe")
    expect(rows(shared)).to_have_count(3)


def test_a_view_can_be_shared(visit: Callable[..., Page], browsing: Any, shop: Any) -> None:
    page = visit(shop)
    card(page, "Done").click()
    page.get_by_role("navigation", name="Families").get_by_role("link", name="Load").click()
    page.get_by_role("columnheader", name="Task").get_by_role("button").click()
    page.get_by_role("searchbox").fill("load")
    expect(rows(page).locator(".of-task .faint")).to_have_text(["day=0", "day=1", "day=2"])
    page.wait_for_url("**search=load*")
    shared = browsing.open(page.url)
    expect(rows(shared).locator(".of-task .faint")).to_have_text(["day=0", "day=1", "day=2"])
    expect(card(shared, "Done")).to_have_attribute("aria-pressed", "true")
    expect(shared.get_by_role("list", name="The list is narrowed to").get_by_role("button")).to_have_count(4)
    page.go_back()
    expect(page.get_by_role("columnheader", name="Task")).to_have_attribute("aria-sort", "none")


def test_nothing_matches_leads_back(visit: Callable[..., Page], shop: Any) -> None:
    page = visit(shop, search="nobody", status="DONE")
    expect(page.get_by_text("Nothing matches.")).to_be_visible()
    page.get_by_role("link", name="Show all tasks").click()
    expect(rows(page)).to_have_count(14)
    expect(page.get_by_role("searchbox")).to_have_value("")


def test_nothing_yet_says_how_to_begin(visit: Callable[..., Page], empty_server: Any) -> None:
    page = visit(empty_server)
    expect(page.get_by_role("heading", name="No tasks yet")).to_be_visible()
    expect(page.locator(".empty pre")).to_have_text(f"kernel run pipeline:Report --scheduler-url {empty_server.url}")


# --- acting ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def lot(hand: Callable[..., Any], workshop: Any, request: pytest.FixtureRequest) -> str:
    """A family of this test alone, with ten tasks: of the first six each has failed, the others are done."""
    family = f"Lot{abs(hash(request.node.name))}"
    worker = hand(workshop)
    worker.declare(*(TaskSpec(f"{family}_{n}", family, params={"n": str(n)}, priority=9 - n) for n in range(10)))
    assigned = worker.take(10)
    worker.fail(*assigned[:6])
    worker.done(*assigned[6:])
    return family


def confirm(page: Page, act: str, asked: str) -> None:
    dialog = page.get_by_role("dialog", name=asked)
    dialog.get_by_role("button", name=act, exact=True).click()
    expect(dialog).to_have_count(0)


def test_selected_rows_are_acted_on_at_once(
    visit: Callable[..., Page], workshop: Any, lot: str, ask: Callable[..., Any]
) -> None:
    page = visit(workshop, family=lot, sort="name")
    expect(rows(page)).to_have_count(10)
    boxes = page.locator(".rows").get_by_role("checkbox")
    boxes.nth(1).click()
    boxes.nth(3).click(modifiers=["Shift"])
    boxes.nth(7).click()
    chosen = page.get_by_role("group", name="Chosen tasks")
    expect(chosen).to_contain_text("4 selected")
    chosen.get_by_role("button", name="Mark as done (3)").click()
    confirm(page, "Mark as done", "Mark as done: 3 tasks?")
    expect(page.locator("#notices")).to_contain_text("3 tasks marked as done.")
    expect(rows(page, "Failed")).to_have_count(3)
    expect(chosen).not_to_contain_text("selected")
    assert ask(workshop, f"table?family={lot}&status=DONE")["total"] == 7


def test_what_is_selected_stays_so_while_the_list_changes(
    visit: Callable[..., Page], workshop: Any, lot: str, hand: Callable[..., Any]
) -> None:
    page = visit(workshop, family=lot, sort="name")
    page.locator(".rows").get_by_role("checkbox").nth(2).click()
    hand(workshop).declare(TaskSpec(f"{lot}_new", lot, params={"n": "00"}))
    expect(rows(page)).to_have_count(11)
    expect(page.locator(".rows .row[aria-selected=true]")).to_have_attribute("data-id", f"{lot}_2")


def test_everything_that_matches_is_acted_on(
    visit: Callable[..., Page], workshop: Any, lot: str, ask: Callable[..., Any]
) -> None:
    page = visit(workshop, family=lot, status="FAILED")
    expect(rows(page)).to_have_count(6)
    page.locator(".rows").get_by_role("checkbox").first.click()
    chosen = page.get_by_role("group", name="Chosen tasks")
    chosen.get_by_role("button", name="Select all 6").click()
    expect(chosen).to_contain_text("All 6 selected")
    chosen.get_by_role("button", name="Cancel").click()
    confirm(page, "Cancel", "Cancel: 6 tasks?")
    expect(page.locator("#notices")).to_contain_text("6 tasks cancelled.")
    expect(page.get_by_text("Nothing matches.")).to_be_visible()
    assert ask(workshop, f"table?family={lot}&status=DISABLED")["total"] == 6


def test_all_that_failed_is_retried(visit: Callable[..., Page], workshop: Any, lot: str) -> None:
    page = visit(workshop, family=lot)
    page.get_by_role("button", name="Retry what failed here").click()
    confirm(page, "Retry", "Retry: 6 tasks?")
    expect(page.locator("#notices")).to_contain_text("6 tasks will be tried again.")
    expect(rows(page, "Pending")).to_have_count(6)


def test_the_list_by_keyboard_alone(visit: Callable[..., Page], workshop: Any, lot: str) -> None:
    page = visit(workshop, family=lot, sort="name")
    expect(rows(page)).to_have_count(10)
    page.keyboard.press("/")
    page.keyboard.type("n=*")
    page.keyboard.press("Enter")
    grid = page.get_by_role("grid", name="Tasks")
    expect(grid).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator(".rows .row.active")).to_have_attribute("data-id", f"{lot}_1")
    page.keyboard.press("x")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("x")
    expect(page.get_by_role("group", name="Chosen tasks")).to_contain_text("2 selected")
    page.keyboard.press("r")
    expect(page.get_by_role("dialog", name="Retry: 2 tasks?")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#notices")).to_contain_text("2 tasks will be tried again.")
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).to_be_focused()
    assert f"task={lot}_2" in page.url
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(grid).to_be_focused()

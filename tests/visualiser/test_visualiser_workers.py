"""The places "workers" and "resources": who works, what is used, by whom; and the orders one can give them.

| item of the issue | test |
|---|---|
| 4 workers with what they run, last seen | `test_a_worker_is_shown_with_what_it_runs` |
| 4 disable, set process count | `test_a_worker_is_disabled`, `test_the_number_of_processes_is_set` |
| 4 resources used/limit with waiting tasks | `test_a_resource_is_shown_with_who_holds_it_and_what_waits` |
| 4, 5 change a limit | `test_a_limit_is_changed` |
| 7 empty states | `test_without_workers_it_says_how_to_begin` |
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from luigi.interfaces import TaskSpec

PRESS = "shop.Press__99914b932b"


def worker_row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name))


def confirm(page: Page, act: str, given: str = "") -> None:
    dialog = page.get_by_role("dialog")
    if given:
        dialog.get_by_role("spinbutton").fill(given)
    dialog.get_by_role("button", name=act, exact=True).click()
    expect(dialog).to_have_count(0)


def test_a_worker_is_shown_with_what_it_runs(visit: Callable[..., Page], shop: Any) -> None:
    page = visit(shop, place="workers")
    expect(page.locator("main .toolbar")).to_contain_text("1 worker · 4 tasks running")
    row = page.get_by_role("row").nth(1)
    expect(row.get_by_role("cell").nth(1)).to_have_text("4 of 4")
    expect(row).to_contain_text(re.compile(r"\d+ s ago"))
    press = row.get_by_role("listitem").filter(has_text="shop.Press")
    expect(press).to_contain_text(re.compile(r"\d+ %"))
    press.get_by_role("link").click()
    expect(page.locator("#panel h2")).to_have_text("shop.Press")
    page.keyboard.press("Escape")
    row.get_by_role("button", name="Details").click()
    expect(page.locator("main dl")).to_contain_text("shop:shop.Everything")


def test_workers_are_searched(visit: Callable[..., Page], workshop: Any, hand: Callable[..., Any]) -> None:
    hand(workshop, id="Worker(salt=7, workers=1, host=north, username=bob, pid=7)", host="north", username="bob")
    hand(workshop, id="Worker(salt=8, workers=1, host=south, username=eve, pid=8)", host="south", username="eve")
    page = visit(workshop, place="workers")
    expect(worker_row(page, "south · 8")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("NORTH bob")
    expect(worker_row(page, "north · 7")).to_be_visible()
    expect(worker_row(page, "south · 8")).to_have_count(0)
    assert "search=NORTH+bob" in page.url


def test_a_worker_is_disabled(
    visit: Callable[..., Page], workshop: Any, hand: Callable[..., Any], ask: Callable[..., Any]
) -> None:
    worker = hand(workshop, id="Worker(salt=3, workers=1, host=tired, username=ann, pid=3)", host="tired")
    page = visit(workshop, place="workers")
    row = worker_row(page, "tired · 3")
    row.get_by_role("button", name="Disable").click()
    confirm(page, "Disable")
    expect(page.locator("#notices")).to_contain_text("The worker gets nothing more.")
    expect(row).to_contain_text("disabled")
    expect(row.get_by_role("button", name="Disable")).to_be_disabled()
    assert worker.scheduler.exchange(worker.id, [], 0).enabled is False
    found = ask(workshop, "workers")["workers"]
    assert [one["enabled"] for one in found if one["worker_id"] == worker.id] == [False]


def test_the_number_of_processes_is_set(visit: Callable[..., Page], workshop: Any, hand: Callable[..., Any]) -> None:
    worker = hand(workshop, id="Worker(salt=4, workers=1, host=busy, username=ann, pid=4)", host="busy", workers=1)
    page = visit(workshop, place="workers")
    worker_row(page, "busy · 4").get_by_role("button", name="Set processes").click()
    confirm(page, "Set processes", "3")
    expect(page.locator("#notices")).to_contain_text("The worker is told")
    [message] = worker.scheduler.exchange(worker.id, [], 0).messages
    assert message.name == "set_worker_processes"
    assert dict(message.kwargs) == {"n": 3}


def test_without_workers_it_says_how_to_begin(visit: Callable[..., Page], empty_server: Any) -> None:
    page = visit(empty_server, place="workers")
    expect(page.get_by_text("No worker is here.")).to_be_visible()
    expect(page.locator(".empty pre")).to_contain_text(f"--scheduler-url {empty_server.url.rstrip('/')}")
    page.get_by_role("link", name="Resources").click()
    expect(page.get_by_text("No resource is limited or in use.")).to_be_visible()
    page.get_by_role("link", name="Runs").click()
    expect(page.get_by_text("Nothing runs.")).to_be_visible()


def test_a_resource_is_shown_with_who_holds_it_and_what_waits(visit: Callable[..., Page], shop: Any) -> None:
    page = visit(shop, place="resources")
    row = worker_row(page, "scale")
    expect(row).to_contain_text("1 of 1")
    expect(row.get_by_role("listitem")).to_contain_text(re.compile(r"shop\.Press.*\d+ (s|min.*) ago"))
    row.get_by_role("link", name="1", exact=True).click()
    expect(page.locator("nav [aria-current=page]")).to_have_text("Tasks")
    expect(page.locator(".rows .row")).to_have_count(1)
    expect(page.locator(".rows .row")).to_contain_text("shop.stock.Weigh")


def test_a_limit_is_changed(
    visit: Callable[..., Page], workshop: Any, hand: Callable[..., Any], ask: Callable[..., Any]
) -> None:
    worker = hand(workshop)
    worker.declare(*(TaskSpec(f"Drawn_{n}", "Drawn", resources={"ink": 1}) for n in range(3)))
    worker.take(1)
    page = visit(workshop, place="resources")
    row = worker_row(page, "ink")
    expect(row).to_contain_text("1 of 1")
    row.get_by_role("button", name="Change the limit").click()
    expect(page.get_by_role("dialog").get_by_role("spinbutton")).to_have_value("1")
    confirm(page, "Change the limit", "2")
    expect(page.locator("#notices")).to_contain_text("ink is limited to 2.")
    expect(row).to_contain_text("1 of 2")
    worker.take(1)
    expect(row).to_contain_text("2 of 2")
    assert [one["limit"] for one in ask(workshop, "resources")["resources"] if one["name"] == "ink"] == [2]

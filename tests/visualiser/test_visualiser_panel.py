"""One task, beside the place one is in: how it stands and why, what it needs, what it went through.

| item of the issue | test |
|---|---|
| 2 parameters, private ones never | `test_parameters_are_shown_but_those_that_are_hidden_or_private` |
| 2 status story: each change, when, why, by whom | `test_the_story_tells_each_change` |
| 2 attempts with duration and error | `test_attempts_tell_when_where_how_long_and_how_they_ended` |
| 2 traceback readable | `test_an_error_is_told_by_its_last_word_and_in_whole` |
| 2 dependencies both ways | `test_what_it_needs_and_what_needs_it_are_links` |
| 2 resources held | `test_resources_held_are_told` |
| 2 messages to and from a running task | `test_a_running_task_answers_a_message` |
| 2 what it waits for, in words | `test_what_it_waits_for_is_said_in_words` |
| 5 forgive, mark done, retry one, cancel | `test_an_act_asks_once_and_shows_its_result` |
| 5 only what applies | `test_it_offers_what_applies` |
| 5 re-enable | `test_a_disabled_task_is_given_back` |
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from luigi.interfaces import TaskSpec

PRESS = "shop.Press__99914b932b"
SHIP = "shop.Ship__99914b932b"
TRACEBACK = """Traceback (most recent call last):
  File "/usr/lib/python3.11/site-packages/engine.py", line 5, in turn
    run()
  File "/home/ann/bakery.py", line 12, in run
    knead(flour)
ValueError: no flour
"""


def section(page: Page, name: str) -> Locator:
    """A part of the panel, unfolded."""
    found = page.locator(f"#panel .section.{name}")
    expect(found).to_be_visible()
    if found.get_attribute("open") is None:
        found.locator("summary").first.click()
    return found


@pytest.fixture
def bake(shop: Any, ask: Callable[..., Any]) -> str:
    """The id of the task that failed."""
    return str(ask(shop, "table?family=shop.Bake")["tasks"][0]["task_id"])


# --- where it stands -------------------------------------------------------------------------------------------------


def test_a_link_opens_the_task_and_escape_closes_it(visit: Callable[..., Page], shop: Any) -> None:
    page = visit(shop, task=PRESS)
    panel = page.get_by_role("complementary", name="Task")
    expect(panel.get_by_role("heading", level=2)).to_have_text("shop.Press")
    expect(panel.get_by_role("heading", level=2)).to_be_focused()
    expect(panel).to_contain_text("Running")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    assert "task=" not in page.url


def test_it_says_how_far_a_running_task_is(visit: Callable[..., Page], shop: Any) -> None:
    panel = visit(shop, task=PRESS).locator("#panel")
    expect(panel.get_by_role("progressbar")).to_be_visible()
    expect(panel.locator(".said")).to_contain_text("the second line")
    before = panel.locator(".said").inner_text()
    expect(panel.locator(".said")).not_to_have_text(before)
    tracking = panel.get_by_role("link", name="Tracking page")
    expect(tracking).to_have_attribute("href", "http://127.0.0.1:1/job?of=press")
    expect(tracking).to_have_attribute("rel", "noreferrer noopener")


def test_a_task_that_there_is_not_is_said_with_the_nearest(
    browsing: Any, visit: Callable[..., Page], shop: Any
) -> None:
    browsing.foresee("status of 404")
    panel = visit(shop, task="shop.Shop__99914b932b").locator("#panel")
    expect(panel).to_contain_text("no task has the id 'shop.Shop__99914b932b'")
    expect(panel).to_contain_text("did you mean shop.Ship")


def test_parameters_are_shown_but_those_that_are_hidden_or_private(
    visit: Callable[..., Page], shop: Any, ask: Callable[..., Any]
) -> None:
    task = ask(shop, "table?family=shop.Load&search=day%3D1")["tasks"][0]
    page = visit(shop, task=task["task_id"])
    shown = section(page, "parameters")
    expect(shown.locator("dt")).to_have_text(["day"])
    expect(shown.locator("dd")).to_have_text(["1"])
    for name in ("story", "facts", "attempts"):
        section(page, name)
    page.wait_for_load_state("networkidle")
    assert "swordfish" not in page.content()
    assert "herring" not in page.content()


def test_what_it_waits_for_is_said_in_words(visit: Callable[..., Page], shop: Any, bake: str) -> None:
    page = visit(shop, task=SHIP)
    steps = section(page, "explanation").locator("li")
    expect(steps.first).to_contain_text("waits for shop.Bake(temperature=240)")
    expect(steps.nth(1)).to_contain_text("failed")
    steps.get_by_role("link", name="Show it").click()
    expect(page.locator("#panel h2")).to_have_text("shop.Bake")
    assert bake in page.url


def test_what_it_needs_and_what_needs_it_are_links(visit: Callable[..., Page], shop: Any) -> None:
    page = visit(shop, task=SHIP)
    needs = section(page, "needs").get_by_role("listitem")
    expect(needs).to_have_count(1)
    expect(needs.get_by_role("img", name="Failed")).to_be_visible()
    needs.get_by_role("link").click()
    expect(page.locator("#panel h2")).to_have_text("shop.Bake")
    needed_by = section(page, "needed-by").get_by_role("listitem")
    expect(needed_by).to_contain_text(["shop.Ship"])
    page.go_back()
    expect(page.locator("#panel h2")).to_have_text("shop.Ship")


def test_it_leads_to_the_graph(visit: Callable[..., Page], shop: Any) -> None:
    page = visit(shop, task=SHIP)
    page.locator("#panel").get_by_role("link", name="Graph", exact=True).click()
    expect(page.locator("nav [aria-current=page]")).to_have_text("Graph")
    assert f"task={SHIP}" in page.url


def test_resources_held_are_told(visit: Callable[..., Page], shop: Any) -> None:
    table = section(visit(shop, task=PRESS), "resources").get_by_role("table")
    expect(table.get_by_role("columnheader")).to_have_text(["Resource", "Asks for", "Holds now"])
    expect(table.get_by_role("row", name="scale").get_by_role("cell")).to_have_text(["1", "1"])


# --- what it went through --------------------------------------------------------------------------------------------


def test_an_error_is_told_by_its_last_word_and_in_whole(visit: Callable[..., Page], shop: Any, bake: str) -> None:
    error = section(visit(shop, task=bake), "error")
    expect(error.locator(".last-word")).to_have_text("ValueError: no flour at 240°")
    expect(error.locator("pre")).to_contain_text("KeyError: 'flour'")
    expect(error.locator("pre .frame").first).to_contain_text("shop.py")


def test_a_step_of_a_library_stands_back(visit: Callable[..., Page], workshop: Any, hand: Callable[..., Any]) -> None:
    worker = hand(workshop)
    worker.declare(TaskSpec("Traced_1", "Traced"))
    worker.fail(*worker.take(), why=TRACEBACK)
    error = section(visit(workshop, task="Traced_1"), "error")
    expect(error.locator(".last-word")).to_have_text("ValueError: no flour")
    expect(error.locator("pre .library")).to_have_text([re.compile("engine.py"), re.compile(r"run\(\)")])
    expect(error.locator("pre .frame")).to_have_text([re.compile("bakery.py"), re.compile("knead")])


def test_the_story_tells_each_change(visit: Callable[..., Page], workshop: Any, hand: Callable[..., Any]) -> None:
    worker = hand(workshop)
    worker.declare(TaskSpec("Told_1", "Told"))
    worker.fail(*worker.take())
    page = visit(workshop, task="Told_1")
    expect(section(page, "story").get_by_role("listitem")).to_have_count(3)
    page.locator("#panel").get_by_role("button", name="Mark as done").click()
    page.get_by_role("dialog").get_by_role("button", name="Mark as done").click()
    told = section(page, "story").get_by_role("listitem")
    expect(told).to_have_count(4)
    expect(told.first).to_contain_text("Failed → Done")
    expect(told.first).to_contain_text("by operator")
    expect(told.nth(1)).to_contain_text("Running → Failed")
    expect(told.nth(1)).to_contain_text("by bench · 42")
    expect(told.nth(1).locator("time")).to_have_attribute("title", re.compile(r"\d{4}.*\d\d:\d\d"))


@pytest.mark.parametrize("kept", [True, False], ids=["history", "no-history"])
def test_attempts_tell_when_where_how_long_and_how_they_ended(
    visit: Callable[..., Page], workshop: Any, start_server: Callable[..., Any], hand: Callable[..., Any], kept: bool
) -> None:
    server = workshop if kept else start_server()
    worker = hand(server)
    worker.declare(TaskSpec("Tried_1", "Tried"))
    worker.fail(*worker.take(), why=TRACEBACK)
    page = visit(server, task="Tried_1")
    tried = section(page, "attempts").get_by_role("listitem")
    expect(tried).to_have_count(1)
    expect(tried).to_contain_text(re.compile(r"Failed.*took \d.*on bench · 42.*ago", re.DOTALL))


def test_a_folded_part_stays_folded_and_asks_nothing(visit: Callable[..., Page], shop: Any) -> None:
    page = visit(shop, task=PRESS)
    log = section(page, "log")
    expect(log.locator(".line").first).to_be_visible()
    log.locator("summary").first.click()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(2_500)
    assert not [url for url in asked if "/log" in url]
    page.reload()
    expect(page.locator("#panel h2")).to_have_text("shop.Press")
    expect(log).not_to_have_attribute("open", "")


# --- what can be done to it ------------------------------------------------------------------------------------------

APPLIES = {
    "FAILED": ["Retry", "Forgive failures", "Mark as done", "Cancel"],
    "RUNNING": ["Mark as done", "Cancel"],
    "DISABLED": ["Retry", "Re-enable", "Mark as done"],
    "PENDING": ["Cancel"],
    "DONE": [],
}


def test_it_offers_what_applies(visit: Callable[..., Page], shop: Any, ask: Callable[..., Any]) -> None:
    page = visit(shop, sort="status")
    for status, offered in APPLIES.items():
        row = ask(shop, f"table?status={status}")["tasks"][0]
        page.locator(f"[data-id='{row['task_id']}']").get_by_role("link").first.click()
        expect(page.locator("#panel .whole-id, #panel .id").first).to_contain_text(row["task_id"])
        expect(page.locator("#panel .acts button")).to_have_text(offered)


@pytest.mark.parametrize(
    ("act", "ends", "said"),
    [
        ("Retry", "Pending", "1 task will be tried again."),
        ("Forgive failures", "Pending", "1 task will be tried again."),
        ("Mark as done", "Done", "1 task marked as done."),
        ("Cancel", "Disabled", "1 task cancelled."),
    ],
)
def test_an_act_asks_once_and_shows_its_result(
    visit: Callable[..., Page], workshop: Any, hand: Callable[..., Any], act: str, ends: str, said: str
) -> None:
    worker = hand(workshop)
    name = f"Acted_{act.split()[0]}"
    worker.declare(TaskSpec(name, "Acted"))
    worker.fail(*worker.take())
    page = visit(workshop, task=name)
    panel = page.locator("#panel")
    panel.get_by_role("button", name=act).click()
    dialog = page.get_by_role("dialog", name=f"{act}: this task?")
    expect(dialog).to_contain_text(name)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(panel.locator(".standing")).to_contain_text("Failed")
    panel.get_by_role("button", name=act).click()
    dialog.get_by_role("button", name=act).click()
    expect(page.locator("#notices")).to_contain_text(said)
    expect(panel.locator(".standing")).to_contain_text(ends)
    expect(page.locator("#notices .alert")).to_have_count(0)


def test_a_disabled_task_is_given_back(visit: Callable[..., Page], workshop: Any, hand: Callable[..., Any]) -> None:
    worker = hand(workshop)
    worker.declare(TaskSpec("Back_1", "Back"))
    page = visit(workshop, task="Back_1")
    panel = page.locator("#panel")
    for act, ends in (("Cancel", "Disabled"), ("Re-enable", "Failed|Pending")):
        panel.get_by_role("button", name=act).click()
        page.get_by_role("dialog").get_by_role("button", name=act).click()
        expect(panel.locator(".standing strong")).to_have_text(re.compile(ends))


def test_what_meanwhile_does_not_apply_is_refused_with_a_reason(
    visit: Callable[..., Page], workshop: Any, hand: Callable[..., Any], ask: Callable[..., Any]
) -> None:
    worker = hand(workshop)
    worker.declare(TaskSpec("Late_1", "Late"))
    worker.fail(*worker.take())
    page = visit(workshop, task="Late_1")
    page.locator("#panel").get_by_role("button", name="Retry").click()
    ask(workshop, "control", {"verb": "mark_done", "subject": "Late_1"})
    page.get_by_role("dialog").get_by_role("button", name="Retry").click()
    expect(page.locator("#notices .alert")).to_contain_text("1 refused:")
    expect(page.locator("#notices .alert")).to_contain_text(re.compile("done", re.IGNORECASE))


def test_a_running_task_answers_a_message(visit: Callable[..., Page], shop: Any) -> None:
    page = visit(shop, task=PRESS)
    messages = section(page, "messages")
    messages.get_by_role("button", name="Send a message").click()
    page.get_by_role("dialog").get_by_label("Text").fill("<b>how</b> are you?")
    page.get_by_role("dialog").get_by_role("button", name="Send a message").click()
    expect(page.locator("#notices")).to_contain_text("Sent.")
    expect(messages.locator("dd").first).to_have_text("heard: <b>how</b> are you?")

"""The place "triggers": what starts by itself, when, how it went; and the orders one can give.

| item of issue 10 | test |
|---|---|
| 4 shown in the page | `test_a_trigger_is_shown_with_what_it_starts_and_when` |
| 4 pause | `test_a_trigger_is_paused_and_goes_on` |
| 4 run now, how it went | `test_a_trigger_is_run_and_the_page_says_how_it_went` |
| 4 next | `test_what_comes_is_told` |
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from luigi.interfaces import Report

SECTIONS = """
[trigger.nightly]
type = cron
cron = 0 2 * * *
timezone = Europe/Berlin
task = shop.reports:Report
date = {date:-1d}
queue = heavy
[trigger.yearly]
type = cron
cron = 0 0 1 1 *
task = shop.reports:Sum
[trigger.evil]
type = cron
cron = @yearly
task = m:<img src=x onerror=alert(1)>
text = <script>alert(2)</script>
"""


@pytest.fixture(scope="module")
def timed(start_lasting_server: Callable[..., Any]) -> Any:
    """A server with triggers that are not due before the night, or the new year."""
    return start_lasting_server(name="timed", config=f"[scheduler]\nretry_delay = -1\n{SECTIONS}")


def trigger_row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name))


def confirm(page: Page, act: str) -> None:
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name=act, exact=True).click()
    expect(dialog).to_have_count(0)


def test_a_trigger_is_shown_with_what_it_starts_and_when(visit: Callable[..., Page], timed: Any) -> None:
    page = visit(timed, place="triggers")
    expect(page.locator("nav [aria-current=page]")).to_have_text("Triggers")
    expect(page.locator("main .toolbar")).to_contain_text("3 triggers")
    row = trigger_row(page, "nightly")
    for words in ("Report", "date={date:-1d}", "cron = 0 2 * * * · Europe/Berlin · queue heavy", "not yet"):
        expect(row).to_contain_text(words)
    expect(row).to_contain_text(re.compile(r"in \d+ (h|min|s)"))


def test_what_comes_is_told(visit: Callable[..., Page], timed: Any) -> None:
    page = visit(timed, place="triggers")
    trigger_row(page, "nightly").get_by_role("button", name="What comes").click()
    lines = page.get_by_role("dialog").get_by_role("listitem")
    expect(lines).to_have_count(10)
    expect(lines.first).to_contain_text(re.compile(r"\d{4}-\d\d-\d\d 02:00:00\+0[12]:00, in .*date=\d{4}-\d\d-\d\d"))
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_trigger_is_paused_and_goes_on(visit: Callable[..., Page], timed: Any, ask: Callable[..., Any]) -> None:
    page = visit(timed, place="triggers")
    row = trigger_row(page, "yearly")
    row.get_by_role("button", name="Pause").click()
    confirm(page, "Pause")
    expect(page.locator("#notices")).to_contain_text("yearly is paused.")
    expect(row).to_contain_text("paused")
    expect(page.locator("main .toolbar")).to_contain_text("1 paused")
    assert ask(timed, "triggers/yearly")["paused"] is True
    row.get_by_role("button", name="Go on").click()
    confirm(page, "Go on")
    expect(row.get_by_role("button", name="Pause")).to_be_visible()
    assert ask(timed, "triggers/yearly")["paused"] is False


def test_a_trigger_is_run_and_the_page_says_how_it_went(
    visit: Callable[..., Page], timed: Any, hand: Callable[..., Any]
) -> None:
    page = visit(timed, place="triggers")
    row = trigger_row(page, "nightly")
    row.get_by_role("button", name="Run now").click()
    confirm(page, "Run now")
    expect(page.locator("#notices")).to_contain_text("nightly: the workers of pools have it.")
    expect(row).to_contain_text("Goes on")
    worker = hand(timed, id="pool-1", assistant=True, pool={"modules": [], "queues": ["heavy"], "labels": []})
    [assigned] = worker.take()
    assert assigned.submission.startswith("trigger-nightly-")
    worker.say(Report(assigned.task_id, assigned.token, "FAILED", explanation="no paper", retriable=False))
    expect(row).to_contain_text("Some failed")
    row.get_by_role("link").click()
    expect(page.locator("nav [aria-current=page]")).to_have_text("Tasks")
    expect(page.locator(".rows .row")).to_have_count(1)
    expect(page.locator(".rows .row")).to_contain_text("Report")


def test_it_is_put_off(visit: Callable[..., Page], timed: Any, ask: Callable[..., Any]) -> None:
    page = visit(timed, place="triggers")
    trigger_row(page, "yearly").get_by_role("button", name="Run now").click()
    confirm(page, "Not now")
    assert ask(timed, "triggers/yearly")["last_submission"] == ""


def test_what_sections_say_is_text(visit: Callable[..., Page], timed: Any) -> None:
    page = visit(timed, place="triggers")
    row = trigger_row(page, "evil")
    expect(row).to_contain_text("<img src=x onerror=alert(1)>")
    expect(row).to_contain_text("text=<script>alert(2)</script>")


def test_nothing_serious_is_wrong_with_it(
    visit: Callable[..., Page], timed: Any, faults: Callable[[Page], list[str]]
) -> None:
    page = visit(timed, place="triggers")
    expect(trigger_row(page, "nightly")).to_be_visible()
    assert faults(page) == []
    narrow = visit(timed, {"width": 380, "height": 700, "dark": True}, place="triggers")
    expect(trigger_row(narrow, "nightly")).to_be_visible()
    assert faults(narrow) == []
    assert narrow.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_triggers_it_says_how_to_begin(visit: Callable[..., Page], empty_server: Any) -> None:
    page = visit(empty_server, place="triggers")
    expect(page.get_by_text("Nothing starts by itself here.")).to_be_visible()
    expect(page.locator(".empty pre")).to_contain_text("[trigger.nightly]")

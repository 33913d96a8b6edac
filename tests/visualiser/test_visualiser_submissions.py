"""Submissions among the runs: what each was asked for, how far it is, and cancelling it as a whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from luigi.interfaces import TaskSpec
from luigi.rpc import RemoteScheduler


@pytest.fixture(scope="module")
def handed_over(start_lasting_server: Callable[..., Any]) -> Any:
    """A server with a backfill of five days, two at a time."""
    server = start_lasting_server(name="handed-over")
    specs = [TaskSpec(f"Day_{i}", "Day", "shop", {"day": str(i)}, deps=None, unplanned=True) for i in range(5)]
    RemoteScheduler(server.url).submit("backfill-Day-1", specs, name="Day <b>1..5</b>", kind="backfill", max_active=2)
    return server


def card(page: Page) -> Locator:
    return page.locator("article.run").filter(has_text="Day <b>1..5</b>")


def test_a_backfill_is_shown_with_how_far_it_is(
    visit: Callable[..., Page], handed_over: Any, hand: Callable[..., Any]
) -> None:
    page = visit(handed_over, place="runs")
    expect(card(page)).to_contain_text("backfill")
    expect(card(page)).to_contain_text("0 of 5 done, 3 held back, 2 at a time")
    worker = hand(handed_over, id="pool-1", assistant=True, pool={"modules": ["shop"], "queues": [], "labels": []})
    worker.done(*worker.take(1))
    expect(card(page)).to_contain_text("1 of 5 done, 2 held back, 2 at a time")
    expect(card(page)).not_to_contain_text("last heard of")


def test_it_is_cancelled_as_a_whole(visit: Callable[..., Page], handed_over: Any, ask: Callable[..., Any]) -> None:
    page = visit(handed_over, place="runs")
    card(page).get_by_role("button", name="Cancel what is left").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Cancel this run?")
    dialog.get_by_role("button", name="Cancel", exact=True).click()
    expect(page.locator("#notices")).to_contain_text("Day <b>1..5</b> is cancelled.")
    assert ask(handed_over, "submissions/backfill-Day-1")["status"] == "CANCELLED"
    expect(card(page)).to_have_count(0)


def test_nothing_serious_is_wrong_with_the_card(
    visit: Callable[..., Page], handed_over: Any, faults: Callable[[Page], list[str]]
) -> None:
    RemoteScheduler(handed_over.url).submit("run-2", [TaskSpec("Other_1", "Other", "shop")], name="Other()", by="ann")
    page = visit(handed_over, place="runs")
    expect(page.locator("article.run").filter(has_text="Other()")).to_contain_text("0 of 1 done")
    assert faults(page) == []

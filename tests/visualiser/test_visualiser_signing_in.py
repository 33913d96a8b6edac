"""Who may: signing in with a token, going where one wanted to go, signing out; and what a viewer is told.

| item of the issue | test |
|---|---|
| 5 login page when a token is needed | `test_signing_in_leads_where_one_wanted_to_go` |
| 5 refused with a reason without the role | `test_a_viewer_is_told_why_not` |
| 5 in the audit log | `test_what_is_done_is_in_the_audit_log` |
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from luigi.interfaces import TaskSpec


@pytest.fixture
def enter(visit: Callable[..., Page], guarded: Any) -> Callable[..., Page]:
    """Opens a place as somebody who has the token of a role."""

    def entered(role: str, **words: str) -> Page:
        page = visit(guarded, **words)
        page.get_by_label("Token").fill(guarded.tokens[role])
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator("header .who")).to_contain_text(role)
        return page

    return entered


def test_signing_in_leads_where_one_wanted_to_go(enter: Callable[..., Page]) -> None:
    page = enter("operator", place="workers", search="a b&c=d")
    expect(page.locator("nav [aria-current=page]")).to_have_text("Workers")
    assert "search=a+b%26c%3Dd" in page.url


def test_a_wrong_token_is_refused(visit: Callable[..., Page], guarded: Any, browsing: Any) -> None:
    browsing.foresee("status of 401")
    page = visit(guarded)
    page.get_by_label("Token").fill("luigi_guessed")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".notice.bad")).to_be_visible()


def test_signing_out_ends_it(enter: Callable[..., Page], guarded: Any, browsing: Any) -> None:
    browsing.foresee("status of 401")  # a call may be under way
    page = enter("operator")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login*")
    page.goto(f"{guarded.url}static/visualiser/index.html")
    page.wait_for_url("**/login*")


def test_a_session_that_ended_meanwhile_leads_to_signing_in(enter: Callable[..., Page], browsing: Any) -> None:
    browsing.foresee("status of 401")
    page = enter("operator", place="resources")
    page.context.clear_cookies()
    page.wait_for_url("**/login*")
    assert "place%3Dresources" in page.url


def test_a_viewer_is_told_why_not(enter: Callable[..., Page]) -> None:
    page = enter("viewer")
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("#notices")).to_contain_text("This is for operators; you are here as viewer (viewer).")
    expect(page.locator("dialog")).to_have_count(0)


def test_what_is_done_is_in_the_audit_log(
    enter: Callable[..., Page], guarded: Any, hand: Callable[..., Any], eventually: Callable[..., None]
) -> None:
    worker = hand(guarded)
    worker.declare(TaskSpec("Audited_1", "Audited"))
    worker.fail(*worker.take())
    page = enter("operator", task="Audited_1")
    page.locator("#panel").get_by_role("button", name="Retry").click()
    page.get_by_role("dialog").get_by_role("button", name="Retry").click()
    expect(page.locator("#notices")).to_contain_text("1 task will be tried again.")

    def noted() -> bool:
        lines = [line.partition("{") for line in guarded.log.read_text().splitlines() if '"event": "change"' in line]
        told = [json.loads(f"{{{rest}") for _, _, rest in lines]
        return any(one["who"] == "operator" and one.get("verb") == "retry" for one in told)

    eventually(noted)

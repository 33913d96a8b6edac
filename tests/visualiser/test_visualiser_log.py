"""The log of a task, live: everything it prints, by attempt.

| item of the issue | test |
|---|---|
| 2 live log: stdout, stderr, logging, subprocesses | `test_what_a_running_task_prints_is_shown_as_it_prints_it` |
| 2 by attempt, after it has ended | `test_each_attempt_has_its_log` |
| 2 followed, searched, taken along | `test_it_is_followed_or_not`, `test_it_is_searched`, `test_it_is_saved_as_text` |
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

KERNEL = str(Path(sys.executable).with_name("kernel"))
PRESS = "shop.Press__99914b932b"

TWICE = '''
import luigi


class Twice(luigi.Task):
    """Prints much, and fails."""

    def run(self):
        for line in range(30):
            print("line", line, "<b>of</b>", "x" * 300 if line == 7 else "")
        raise ValueError("not yet")
'''


def log(page: Page) -> Locator:
    return page.locator("#panel .section.log")


def test_what_a_running_task_prints_is_shown_as_it_prints_it(visit: Callable[..., Page], shop: Any) -> None:
    lines = log(visit(shop, task=PRESS)).locator(".line")
    expect(lines.filter(has_text="printed 1").first).to_be_visible()
    expect(lines.filter(has_text=re.compile(r"^(err)?warned \d+$")).first).to_be_visible()
    expect(lines.filter(has_text=re.compile(r"logged \d+")).first).to_be_visible()
    expect(lines.filter(has_text="said by a shell")).to_have_count(1)
    before = lines.last.inner_text()  # counting them ends where the page keeps no more
    expect(lines.last).not_to_have_text(before)
    expect(log(visit(shop, task=PRESS)).locator(".stream", has_text="err").first).to_be_visible()


def test_it_is_followed_or_not(visit: Callable[..., Page], shop: Any) -> None:
    part = log(visit(shop, {"height": 600}, task=PRESS))
    lines = part.locator(".lines")
    expect(lines.locator(".line").nth(30)).to_be_attached(timeout=20_000)
    at_end = "element => element.scrollHeight - element.scrollTop - element.clientHeight < 24"
    assert lines.evaluate(at_end)
    follow = part.get_by_role("button", name="Follow")
    expect(follow).to_have_attribute("aria-pressed", "true")
    lines.evaluate("element => { element.scrollTop = 0; }")
    expect(follow).to_have_attribute("aria-pressed", "false")
    before = lines.locator(".line").last.inner_text()  # counting them ends where the page keeps no more
    expect(lines.locator(".line").last).not_to_have_text(before)
    assert lines.evaluate("element => element.scrollTop") == 0
    follow.click()
    expect(follow).to_have_attribute("aria-pressed", "true")
    assert lines.evaluate(at_end)


def test_it_is_searched(visit: Callable[..., Page], shop: Any) -> None:
    part = log(visit(shop, task=PRESS))
    expect(part.locator(".line").first).to_be_visible()
    part.get_by_role("searchbox", name="Find in the log").fill("BY A SHELL")
    expect(part).to_contain_text("1 of 1")
    expect(part.locator("mark")).to_have_text("by a shell")
    expect(part.locator(".line.current")).to_have_text(re.compile("said by a shell"))


def test_each_attempt_has_its_log(visit: Callable[..., Page], workshop: Any, tmp_path: Path, browsing: Any) -> None:
    (tmp_path / "twice.py").write_text(TWICE)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "LUIGI_CONFIG_PATH": os.devnull}
    command = [KERNEL, "run", "twice:Twice", "--scheduler-url", workshop.url, "--no-lock"]
    for _ in range(2):
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
        assert "not yet" in done.stderr + done.stdout
    page = visit(workshop, task="Twice__99914b932b")
    part = log(page)
    expect(part.locator(".line", has_text="line 29 <b>of</b>")).to_be_attached()
    choice = part.get_by_role("combobox", name="Attempt")
    expect(choice.locator("option")).to_have_count(2)
    choice.select_option(index=1)
    expect(part.locator(".line", has_text="line 29 <b>of</b>")).to_be_attached()
    expect(part.locator(".line", has_text="x" * 300)).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_it_is_saved_as_text(visit: Callable[..., Page], shop: Any, tmp_path: Path) -> None:
    page = visit(shop, task=PRESS)
    part = log(page)
    expect(part.locator(".line", has_text="printed 1").first).to_be_visible()
    with page.expect_download() as saved:
        part.get_by_role("button", name="Download").click()
    assert saved.value.suggested_filename == f"{PRESS}.log"
    saved.value.save_as(tmp_path / "log")
    text = (tmp_path / "log").read_text()
    assert "said by a shell\n" in text
    assert re.search(r"^warned 1$", text, re.MULTILINE)
    assert "\x1b" not in text

"""The place "runs": how far each is and how fast, what it left, its attempts over time.

| item of the issue | test |
|---|---|
| 4 runs with progress, duration, rate, ETA | `test_a_run_says_how_far_it_is` |
| 4 retry failed | `test_what_failed_in_a_run_is_retried` |
| 4 a timeline (Gantt) of a run | `test_the_timeline_of_a_run` |
| 4 throughput chart | `test_throughput_is_drawn_and_said` |
| 4 history | `test_a_run_that_is_over_is_in_the_history` |
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from luigi.interfaces import TaskSpec

KERNEL = str(Path(sys.executable).with_name("kernel"))


def test_a_run_says_how_far_it_is(visit: Callable[..., Page], workshop: Any, hand: Callable[..., Any]) -> None:
    worker = hand(workshop, roots=["Goal_9"], command="kernel run goal:Goal", first_task="Goal_9")
    worker.declare(*(TaskSpec(f"Goal_{n}", "Goal", params={"n": str(n)}) for n in range(10)))
    worker.done(*worker.take(4))
    worker.fail(*worker.take(1))
    worker.take(2)
    page = visit(workshop, place="runs")
    run = page.get_by_role("article").filter(has_text="Goal_9")
    expect(run.get_by_role("heading")).to_have_text("Goal_9")
    expect(run).to_contain_text("kernel run goal:Goal")
    expect(run).to_contain_text("ann")
    expect(run.get_by_role("listitem")).to_contain_text(["4 done", "2 running", "1 failed", "3 pending"])
    facts = run.locator("dl")
    expect(facts).to_contain_text(re.compile(r"Tasks\s*10"))
    expect(facts).to_contain_text(re.compile(r"Pace\s*\d+ a minute"))
    expect(facts).to_contain_text(re.compile(r"Left\s*[\d.]+ (s|min).*until about \d+:\d\d"))
    run.get_by_role("link", name="1 failed").click()
    expect(page.locator("nav [aria-current=page]")).to_have_text("Tasks")
    expect(page.locator(".rows .row")).to_have_count(1)


def test_what_failed_in_a_run_is_retried(
    visit: Callable[..., Page], workshop: Any, hand: Callable[..., Any], ask: Callable[..., Any]
) -> None:
    worker, other = hand(workshop, roots=["Again_1"]), hand(workshop, roots=["Else_1"])
    worker.declare(*(TaskSpec(f"Again_{n}", "Again") for n in range(3)))
    other.declare(TaskSpec("Else_1", "Else"))
    worker.fail(*worker.take(2))
    other.fail(*other.take(1))
    page = visit(workshop, place="runs")
    run = page.get_by_role("article").filter(has_text="Again_1")
    run.get_by_role("button", name="Retry failed").click()
    page.get_by_role("dialog", name="Retry: 2 tasks?").get_by_role("button", name="Retry").click()
    expect(page.locator("#notices")).to_contain_text("2 tasks will be tried again.")
    expect(run.get_by_role("listitem")).to_contain_text(["3 pending"])
    assert ask(workshop, "tasks/Else_1")["status"] == "FAILED"


def test_the_timeline_of_a_run(visit: Callable[..., Page], workshop: Any, hand: Callable[..., Any]) -> None:
    worker = hand(workshop, roots=["Bar_1"])
    worker.declare(*(TaskSpec(f"Bar_{n}", "Bar") for n in range(6)))
    first = worker.take(2)
    worker.done(first[0])
    worker.fail(first[1])
    worker.take(2)
    page = visit(workshop, place="runs", run=worker.id)
    bars = page.get_by_role("group", name="Attempts over time").get_by_role("link")
    expect(bars).to_have_count(4)
    lanes = {box["y"] for box in (bar.bounding_box() for bar in bars.all()) if box}
    assert 2 <= len(lanes) <= 4
    for word in ("done", "failed", "running"):
        expect(page.locator(".timeline .legend")).to_contain_text(word)
    failed = page.get_by_role("link", name=re.compile(r"Bar_\d, failed"))
    failed.focus()
    expect(page.locator(".timeline .tip")).to_contain_text("failed")
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).to_have_text("Bar")
    page.keyboard.press("Escape")
    whole = bars.first.bounding_box()
    page.get_by_role("button", name="Look closer").click()
    expect(page.locator(".timeline")).to_contain_text(" to ")
    page.get_by_role("button", name="Look at all of it").click()
    expect(page.locator(".timeline")).to_contain_text("Drag to look closer.")
    assert whole is not None
    expect(page.get_by_role("figure", name="Throughput of this run")).to_contain_text("1 done, 1 failed")


def test_throughput_is_drawn_and_said(visit: Callable[..., Page], workshop: Any, hand: Callable[..., Any]) -> None:
    worker = hand(workshop)
    worker.declare(*(TaskSpec(f"Through_{n}", "Through") for n in range(3)))
    worker.done(*worker.take(3))
    page = visit(workshop, place="runs")
    figure = page.get_by_role("figure", name="Throughput")
    expect(figure).to_contain_text(re.compile(r"\d+ done, \d+ failed"))
    assert figure.locator("path.done").get_attribute("d")
    page.get_by_role("link", name="Last 6 hours").click()
    expect(page.get_by_role("link", name="Last 6 hours")).to_have_attribute("aria-current", "true")
    assert "hours=6" in page.url
    expect(figure).to_contain_text(re.compile(r"\d+ done, \d+ failed"))


def test_a_run_that_is_over_is_in_the_history(visit: Callable[..., Page], workshop: Any, tmp_path: Path) -> None:
    (tmp_path / "past.py").write_text(
        "import luigi\n\n\nclass Past(luigi.Task):\n    def run(self):\n        raise ValueError('no')\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "LUIGI_CONFIG_PATH": os.devnull}
    command = [KERNEL, "run", "past:Past", "--scheduler-url", workshop.url]
    subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False, timeout=60)
    page = visit(workshop, place="runs")
    row = page.get_by_role("row").filter(has_text="kernel run past:Past")
    expect(row).to_contain_text("Some failed")
    row.get_by_role("rowheader").get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"kept=\d+"))
    expect(page.locator("main dl")).to_contain_text("kernel run past:Past")
    bar = page.get_by_role("group", name="Attempts over time").get_by_role("link")
    expect(bar).to_have_attribute("aria-label", re.compile("Past.*failed.*ValueError: no"))
    page.get_by_role("link", name="Its page in the history").click()
    page.wait_for_url("**/history/runs/*")

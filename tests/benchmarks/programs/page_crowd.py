"""The visualiser before a server with N tasks: how soon it is of use, how soon a filter answers, what it costs.

`python page_crowd.py N SECONDS`: the page is then looked at for so many seconds while nothing changes. Blocks: `paint`,
from the click on a link until rows are seen; `filter`, from a letter typed, or a card pressed, until its rows are seen
(with the pause that waits for more letters), the middle of several; `idle`, the server's CPU time in those seconds.
"""

from __future__ import annotations

import statistics
import sys
import time

from playwright.sync_api import Page

from luigi.rpc import RemoteScheduler
from meter import show
from page import ROWS, browser, opened, seconds_until
from served import server
from specs import chunks

number, seconds = int(sys.argv[1]), float(sys.argv[2])
VISITORS = 3
TICK = 0.01  # seconds: no finer does the system count
WORDS = ("layer=3", "7", "number=1*", "LAYER 4", "layer=9 7")
LISTED = "document.querySelector('.place h1 small').textContent"

TYPE = """words => {
  const box = document.querySelector("main input[type=search]");
  box.value = words;
  box.dispatchEvent(new Event("input", {bubbles: true}));
  return performance.now();
}"""


def filtered(page: Page, words: str) -> float:
    """Seconds from the letter until the list is another one."""
    before = page.evaluate(LISTED)
    began = page.evaluate(TYPE, words) / 1000
    return seconds_until(page, f"{LISTED} !== {before!r} && {ROWS}") - began


with server("[scheduler]\nworker_disconnect_delay = 86400\n") as running, browser() as chromium:
    scheduler = RemoteScheduler(running.url)
    scheduler.add_worker("worker", [("workers", 1)])
    for chunk in chunks(number):
        scheduler.declare("worker", chunk)
    painted = []
    for _ in range(VISITORS):
        page = opened(chromium, running.url)
        painted.append(seconds_until(page, ROWS))
        page.wait_for_load_state("networkidle")
        if len(painted) < VISITORS:
            page.context.close()
    show("paint", wall=statistics.median(painted))
    took = [filtered(page, words) for words in WORDS]
    show("filter", wall=statistics.median(took))
    filtered(page, "")
    page.wait_for_load_state("networkidle")
    time.sleep(5)  # what was asked for is forgotten, what was counted is counted
    before = running.cpu
    time.sleep(seconds)
    show("idle", cpu=running.cpu - before + TICK)

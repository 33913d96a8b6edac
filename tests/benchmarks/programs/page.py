"""A browser for measured programs: opens the visualiser of a server, and says what its tab holds."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

WINDOW = {"width": 1280, "height": 800}
PATIENCE = 60_000  # milliseconds
ROWS = "document.querySelectorAll('.rows .row:not(.waiting)').length > 0"


@contextmanager
def browser() -> Iterator[Browser]:
    """A headless Chromium that has been nowhere yet."""
    with sync_playwright() as playwright:
        program = shutil.which("chromium")
        running = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield running
        running.close()


def opened(running: Browser, url: str, query: str = "") -> Page:
    """A fresh visitor's page; it may be still loading."""
    page = running.new_context(viewport=WINDOW).new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{url}static/visualiser/index.html?{query}", wait_until="commit")
    return page


def seconds_until(page: Page, holds: str) -> float:
    """When the expression came to hold in the page, from where its clock began, to one drawn picture."""
    look = f"() => ({holds}) ? resolve(performance.now()) : requestAnimationFrame(look)"
    return float(page.evaluate(f"() => new Promise(resolve => {{ const look = {look}; look(); }})")) / 1000


def held(running: Browser) -> int:
    """Bytes of memory of the fullest tab: its own, and its share of what it has in common with others."""
    told = running.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
    tabs = [process["id"] for process in told["processInfo"] if process["type"] == "renderer"]
    return max(_proportional(Path(f"/proc/{tab}/smaps_rollup")) for tab in tabs)


def _proportional(told: Path) -> int:
    lines = dict(line.split(":") for line in told.read_text().splitlines()[1:])
    return int(lines["Pss"].split()[0]) * 1024

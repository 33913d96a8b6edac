"""As a new user: a server, the flights with a month that is broken; the page says why, and sets it going again."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FLIGHTS = Path(__file__).parents[2] / "examples" / "flights"
KERNEL = Path(sys.executable).with_name("kernel")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The example, where the file of July has come but halfway."""
    copied = shutil.copytree(FLIGHTS, tmp_path / "flights", ignore=shutil.ignore_patterns("__pycache__"))
    july = copied / "data" / "flights-2013-07.csv.gz"
    july.write_bytes(july.read_bytes()[: july.stat().st_size // 2])
    return copied


@pytest.fixture
def run(folder: Path, server_process: Any) -> Iterator[subprocess.Popen[str]]:
    """`kernel run demo` with the server: it stays as long as something can become of what it wants."""
    config = folder / "luigi.cfg"
    with_server = f"scheduler_url = {server_process.url}\n\n[worker]\nkeep_alive = true"
    text = config.read_text().replace("local_scheduler = true", with_server)
    config.write_text(text.replace("../../demo-output", "output"))
    kept = {"PATH": "/usr/bin:/bin", "HOME": str(folder)}
    with (folder / "log").open("w") as log:
        begun = subprocess.Popen(
            [KERNEL, "run", "demo", "--workers", "2"], cwd=folder, env=kept, stdout=log, stderr=log, text=True
        )
    yield begun
    begun.kill()
    begun.wait()


@pytest.mark.service("chromium")
def test_the_error_is_found_and_what_failed_is_retried_from_the_page(
    browsing: Any, server_process: Any, folder: Path, run: subprocess.Popen[str]
) -> None:
    from playwright.sync_api import expect

    page = browsing.open(server_process.url)
    failed = page.get_by_role("button", name=re.compile("^31 Failed"))
    expect(failed).to_be_visible(timeout=30_000)
    expect(page).to_have_title(re.compile("^31 failed"))
    failed.click()
    rows = page.locator(".rows .row")
    expect(rows.first).to_contain_text("DayFlights")
    rows.first.get_by_role("link").click()
    error = page.locator("#panel .section.error")
    expect(error.locator(".last-word")).to_contain_text("flights-2013-07.csv.gz is not whole gzip data")

    shutil.copy(FLIGHTS / "data" / "flights-2013-07.csv.gz", folder / "data")
    page.get_by_role("button", name="Retry all failed (31)").click()
    page.get_by_role("dialog", name="Retry: 31 tasks?").get_by_role("button", name="Retry").click()
    expect(page.locator("#notices")).to_contain_text("31 tasks will be tried again.")
    expect(page.locator("#panel .standing")).to_contain_text("Done", timeout=60_000)
    page.get_by_role("link", name="Show all tasks").click()
    expect(page.get_by_role("button", name=re.compile("^56 Done"))).to_be_visible(timeout=60_000)
    expect(page).to_have_title("luigi")
    assert run.wait(timeout=60) == 0
    assert "they all succeeded in a retry" in (folder / "log").read_text()

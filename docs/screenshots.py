"""Takes the pictures of the visualiser in docs/images: `make screenshots`. Needs Chromium.

What is seen is real: a server, and examples/flights, whose July has come but halfway; its June runs meanwhile.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
IMAGES = HERE / "images"
FLIGHTS = HERE.parent / "examples" / "flights"
KERNEL = Path(sys.executable).with_name("kernel")
SETTINGS = """
[scheduler]
record_task_history = true
stable_done_cooldown_secs = 0

[task_history]
db_connection = sqlite:///history.db
"""
WINDOW = (1280, 800)
PHONE = (360, 740)


class Scene:
    """A server at work, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{free.getsockname()[1]}/"
        self.folder = folder / "flights"
        shutil.copytree(FLIGHTS, self.folder, ignore=shutil.ignore_patterns("__pycache__"))
        july = self.folder / "data" / "flights-2013-07.csv.gz"
        july.write_bytes(july.read_bytes()[: july.stat().st_size // 2])
        config = self.folder / "luigi.cfg"
        text = config.read_text().replace("local_scheduler = true", f"scheduler_url = {self.url}")
        config.write_text(text.replace("../../demo-output", "output") + SETTINGS)
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """`kernel` with these arguments."""
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "PYTHONPATH": str(self.folder)}
        quiet = subprocess.DEVNULL
        self.processes.append(
            subprocess.Popen([KERNEL, *command], cwd=self.folder, env=environment, stdout=quiet, stderr=quiet)
        )
        return self.processes[-1]

    def serve(self) -> None:
        """Return once it answers."""
        port = self.url.rpartition(":")[2].rstrip("/")
        self.start("serve", "--port", port, "--state-path", str(self.folder / "state.sqlite"))
        wait_until(lambda: self.asked("counts") is not None)

    def run(self, month: str, *more: str) -> subprocess.Popen[bytes]:
        """All reports of a month."""
        return self.start("run", "flights:AllReports", "--month", month, *more)

    def asked(self, path: str) -> dict[str, object] | None:
        """What the API says; None while nobody answers."""
        with suppress(URLError, ConnectionError), urlopen(f"{self.url}api/v1/{path}", timeout=10) as answer:
            found: dict[str, object] = json.load(answer)
            return found
        return None

    def count(self, status: str) -> int:
        """How many tasks have it."""
        found = self.asked("counts")
        assert found is not None
        return found["counts"].get(status, 0)  # type: ignore[attr-defined,no-any-return]

    def end(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()


def wait_until(holds: Callable[[], bool]) -> None:
    for _ in range(600):
        if holds():
            return
        time.sleep(0.05)
    raise SystemExit("it did not come about")


@contextmanager
def opened(
    browser: Browser, scene: Scene, size: tuple[int, int] = WINDOW, dark: bool = False, **words: str
) -> Iterator[Page]:
    """The page at a place."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light",
        has_touch=size == PHONE,
        locale="en-GB",
    )
    page = context.new_page()
    page.goto(f"{scene.url}static/visualiser/index.html?{urlencode(words)}")
    page.wait_for_load_state("networkidle")
    yield page
    context.close()


def keep(page: Page, name: str) -> None:
    """A picture of the page."""
    path = IMAGES / f"{name}.png"
    page.screenshot(path=path, animations="disabled")
    print(f"{path.relative_to(HERE.parent)}: {path.stat().st_size:,} bytes")


def take(browser: Browser, scene: Scene) -> None:
    """July fails, June is done, then once more, with a picture in the middle of it."""
    scene.serve()
    scene.run("2013-07", "--workers", "2").wait()
    scene.run("2013-06", "--workers", "2", "--flights-output-dir", "elsewhere").wait()
    june = scene.run("2013-06", "--workers", "2")
    wait_until(lambda: scene.count("PENDING") > 20)
    wait_until(lambda: scene.count("PENDING") <= 20)
    june.send_signal(signal.SIGSTOP)  # for the server it is in the middle of its work
    with opened(browser, scene) as page:
        page.locator(".rows .row").first.wait_for()
        keep(page, "tasks")
    with opened(browser, scene, place="workers") as page:
        page.locator(".task-lines li").first.wait_for()
        keep(page, "workers")
    june.send_signal(signal.SIGCONT)
    june.wait()
    with opened(browser, scene, status="FAILED") as page:
        page.locator(".rows .row").first.get_by_role("link").click()
        page.locator("#panel .section.log .line").first.wait_for()
        keep(page, "task")
    report = scene.asked("table?family=AllReports&search=month%3D2013-07")
    assert report is not None
    root = report["tasks"][0]["task_id"]  # type: ignore[index]
    with opened(browser, scene, place="graph", root=root) as page:
        page.locator(".drawing a.node").first.wait_for()
        keep(page, "graph")
    with opened(browser, scene, place="runs", kept="2") as page:
        page.locator(".timeline .bar").first.wait_for()
        keep(page, "run")
    with opened(browser, scene, dark=True, place="runs") as page:
        page.locator("figure path.done").first.wait_for(state="attached")
        keep(page, "dark")
    with opened(browser, scene, size=PHONE) as page:
        page.locator(".rows .row").first.wait_for()
        keep(page, "phone")


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        scene = Scene(Path(folder))
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        try:
            take(browser, scene)
        finally:
            browser.close()
            scene.end()


if __name__ == "__main__":
    main()

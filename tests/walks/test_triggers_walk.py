"""A trigger that makes a board of flights each minute: for five minutes of a clock turned by hand, and for real.

The real one takes the next minute of the machine's clock; LUIGI_TEST_TRIGGER_MINUTES=5 for five of them.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from luigi.clock import SYSTEM
from luigi.interfaces import Question
from luigi.rpc import RemoteScheduler

FLIGHTS = Path(__file__).parents[2] / "examples" / "flights"
MINUTES = int(os.environ.get("LUIGI_TEST_TRIGGER_MINUTES", "1"))

VIRTUAL = """
from datetime import UTC, datetime

import luigi
from luigi.configuration import get_config
from luigi.interfaces import Question
from luigi.plugin_manager import PluginManager
from luigi.scheduler import Scheduler
from luigi.testing import FakeClock
from luigi.triggers.keeper import Timekeeper
from luigi.triggers.sections import triggers
from luigi.worker.pool import Pool, serve

clock = FakeClock(datetime(2013, 7, 4, 6, 0, 30, tzinfo=UTC).timestamp())
end = datetime(2013, 7, 4, 6, 5, 45, tzinfo=UTC).timestamp()
scheduler = Scheduler(resources={}, clock=clock)
plugins = PluginManager.with_installed()
keeper = Timekeeper(triggers(get_config(), plugins), scheduler, clock)


def is_over():
    keeper.look()
    return clock.now() >= end


served = serve(scheduler, Pool(), until=is_over, clock=clock, wait_jitter=0)
for one in sorted(scheduler.view(Question("submissions")), key=lambda one: one["since"]):
    print(one["id"], one["status"], datetime.fromtimestamp(one["since"], UTC).strftime("%H:%M"))
for one in scheduler.view(Question("errors")):
    print(one["explanation"])
print(served.failed, "failed")
"""


def settings(folder: Path) -> Path:
    """The example's configuration, with a folder of ours for what is made."""
    text = (FLIGHTS / "triggers.cfg").read_text()
    text = text.replace("data_dir = data", f"data_dir = {FLIGHTS}/data")
    assert "output_dir = ../../demo-output" in text
    path = folder / "triggers.cfg"
    path.write_text(text.replace("../../demo-output", str(folder / "output")))
    return path


def environment(path: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("LUIGI_")}
    return kept | {"LUIGI_CONFIG_PATH": str(path), "PYTHONPATH": str(FLIGHTS), "NO_COLOR": "1"}


def board(path: Path) -> list[tuple[str, str]]:
    with path.open() as file:
        return [(row["destination"], row["flights"]) for row in csv.DictReader(file)]


def virtual(folder: Path, path: Path) -> subprocess.CompletedProcess[str]:
    """Six minutes of a clock turned by hand, with a pool's worker in the same process."""
    done = subprocess.run(
        [sys.executable, "-c", VIRTUAL],
        cwd=folder, env=environment(path), text=True, capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done


def test_it_runs_each_minute_for_five_minutes_of_a_virtual_clock(tmp_path: Path) -> None:
    done = virtual(tmp_path, settings(tmp_path))
    assert done.stdout.splitlines() == [
        *(f"trigger-board-20130704T060{minute}00Z SUCCESS 06:0{minute}" for minute in range(1, 6)),
        "0 failed",
    ]
    made = sorted((tmp_path / "output/boards").iterdir())
    assert [path.name for path in made] == [f"2013-07-04T060{minute}.csv" for minute in range(1, 6)]
    assert len({tuple(board(path)) for path in made}) == 1
    assert len(board(made[0])) == 10
    assert len(list((tmp_path / "output/days").iterdir())) == 1, "what a firing needs is made once"


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("minute = {minute}", "minut = {minute}", "minut"),
        ("each_minute:Board", "each_minute:Bord", "Board"),
        ("each_minute:Board", "each_hour:Board", "each_hour"),
        ("minute = {minute}", "minute = noon", "noon"),
    ],
)
def test_a_mistake_that_the_server_cannot_see_is_a_failure(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    path = settings(tmp_path)
    path.write_text(path.read_text().replace(right, wrong).replace("* * * * *", "3 6 * * *"))
    done = virtual(tmp_path, path)
    submission, *errors, failed = done.stdout.splitlines()
    assert submission == "trigger-board-20130704T060300Z FAILED 06:03"
    assert said in "\n".join(errors), done.stderr
    assert failed == "1 failed"


@contextmanager
def a_pools_worker(url: str, folder: Path, path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A real `kernel worker`."""
    command = [Path(sys.executable).with_name("kernel"), "worker", "--modules", "each_minute,flights,days"]
    with (folder / "worker.log").open("wb") as log:
        worker = subprocess.Popen(
            [*command, "--concurrency", "2", "--scheduler-url", url],
            cwd=folder, env=environment(path), stdout=log, stderr=log,
        )  # fmt: skip
    try:
        yield worker
    finally:
        worker.terminate()
        worker.wait(timeout=60)


def waited_for(holds: Callable[[], bool], seconds: float, why: Callable[[], str]) -> None:
    late = SYSTEM.monotonic() + seconds
    while not holds():
        assert SYSTEM.monotonic() < late, why()
        SYSTEM.sleep(0.2)


@pytest.mark.timeout(120 + 60 * MINUTES)
def test_it_runs_for_real(start_server: Callable[..., Any], tmp_path: Path) -> None:
    path = settings(tmp_path)
    server = start_server(config=path.read_text())
    began = datetime.fromtimestamp(SYSTEM.now(), UTC)
    boards = tmp_path / "output/boards"
    scheduler = RemoteScheduler(server.url)
    with a_pools_worker(server.url, tmp_path, path):

        def all_made() -> bool:
            ended = [one for one in scheduler.view(Question("submissions")) if one["status"]]
            return len(ended) >= MINUTES

        log = tmp_path / "worker.log"
        waited_for(all_made, 60 * MINUTES + 50, lambda: log.read_text() + server.log.read_text())
        found = scheduler.view(Question("submissions"))
    scheduler.close()
    assert {one["status"] for one in found if one["status"]} == {"SUCCESS"}, log.read_text()
    made = sorted(one.name for one in boards.iterdir())
    assert made[0] > f"{began:%Y-%m-%dT%H%M}.csv"
    assert len(board(boards / made[0])) == 10
    for one in found:
        due = datetime.strptime(f"{one['id']}+0000", "trigger-board-%Y%m%dT%H%M%SZ%z").timestamp()
        assert due % 60 == 0
        assert due <= one["since"], "it was fired when the minute had begun"

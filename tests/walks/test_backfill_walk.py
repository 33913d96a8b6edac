"""`kernel backfill`, here and on a server: a year, so many at a time; gone on with, cancelled, and refused.

| item of issue 10 | test |
|---|---|
| 5 a year's backfill with --max-active 8 | `test_a_year_in_this_process`, `test_a_year_by_a_pool` |
| 5 resumable | `test_a_year_in_this_process`, `test_it_goes_on_after_an_interruption` |
| 5 --reverse | `test_the_newest_first` |
| 5 cancel | `test_ctrl_c_cancels_it`, `test_it_is_cancelled_by_its_id` |
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

MODULE = """
import os
import luigi


class Fetched(luigi.Task):
    day = luigi.DateParameter()

    def output(self):
        return luigi.LocalTarget(f"out/fetched-{self.day}")

    def run(self):
        with self.output().open("w") as file:
            file.write("fetched")


class Daily(luigi.Task):
    day = luigi.DateParameter()
    place = luigi.Parameter(default="here")
    worker_queue = "heavy"

    def requires(self):
        return Fetched(day=self.day)

    def output(self):
        return luigi.LocalTarget(f"out/{self.place}-{self.day}")

    def run(self):
        with open("order", "a") as file:
            file.write(f"{self.day} ")
        if os.path.exists(f"broken-{self.day}"):
            raise ValueError("broken")
        with self.output().open("w") as file:
            file.write("daily")


class Stuck(luigi.Task):
    day = luigi.DateParameter()

    def output(self):
        return luigi.LocalTarget(f"out/stuck-{self.day}")

    def run(self):
        open(f"began-{self.day}", "w").close()
        import threading
        threading.Event().wait()
"""
YEAR = ("--from", "2023-01-01", "--to", "2023-12-31")
KERNEL = str(Path(sys.executable).with_name("kernel"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "daily_jobs.py").write_text(MODULE)
    return tmp_path


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LUIGI_")}
    return kept | {"PYTHONPATH": "."}


def kernel(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [KERNEL, *words]
    return subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, timeout=240)


def backfill(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return kernel(folder, "backfill", "daily_jobs:Daily", *words)


def here(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return backfill(folder, *words, "--local-scheduler")


def made(folder: Path, name: str = "here") -> int:
    return len(list((folder / "out").glob(f"{name}-2*")))


# --- in this process -----------------------------------------------------------------------------------------------


def test_a_year_in_this_process(folder: Path) -> None:
    first = here(folder, *YEAR, "--max-active", "8")
    assert (first.returncode, first.stdout) == (0, ""), first.stderr
    assert first.stderr.splitlines()[0] == "365 of 365 are to be done"
    assert first.stderr.splitlines()[-1] == "365 of 365 done"
    assert (made(folder), made(folder, "fetched")) == (365, 365)
    (folder / "out/here-2023-06-01").unlink()
    again = here(folder, *YEAR)
    assert (again.returncode, again.stderr.splitlines()[0]) == (0, "1 of 365 are to be done")
    assert here(folder, *YEAR).stderr == "all 365 are complete\n"


def test_the_newest_first(folder: Path) -> None:
    done = here(
        folder, "--from", "2023-01-01", "--to", "2023-01-04", "--reverse", "--max-active", "1", "--workers", "1"
    )
    assert done.returncode == 0, done.stderr
    assert (folder / "order").read_text().split() == ["2023-01-04", "2023-01-03", "2023-01-02", "2023-01-01"]


def test_a_failing_day_keeps_nothing_else_from_being_done(folder: Path) -> None:
    (folder / "broken-2023-01-02").touch()
    done = here(folder, "--from", "2023-01-01", "--to", "2023-01-04", "--max-active", "1", "--place", "there")
    assert (done.returncode, made(folder, "there")) == (30, 3)
    assert done.stderr.splitlines()[-1] == "3 of 4 done, 1 failed"


def test_its_log_is_that_of_a_run(folder: Path) -> None:
    day = "--from", "2023-01-01", "--to", "2023-01-01"
    assert "INFO: Running Worker" in here(folder, *day, "--log-level", "INFO").stderr
    assert "INFO" not in here(folder, *day, "--place", "there").stderr


def test_a_dry_run_lists_what_would_be_run(folder: Path) -> None:
    listed = here(folder, "--from", "2023-01-30", "--to", "2023-02-13", "--step", "week", "--dry-run")
    assert listed.stdout.splitlines() == [
        f"Daily(day={day}, place=here)" for day in ("2023-01-30", "2023-02-06", "2023-02-13")
    ]
    assert not (folder / "out").exists()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--from", "2023-01", "--to", "2023-02-01"], 1, "(from --from) is not a date"),
        (["--from", "2023-02-01", "--to", "2023-01-01"], 2, "--from 2023-02-01 is later than --to 2023-01-01"),
        (["--from", "2023-01-01", "--to", "2023-01-02", "--day", "2023-01-01"], 2, "--day is what the backfill fills"),
        (
            ["--from", "2023-01-01", "--to", "2023-01-02", "--parameter", "place"],
            1,
            "no parameter place that holds a date",
        ),
        (["--from", "2023-01-01"], 2, "--to"),
    ],
)
def test_what_cannot_be_is_refused(folder: Path, words: list[str], code: int, said: str) -> None:
    refused = here(folder, *words)
    assert said in refused.stderr
    assert refused.returncode == code


# --- on a server ---------------------------------------------------------------------------------------------------


@pytest.fixture
def server(server_process: Any) -> Any:
    return server_process


@pytest.fixture
def pool(folder: Path, server: Any) -> Iterator[None]:
    """A worker of a pool, eight tasks at a time."""
    told = [
        "--modules",
        "daily_jobs",
        "--concurrency",
        "8",
        "--queue",
        "heavy",
        "--queue",
        "",
        "--scheduler-url",
        server.url,
    ]
    with (folder / "pool.log").open("wb") as log:
        process = subprocess.Popen([KERNEL, "worker", *told], cwd=folder, env=environment(), stdout=log, stderr=log)
    yield
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def there(folder: Path, server: Any, *words: str) -> subprocess.CompletedProcess[str]:
    return backfill(folder, *words, "--scheduler-url", server.url)


@pytest.mark.usefixtures("pool")
def test_a_year_by_a_pool(folder: Path, server: Any) -> None:
    done = there(folder, server, *YEAR, "--max-active", "8")
    assert done.returncode == 0, done.stderr + (folder / "pool.log").read_text()[-2000:]
    submission = done.stdout.strip()
    assert submission.startswith("backfill-Daily-")
    assert (made(folder), done.stderr.splitlines()[-1]) == (365, "365 of 365 done")
    told = kernel(folder, "submissions", submission, "--scheduler-url", server.url).stdout
    assert "365 done" in told


def test_it_goes_on_after_an_interruption(folder: Path, server: Any) -> None:
    """Said again while it goes on, it is followed; the server keeps it when it is killed."""
    begun = there(folder, server, *YEAR, "--detach")
    server.kill()
    server.start()
    again = there(folder, server, *YEAR, "--detach")
    assert (again.returncode, again.stdout) == (0, begun.stdout)
    assert again.stderr.splitlines()[-1] == "it goes on already; this only follows it"


def test_it_is_cancelled_by_its_id(folder: Path, server: Any) -> None:
    submission = there(folder, server, *YEAR, "--detach").stdout.strip()
    assert kernel(folder, "cancel", submission, "--scheduler-url", server.url).returncode == 0
    again = there(folder, server, *YEAR, "--detach").stdout.strip()
    assert again != submission


@pytest.mark.usefixtures("pool")
def test_ctrl_c_cancels_it(folder: Path, server: Any) -> None:
    words = [
        "backfill",
        "daily_jobs:Stuck",
        "--from",
        "2023-01-01",
        "--to",
        "2023-01-09",
        "--scheduler-url",
        server.url,
    ]
    process = subprocess.Popen(
        [KERNEL, *words], cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    for _ in range(600):
        if list(folder.glob("began-*")):
            break
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=0.1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert "cancelled; say the same again to go on" in err.splitlines()
    told = kernel(folder, "submissions", out.strip(), "--json", "--scheduler-url", server.url).stdout
    assert '"status": "CANCELLED"' in told

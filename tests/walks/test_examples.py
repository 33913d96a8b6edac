"""The examples, run as their readers would: from a terminal, twice, and killed in the middle."""

from __future__ import annotations

import csv
import gzip
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
FLIGHTS = EXAMPLES / "flights"
BIN = Path(sys.executable).parent
FIRST_THREE_DAYS = "2013-07-01-2013-07-04"

IMPATIENT = ["--worker-wait-interval", "0.1", "--worker-wait-jitter", "0"]

COMMANDS = {
    "hello_world": ["HelloWorld", "--name", "you"],
    "word_count": ["WordCount", "--date-interval", "2013-W27"],
    "top_artists": ["Top10Artists", "--date-interval", "2012-06"],
    "dynamic_requirements": ["Crawl"],
    "execution_summary_example": ["Everything"],
    "per_task_retry_policy": ["Everything", "--worker-keep-alive", "--scheduler-retry-delay", "0.1", *IMPATIENT],
}


def environment(**more: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("LUIGI_")}
    return kept | {"PATH": f"{BIN}{os.pathsep}{kept['PATH']}", "NO_COLOR": "1"} | more


def run(folder: Path, *command: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, env=environment(**more), text=True, capture_output=True, timeout=60, check=False
    )


def run_module(folder: Path, module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["luigi", "--module", module, *arguments, "--local-scheduler"]
    return run(folder, *command, PYTHONPATH=str(EXAMPLES))


# --- the manual's examples -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("module", "arguments"), COMMANDS.items(), ids=COMMANDS)
def test_runs_as_module_and_as_script(module: str, arguments: list[str], tmp_path: Path) -> None:
    as_module, as_script = tmp_path / "module", tmp_path / "script"
    as_module.mkdir()
    as_script.mkdir()
    one = run_module(as_module, module, *arguments)
    two = run(as_script, sys.executable, EXAMPLES / f"{module}.py", *arguments, "--local-scheduler")
    assert (one.returncode, two.returncode) == (0, 0), one.stderr + two.stderr
    assert "===== Luigi Execution Summary =====" in one.stderr
    assert one.stdout == two.stdout
    assert [file.name for file in as_module.rglob("*")] == [file.name for file in as_script.rglob("*")]


def test_hello_world_greets(tmp_path: Path) -> None:
    assert run_module(tmp_path, "hello_world", "HelloWorld").stdout == "HelloWorld(name=world) says: hello, world!\n"


def test_word_count_counts_every_word(tmp_path: Path) -> None:
    run_module(tmp_path, "word_count", *COMMANDS["word_count"])
    counted = dict(line.split("\t") for line in (tmp_path / "data/word_count_2013-W27.tsv").read_text().splitlines())
    words = Counter(word for text in tmp_path.glob("data/text_*") for word in text.read_text().split())
    assert {word: int(count) for word, count in counted.items()} == words
    assert words.total() == 7 * 100 * 8


def test_top_artists_runs_only_what_is_missing(tmp_path: Path) -> None:
    arguments = COMMANDS["top_artists"]
    assert "* 32 ran successfully" in run_module(tmp_path, "top_artists", *arguments).stderr
    best = tmp_path / "data/top_artists_2012-06.tsv"
    first = best.read_text()
    assert len(first.splitlines()) == 10
    assert "Did not run any tasks" in run_module(tmp_path, "top_artists", *arguments).stderr
    best.unlink()
    assert "* 1 ran successfully" in run_module(tmp_path, "top_artists", *arguments).stderr
    assert best.read_text() == first


def test_crawl_finds_what_pages_link_to(tmp_path: Path) -> None:
    done = run_module(tmp_path, "dynamic_requirements", "Crawl")
    assert "5 Page(name=archive,cart,home,news,shop)" in done.stderr
    assert (tmp_path / "data/crawl_home.tsv").read_text() == "home\t0\nnews\t1\nshop\t1\narchive\t2\ncart\t2\n"


def test_summary_names_every_fate(tmp_path: Path) -> None:
    summary = run_module(tmp_path, "execution_summary_example", "Everything").stderr
    for line in (
        "* 1 complete ones were encountered:",
        "* 5 ran successfully:\n    - 5 Works(number=0...4)",
        "* 1 failed:\n    - 1 Fails()",
        "* 1 were missing external dependencies:\n        - 1 NeverDelivered()",
        "* 2 had failed dependencies:",
        "* 2 had missing dependencies:",
        "This progress looks :( because there were failed tasks",
    ):
        assert line in summary


def test_each_task_has_its_own_retries(tmp_path: Path) -> None:
    done = run_module(tmp_path, "per_task_retry_policy", *COMMANDS["per_task_retry_policy"])
    assert done.stderr.count("RuntimeError: this one never works") == 2
    assert done.stderr.count("RuntimeError: try ") == 2
    assert "* 1 ran successfully:\n    - 1 Flaky()" in done.stderr


# --- flights ---------------------------------------------------------------------------------------------------


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """A configuration that reads the example's data and writes into this test's folder."""
    file = tmp_path / "luigi.cfg"
    file.write_text(f"[flights]\ndata_dir = {FLIGHTS}/data\noutput_dir = {tmp_path}/output\n")
    return file


def run_flights(settings: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["luigi", "--module", "flights", *arguments, "--local-scheduler"]
    return run(settings.parent, *command, PYTHONPATH=str(FLIGHTS))


def raw(*days: str) -> list[dict[str, str]]:
    """The rows of July as published, of all days or of some."""
    with gzip.open(FLIGHTS / "data/flights-2013-07.csv.gz", "rt") as file:
        return [row for row in csv.DictReader(file) if not days or row["day"] in days]


def rows(file: Path) -> list[dict[str, str]]:
    with gzip.open(file, "rt") if file.suffix == ".gz" else file.open() as lines:
        return list(csv.DictReader(lines))


def test_a_day_is_cleaned(settings: Path) -> None:
    assert run_flights(settings, "DayFlights", "--day", "2013-07-04").returncode == 0
    kept = rows(settings.parent / "output/days/2013-07-04.csv.gz")
    published = raw("4")
    assert [row["destination"] for row in kept] == [row["dest"] for row in published]
    assert sum(row["departure_delay"] == "" for row in kept) == sum(row["dep_time"] == "NA" for row in published) > 0
    assert "NA" not in {value for row in kept for value in row.values()}


def test_top_destinations_of_an_interval(settings: Path) -> None:
    done = run_flights(settings, "TopDestinationsOf", "--interval", FIRST_THREE_DAYS)
    assert "3 DayFlights(day=2013-07-01,2013-07-02,2013-07-03)" in done.stderr
    ranked = rows(settings.parent / f"output/destinations/{FIRST_THREE_DAYS}.csv")
    expected = Counter(row["dest"] for row in raw("1", "2", "3")).most_common(10)
    assert [(row["code"], int(row["flights"])) for row in ranked] == expected
    assert ranked[0]["name"] == "Chicago Ohare Intl"


def test_backfill_and_its_second_run(settings: Path) -> None:
    arguments = ["RangeDaily", "--of", "DayFlights", "--start", "2013-06-01", "--stop", "2013-06-04"]
    arguments += ["--days-back", "36500"]
    assert "* 4 ran successfully" in run_flights(settings, *arguments).stderr
    (settings.parent / "output/days/2013-06-02.csv.gz").unlink()
    assert "1 DayFlights(day=2013-06-02)" in run_flights(settings, *arguments).stderr
    assert "Did not run any tasks" in run_flights(settings, *arguments).stderr


def test_a_month_without_data_says_where_it_belongs(settings: Path) -> None:
    done = run_flights(settings, "DayFlights", "--day", "2014-02-01")
    assert f"there is no data for 2014-02: put {FLIGHTS}/data/flights-2014-02.csv.gz there" in done.stderr
    assert "1 FlightData(month=2014-02)" in done.stderr


def test_killed_in_the_middle_and_run_again(settings: Path) -> None:
    command = [BIN / "luigi", "--module", "flights", "TopDestinations", "--month", "2013-07", "--local-scheduler"]
    output = settings.parent / "output"
    with subprocess.Popen(
        command, cwd=settings.parent, env=environment(PYTHONPATH=str(FLIGHTS)), stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        done = (line for line in process.stderr if " done " in line)
        for _ in range(random.randint(2, 8)):
            next(done)
        process.send_signal(signal.SIGKILL)
    files = list(output.glob("days/2013-07-*.csv.gz"))
    assert 2 <= len(files) < 31
    for file in files:
        assert len(rows(file)) == len(raw(str(int(file.name[8:10]))))
    assert run_flights(settings, "TopDestinations", "--month", "2013-07").returncode == 0
    ranked = rows(output / "destinations/2013-07.csv")
    assert sum(int(row["flights"]) for row in ranked) == sum(
        count for _, count in Counter(row["dest"] for row in raw()).most_common(10)
    )


def test_demo_works_and_then_has_nothing_to_do(tmp_path: Path) -> None:
    folder = tmp_path / "clone/examples/flights"
    shutil.copytree(FLIGHTS, folder, ignore=shutil.ignore_patterns("output", "__pycache__"))
    first, second = (run(folder, "sh", "demo.sh") for _ in range(2))
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert "29,425 flights" in first.stdout
    assert "940 of them cancelled" in first.stdout
    best = Counter(row["dest"] for row in raw()).most_common(10)
    table = [line.split() for line in first.stdout.splitlines()]
    assert [(words[1], words[-1]) for words in table[-10:]] == [(code, f"{count:,}") for code, count in best]
    assert "Did not run any tasks" in second.stderr
    assert "ran successfully" not in second.stderr
    output = tmp_path / "clone/demo-output"
    with closing(sqlite3.connect(output / "flights.sqlite")) as database:
        assert database.execute("SELECT count(*) FROM flights").fetchone() == (29425,)
    carriers = {row["carrier"] for row in raw()}
    assert {row["carrier"] for row in rows(output / "carriers/2013-07.csv")} == carriers
    assert sum(int(row["flights"]) for row in rows(output / "delays/2013-07.csv")) == 29425
    assert (output / "report-2013-07.html").read_text().count("<rect ") == 10


# --- its parts, without a run ----------------------------------------------------------------------------------


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(FLIGHTS))


@pytest.mark.usefixtures("parts")
def test_an_update_of_a_database_is_whole_or_not_there(tmp_path: Path) -> None:
    from sqlite_target import SqliteTarget

    def write_and_fail(database: sqlite3.Connection) -> None:
        database.execute("CREATE TABLE numbers (n INT)")
        raise ZeroDivisionError

    target = SqliteTarget(str(tmp_path / "new/rows.sqlite"), "update-1")
    assert not target.exists()
    assert not (tmp_path / "new").exists()
    with pytest.raises(ZeroDivisionError), target.update() as database:
        write_and_fail(database)
    assert not target.exists()
    with target.update() as database:
        database.execute("CREATE TABLE numbers (n INT)")
    assert target.exists()
    assert not SqliteTarget(target.path, "update-2").exists()


@pytest.mark.usefixtures("parts")
def test_the_report_escapes_names() -> None:
    import datetime

    import report

    hostile = '<script>alert("1")</script>&'
    page = report.page(
        datetime.date(2013, 7, 1), [{"name": hostile, "flights": "7"}], [{"carrier": hostile, hostile: hostile}]
    )
    assert "<script>" not in page
    assert page.count("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;") == 4


# --- a hundred thousand tasks, or eleven ---------------------------------------------------------------------------


@pytest.mark.parametrize(("presses", "ended"), [(1, 130), (2, 130)])
def test_a_tree_is_stopped_in_the_middle_and_resumed(tmp_path: Path, presses: int, ended: int) -> None:
    (tmp_path / "luigi.cfg").write_text(f"[pi]\noutput_dir = {tmp_path}/output\n")
    command = [BIN / "kernel", "run", "pi:Pi", "--tenthousands", "1", "--workers", "2"]
    environ = environment(PYTHONPATH=str(EXAMPLES / "hundred_thousand"))
    with (tmp_path / "log").open("w") as log:
        tree = subprocess.Popen(command, cwd=tmp_path, env=environ, stderr=log, preexec_fn=hear_ctrl_c)
        while not list(tmp_path.glob("output/Throw/001/1*.txt")):
            assert tree.poll() is None, (tmp_path / "log").read_text()
        for _ in range(presses):
            tree.send_signal(signal.SIGINT)
        assert tree.wait(timeout=30) == ended
    stopped = numbers(tmp_path)
    assert 1_000 < len(stopped) < 11_112
    done = run(tmp_path, *command, PYTHONPATH=environ["PYTHONPATH"])
    assert done.returncode == 0, done.stderr
    assert f"{11_112 - len(stopped)} ran successfully" in done.stderr
    assert len(numbers(tmp_path)) == 11_112
    assert abs(float((tmp_path / "output/pi_1.txt").read_text()) - 3.1416) < 0.01


def hear_ctrl_c() -> None:
    """As a shell starts a command in the foreground, whatever started this test."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def numbers(folder: Path) -> list[float]:
    """All that has been written, which has to be whole."""
    return [float(file.read_text()) for file in folder.glob("output/**/*.txt")]

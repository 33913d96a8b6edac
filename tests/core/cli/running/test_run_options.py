"""The options of `kernel run` for when things go wrong, and for what is told afterwards."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

MODULE = """
import logging
import multiprocessing
import os
import time
import warnings

import luigi
from luigi.parameter import ParameterVisibility


class Part(luigi.Task):
    n = luigi.IntParameter()
    password = luigi.Parameter(default="MARKER", visibility=ParameterVisibility.PRIVATE)

    @property
    def priority(self):
        return -self.n

    def output(self):
        return luigi.LocalTarget(f"part-{self.n}")

    def run(self):
        logging.getLogger("luigi-interface").info("two\\nlines", extra={"rows": 3})
        if self.n == 1:
            while os.environ.get("TOGETHER") and not os.path.exists("part-0.begun"):
                time.sleep(0.01)
            mine = self.password
            raise ValueError(f"<bad> & {mine} ]]> ``` \\x00")
        open(f"part-{self.n}.begun", "w").close()
        while os.environ.get("TOGETHER") and self.n == 0 and not os.path.exists("failure"):
            time.sleep(0.01)
        with self.output().open("w") as file:
            file.write("part")

    def on_failure(self, exception):
        open("failure", "w").close()
        return super().on_failure(exception)


class Whole(luigi.WrapperTask):
    def requires(self):
        return [Part(n=n) for n in range(4)]


class Lazy(luigi.Task):
    def output(self):
        return luigi.LocalTarget("lazy")

    def run(self):
        warnings.warn("nothing written")


class Source(luigi.ExternalTask):
    def output(self):
        return luigi.LocalTarget("source")


class Waits(luigi.Task):
    def requires(self):
        return Source()

    def output(self):
        return luigi.LocalTarget("waits")


class Unsure(luigi.Task):
    def complete(self):
        raise OSError("disk on fire")


class Stopped(luigi.Task):
    def output(self):
        return luigi.LocalTarget("stopped")

    def run(self):
        raise KeyboardInterrupt


class Long(luigi.Task):
    def output(self):
        return luigi.LocalTarget("long")

    def run(self):
        print("begun", flush=True)
        time.sleep(60)


class Forks(luigi.Task):
    def output(self):
        return luigi.LocalTarget("forks")

    def run(self):
        context = multiprocessing.get_context("fork")
        ready = context.Event()
        child = context.Process(target=rest, args=(ready,))
        child.start()
        ready.wait(30)
        child.terminate()
        child.join()
        print(child.exitcode)
        self.output().open("w").close()


def rest(ready):
    ready.set()
    time.sleep(60)


class Both(luigi.Task):
    def requires(self):
        return [Unsure(), Part(n=0)]

    def output(self):
        return luigi.LocalTarget("both")
"""
FAILED = 30


@pytest.fixture
def shop(shell: Any) -> Any:
    shell.write("shop.py", MODULE)
    return shell


def there(shop: Any) -> list[str]:
    return sorted(path.name for path in shop.directory.glob("part-?"))


# --- going on or not -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [(), ("--keep-going",)])
def test_a_run_goes_on_with_what_does_not_need_what_failed(shop: Any, options: tuple[str, ...]) -> None:
    assert shop.kernel("run", *options, "shop:Whole").code == FAILED
    assert there(shop) == ["part-0", "part-2", "part-3"]


def test_fail_fast_begins_nothing_more(shop: Any) -> None:
    assert shop.kernel("run", "--fail-fast", "shop:Whole").code == FAILED
    assert there(shop) == ["part-0"]


def test_fail_fast_finishes_what_runs(shop: Any) -> None:
    shop.environ["TOGETHER"] = "yes"
    assert shop.kernel("run", "shop:Whole", "--fail-fast", "--workers", "2").code == FAILED
    assert there(shop) == ["part-0"], "it ran when the other failed, and to its end"


def test_fail_fast_runs_nothing_when_a_check_raises(shop: Any) -> None:
    assert shop.kernel("run", "--fail-fast", "shop:Both").code == 35
    assert there(shop) == []
    assert shop.kernel("run", "shop:Both").code == 35
    assert there(shop) == ["part-0"]


def test_keep_going_wins_over_the_configuration(shop: Any) -> None:
    shop.write("luigi.cfg", "[worker]\nfail_fast = true\n")
    shop.kernel("run", "shop:Whole")
    assert there(shop) == ["part-0"]
    shop.kernel("run", "--keep-going", "shop:Whole")
    assert there(shop) == ["part-0", "part-2", "part-3"]


# --- strict --------------------------------------------------------------------------------------------------------


def test_strict_fails_a_task_that_wrote_nothing(shop: Any) -> None:
    assert shop.kernel("run", "shop:Lazy").code == 0
    ended = shop.kernel("run", "--strict", "shop:Lazy")
    assert ended.code == FAILED
    assert "complete() is still returning false" in ended.err


def test_strict_refuses_configuration_that_nobody_reads(shop: Any) -> None:
    shop.write("luigi.cfg", "[Part]\npasswrod = x\n[elsewhere]\na = 1\n[wroker]\nb = 2\n[worker]\ntimeout = 9\n")
    assert shop.kernel("run", "shop:Part", "--n", "0").code == 0
    (shop.directory / "part-0").unlink()
    ended = shop.kernel("run", "--strict", "shop:Part", "--n", "0")
    assert ended.code == 4
    assert "3 mistakes" in ended.err
    assert "did you mean password" in ended.err
    assert "[elsewhere]" in ended.err
    assert "[wroker] (did you mean worker?)" in ended.err
    assert there(shop) == []


# --- pdb -----------------------------------------------------------------------------------------------------------


def test_pdb_opens_where_the_task_raised(shop: Any) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from luigi.cli import main; main()", "run", "--pdb", "shop:Whole", "--workers", "3"],
        cwd=shop.directory,
        env=shop.environ,
        input="p 'n is', self.n, mine[:3]\nq\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == FAILED
    assert "('n is', 1, 'MAR')" in done.stdout
    assert "MARKER" not in done.stdout + done.stderr
    assert there(shop) == ["part-0", "part-2", "part-3"], "the run goes on"


# --- logs ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["", "fork", "spawn"])
def test_a_json_log_is_an_object_a_line(shop: Any, method: str) -> None:
    if method:
        shop.write("luigi.cfg", f"[processes]\nstart_method = {method}\n")
    workers = ("--workers", "2") if method else ()
    ended = shop.kernel("run", "shop:Whole", "--log-format", "json", *workers)
    assert ended.code == FAILED
    records = [json.loads(line) for line in ended.err.splitlines()]
    assert all({"time", "level", "logger", "message"} <= record.keys() for record in records)
    assert "MARKER" not in ended.err
    said = [record for record in records if record["message"] == "two\nlines"]
    assert len(said) == 4
    assert {record["family"] for record in said} == {"Part"}
    assert all(record["extra"] == {"rows": 3} and record["task_id"].startswith("Part_") for record in said)
    assert len({record["attempt"] for record in said}) == 4
    assert len({record["run"] for record in said}) == 1
    assert any("ValueError" in record["message"] and record["level"] == "ERROR" for record in records)


def test_warnings_and_the_summary_are_json_too(shop: Any) -> None:
    shop.write("luigi.cfg", "[core]\nlog_format = json\n")
    ended = shop.kernel("run", "shop:Lazy")
    records = [json.loads(line) for line in ended.err.splitlines()]
    assert any("nothing written" in record["message"] and record["logger"] == "py.warnings" for record in records)
    assert any("Execution Summary" in record["message"] for record in records)
    assert not any(record["level"] == "DEBUG" for record in records)


def test_what_keeps_a_run_from_beginning_is_json_too(shop: Any) -> None:
    shop.write("luigi.cfg", "[worker]\ntimeuot = 3\n")
    ended = shop.kernel("run", "shop:Lazy", "--log-format=json")
    assert ended.code == 4
    [record] = [json.loads(line) for line in ended.err.splitlines()]
    assert (record["level"], "did you mean timeout?" in record["message"]) == ("ERROR", True)


def test_luigi_knows_the_format_too(shop: Any) -> None:
    ended = shop.luigi("--module", "shop", "Lazy", "--local-scheduler", "--log-format=json", "--log-level=ERROR")
    assert ended.err == ""
    assert shop.luigi("--module", "shop", "Lazy", "--local-scheduler", "--log-format=yaml").code != 0


# --- summaries -----------------------------------------------------------------------------------------------------


def test_summaries_tell_what_became_of_each_task(shop: Any) -> None:
    files = [("json", "out/s.json"), ("junit", "s.xml"), ("markdown", "s.md")]
    ended = shop.kernel("run", "shop:Whole", *(word for name, file in files for word in ("--summary", name, file)))
    assert ended.code == FAILED
    texts = {name: (shop.directory / file).read_text() for name, file in files}
    assert not [name for name, text in texts.items() if "MARKER" in text]

    document = json.loads(texts["json"])
    assert (document["version"], document["status"], document["exit_code"]) == (1, "FAILED", FAILED)
    assert document["counts"] == {"done": 3, "failed": 1, "blocked": 1}
    failed = next(task for task in document["tasks"] if task["status"] == "failed")
    assert (failed["family"], failed["parameters"], failed["attempts"]) == ("Part", {"n": "1"}, 1)
    assert "<bad> & ***" in failed["explanation"]

    root = ElementTree.fromstring(texts["junit"])
    numbers = [root.get(name) for name in ("tests", "failures", "errors", "skipped")]
    assert numbers == ["5", "1", "0", "1"]
    assert "<bad> & *** ]]>" in str(next(root.iter("failure")).get("message"))
    assert len(list(root.iter("testcase"))) == 5

    assert "FAILED" in texts["markdown"].splitlines()[0]
    assert "| `Part` | 3 | 1 |  |" in texts["markdown"]
    assert "````text" in texts["markdown"], "back-ticks in what was raised do not end the block"


def test_a_summary_says_what_is_missing_and_unknown(shop: Any) -> None:
    assert shop.kernel("run", "shop:Waits", "--summary", "json", "a.json").code == 20
    tasks = json.loads((shop.directory / "a.json").read_text())["tasks"]
    assert {task["family"]: task["status"] for task in tasks} == {"Waits": "blocked", "Source": "missing"}
    assert shop.kernel("run", "shop:Unsure", "--summary", "junit", "b.xml").code == 35
    root = ElementTree.fromstring((shop.directory / "b.xml").read_text())
    assert "disk on fire" in str(next(root.iter("error")).get("message"))


def test_a_summary_is_written_of_a_run_that_never_began(shop: Any) -> None:
    ended = shop.kernel("run", "shopp:Whole", "--summary", "json", "s.json", "--summary", "junit", "s.xml")
    assert ended.code == 1
    document = json.loads((shop.directory / "s.json").read_text())
    assert (document["exit_code"], document["run"], document["tasks"]) == (1, None, [])
    assert "there is no module 'shopp'" in document["error"]
    assert ElementTree.fromstring((shop.directory / "s.xml").read_text()).get("errors") == "1"


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["shop:Part"], 4, "requires the 'n' parameter"),
        (["Prt"], 1, "there is no run and no task 'Prt'"),
        (["shop:Part", "--m", "3"], 2, "unknown flag --m"),
    ],
)
def test_a_summary_says_what_kept_a_run_from_beginning(shop: Any, args: list[str], code: int, said: str) -> None:
    assert shop.kernel("run", *args, "--summary", "json", "s.json").code == code
    document = json.loads((shop.directory / "s.json").read_text())
    assert document["exit_code"] == code
    assert said in document["error"]


def test_a_summary_is_written_of_a_run_that_was_interrupted(shop: Any) -> None:
    ended = shop.kernel("run", "shop:Stopped", "--summary", "json", "s.json")
    assert ended.code == 130
    document = json.loads((shop.directory / "s.json").read_text())
    assert (document["exit_code"], document["error"]) == (130, "KeyboardInterrupt")
    assert [task["status"] for task in document["tasks"]] == ["not_run"]


@pytest.mark.skipif(os.name != "posix", reason="there are no such signals")
@pytest.mark.parametrize("workers", [1, 2])
def test_a_run_that_is_ended_by_sigterm_tells_of_it(shop: Any, workers: int) -> None:
    words = "run", "shop:Long", "--workers", str(workers), "--summary", "json", "s.json"
    command = [sys.executable, "-c", "from luigi.cli import main; raise SystemExit(main())", *words]
    with subprocess.Popen(command, cwd=shop.directory, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        process.terminate()
        process.terminate()  # as `timeout` does, which sends it to the group, too
        assert process.wait(30) == 143
    document = json.loads((shop.directory / "s.json").read_text())
    assert (document["exit_code"], document["error"]) == (143, "ended by SIGTERM")
    assert [task["status"] for task in document["tasks"]] == ["not_run"]


@pytest.mark.skipif(os.name != "posix", reason="there are no such signals")
def test_a_tasks_own_processes_end_by_sigterm_as_ever(shop: Any) -> None:
    ended = shop.kernel("run", "shop:Forks")
    assert (ended.code, ended.out) == (0, f"{-signal.SIGTERM}\n")


def test_a_summary_may_go_to_stdout(shop: Any) -> None:
    ended = shop.kernel("run", "shop:Part", "--n", "0", "--summary", "json", "-")
    assert json.loads(ended.out)["counts"] == {"done": 1}
    assert not (shop.directory / "-").exists()


def test_a_summary_is_whole_or_the_old_one(shop: Any) -> None:
    shop.write("s.json", "old")
    assert shop.kernel("run", "shop:Part", "--n", "0", "--summary", "json", "s.json").code == 0
    assert json.loads((shop.directory / "s.json").read_text())["exit_code"] == 0
    assert not list(shop.directory.glob(".s.json*"))


def test_a_summary_that_cannot_be_written_is_an_error(shop: Any) -> None:
    shop.write("file", "no folder")
    ended = shop.kernel("run", "shop:Part", "--n", "0", "--summary", "json", "file/s.json")
    assert ended.code == 1
    assert "error: file/s.json cannot be written" in ended.err
    assert shop.kernel("run", "shop:Part", "--n", "1", "--summary", "json", "file/s.json").code == FAILED


def test_an_unknown_format_is_found_before_anything_runs(shop: Any) -> None:
    ended = shop.kernel("run", "shop:Part", "--n", "0", "--summary", "jsno", "s.json")
    assert ended.code == 2
    assert "did you mean json?" in ended.err
    assert there(shop) == []


# --- profile -------------------------------------------------------------------------------------------------------


def test_a_profile_says_where_the_time_went(shop: Any) -> None:
    ended = shop.kernel("run", "--profile=p.json", "shop:Whole")
    assert ended.code == FAILED
    told = ended.err[ended.err.index("where ") :].split()
    assert all(what in told for what in ("planning", "checks", "scheduler", "running", "waiting", "other", "Part"))
    document = json.loads((shop.directory / "p.json").read_text())
    assert sum(document["spent"].values()) == pytest.approx(document["seconds"], abs=0.01)
    [family] = document["families"]
    assert (family["family"], family["tasks"], family["attempts"]) == ("Part", 4, 4)
    assert family["slowest_seconds"] <= family["seconds"]


def test_a_profile_without_a_file_takes_no_argument(shop: Any) -> None:
    ended = shop.kernel("run", "--profile", "shop:Part", "--n", "0")
    assert ended.code == 0
    assert "where " in ended.err
    assert there(shop) == ["part-0"]


# --- the number of workers -----------------------------------------------------------------------------------------


def test_workers_may_be_as_many_as_processors(shop: Any) -> None:
    shop.write("luigi.cfg", "[core]\nworkers = auto\n")
    ended = shop.kernel("run", "shop:Part", "--n", "0", "--log-level", "INFO")
    assert ended.code == 0, ended.err
    from luigi.processors import available

    assert f"Running Worker with {available()} processes" in ended.err
    assert shop.kernel("run", "shop:Part", "--n", "2", "--workers", "auto").code == 0
    assert shop.kernel("run", "shop:Part", "--n", "3", "--workers", "many").code != 0


def test_help_shows_the_options(shop: Any) -> None:
    told = shop.kernel("run", "shop:Part", "--help").out
    options = ("--fail-fast", "--keep-going", "--strict", "--pdb", "--summary FORMAT FILE", "--profile[=FILE]")
    assert all(option in told for option in options)


def test_what_nobody_asked_for_is_not_loaded() -> None:
    code = (
        "import sys; from luigi.cli.running.reporting import reporting; from luigi.cli.running.options import options;"
        "asked = options().parse_args([]);\n"
        "with reporting(asked) as reports: print(reports, [m for m in sys.modules if 'ledger' in m or 'pdb' in m])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] []"


def test_a_summary_goes_to_a_pipe(shop: Any) -> None:
    if not Path("/dev/stdout").exists():
        pytest.skip("this system has no /dev/stdout")
    ended = shop.kernel("run", "shop:Part", "--n", "0", "--summary", "json", "/dev/stdout")
    assert json.loads(ended.out)["exit_code"] == 0

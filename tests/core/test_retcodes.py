"""Exit codes: the greatest code that applies, and what is said of a run that could not be made."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.retcodes import code_for, retcode
from luigi.worker import Worker
from luigi.worker.record import RunRecord, Seen

CODES = {
    "already_running": 10,
    "missing_data": 20,
    "not_run": 25,
    "task_failed": 30,
    "scheduling_error": 35,
    "unhandled_exception": 40,
}


class Number(luigi.Task):
    n = luigi.IntParameter()


def seen(n: int, declared: str = "PENDING", **facts: Any) -> Seen:
    return Seen(Number(n), declared, status=declared, **facts)


DONE, RAN, FAILED = seen(0, "DONE"), seen(0, ran=True), seen(1, failures=1)
RETRIED, MISSING, ELSEWHERE = seen(2, ran=True, failures=1), seen(3, external=True), seen(4, running_by="other")
BROKEN, NOT_GRANTED, DISABLED = seen(5, "UNKNOWN"), seen(6), seen(7, "DISABLED")


def code(tasks: list[Seen], **codes: int) -> int:
    worker = Worker()
    worker.record = RunRecord([tasks[0].task], {task.task.task_id: task for task in tasks})
    return code_for(worker, retcode(**codes))


@pytest.mark.parametrize(
    ("tasks", "expected"),
    [
        ([DONE], 0),
        ([RAN], 0),
        ([RETRIED], 0),
        ([RAN, MISSING], 20),
        ([RAN, ELSEWHERE], 10),
        ([NOT_GRANTED], 25),
        ([FAILED], 30),
        ([BROKEN], 35),
        ([DISABLED], 25),
        ([RAN, DISABLED], 0),
        ([FAILED, MISSING, ELSEWHERE, NOT_GRANTED], 30),
        ([RAN, BROKEN, FAILED, MISSING, ELSEWHERE, NOT_GRANTED], 35),
    ],
)
def test_the_greatest_code_that_applies(tasks: list[Seen], expected: int) -> None:
    assert code(tasks, **CODES) == expected


def test_greatest_is_meant_numerically() -> None:
    assert code([FAILED, BROKEN], task_failed=9, scheduling_error=8) == 9


@pytest.mark.parametrize("tasks", [[FAILED], [BROKEN], [NOT_GRANTED], [DISABLED], [MISSING], [ELSEWHERE]])
def test_without_codes_all_is_well(tasks: list[Seen]) -> None:
    assert code(tasks) == 0


@pytest.mark.parametrize("root", [FAILED, BROKEN, MISSING, DISABLED])
def test_a_root_that_is_not_done_was_not_run_when_no_other_code_applies(root: Seen) -> None:
    assert code([root], not_run=25) == 25
    assert code([RAN, root], not_run=25) == 0


# --- the command -----------------------------------------------------------------------------------------------

PROGRAM = """
import sys

import luigi


class Fine(luigi.Task):
    n = luigi.IntParameter(default=0)

    def complete(self):
        return True


class Strict(Fine):
    must = luigi.IntParameter()
    also = luigi.DateParameter()


class Bad(luigi.Task):
    def run(self):
        raise RuntimeError("the user's own mistake")


class NotATask(luigi.Task):
    def requires(self):
        return 5


class BadInit(luigi.Task):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        raise ZeroDivisionError("not the kernel's")


class Vault(luigi.Task):
    word = luigi.Parameter(default="MARKER", visibility=luigi.parameter.ParameterVisibility.PRIVATE)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        raise ValueError("no such word: " + self.word)


class Waits(luigi.Task):
    def run(self):
        print("running", flush=True)
        sys.stdin.readline()
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "locks").mkdir()
    (tmp_path / "program.py").write_text(PROGRAM)
    (tmp_path / "luigi.cfg").write_text("[retcode]\n" + "".join(f"{name}={code}\n" for name, code in CODES.items()))
    return tmp_path


def luigi_command(place: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "luigi", "--module", "program", *arguments, "--local-scheduler"]


def environment(place: Path) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(place), "TMPDIR": str(place / "locks"), "NO_COLOR": "1"}


def run(place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        luigi_command(place, *arguments), cwd=place, env=environment(place), capture_output=True, text=True
    )


@pytest.mark.parametrize(
    ("arguments", "exit_code", "said"),
    [
        (["Strict"], 40, "must"),
        (["Strict", "--must", "x", "--also", "2013-07-04"], 40, "must"),
        (["NotATask"], 40, "requires"),
        (["Fine", "--nothing", "1"], 2, "--nothing"),
        (["Unknown"], 1, "Unknown"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(place: Path, arguments: list[str], exit_code: int, said: str) -> None:
    done = run(place, *arguments)
    assert done.returncode == exit_code
    (sentence,) = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert said in sentence
    assert "Traceback" not in done.stderr


def test_all_missing_parameters_are_named_at_once(place: Path) -> None:
    told = run(place, "Strict").stderr
    assert "must" in told
    assert "also" in told


def test_an_exception_nobody_foresaw_keeps_its_traceback(place: Path) -> None:
    done = run(place, "BadInit")
    assert done.returncode == 40
    assert "ZeroDivisionError: not the kernel's" in done.stderr


def test_nor_does_it_tell_private_values(place: Path) -> None:
    done = run(place, "Vault")
    assert done.returncode == 40
    assert "ValueError: no such word: ***" in done.stderr
    assert "MARKER" not in done.stdout + done.stderr


LOGGING = """
[loggers]
keys=root
[handlers]
keys=file
[formatters]
keys=
[logger_root]
level=INFO
handlers=file
[handler_file]
class=FileHandler
args=("program.log",)
"""


@pytest.mark.parametrize(
    ("arguments", "logged"),
    [
        (["Strict"], "requires the 'must', 'also' parameters"),
        (["BadInit"], "ZeroDivisionError: not the kernel's"),
        (["NotATask"], "requires"),
    ],
)
def test_what_ends_a_run_is_in_the_log_of_a_program_that_has_one(
    place: Path, arguments: list[str], logged: str
) -> None:
    (place / "logging.conf").write_text(LOGGING)
    done = run(place, *arguments, "--logging-conf-file", "logging.conf")
    assert done.returncode == 40
    assert logged in (place / "program.log").read_text()


def test_a_mistake_about_the_log_is_told_once(place: Path) -> None:
    done = run(place, "Fine", "--logging-conf-file", "nowhere.conf")
    assert (done.returncode, done.stderr.count("nowhere.conf")) == (40, 1)


def test_a_failing_task_is_no_crash(place: Path) -> None:
    done = run(place, "Bad")
    assert done.returncode == 30
    assert "RuntimeError: the user's own mistake" in done.stderr
    assert "This progress looks :(" in done.stderr


def test_a_flag_goes_before_the_configuration(place: Path) -> None:
    assert run(place, "Bad", "--retcode-task-failed", "77").returncode == 77


def test_the_unforeseen_has_a_code_by_default(place: Path) -> None:
    (place / "luigi.cfg").unlink()
    assert run(place, "Strict").returncode == 4
    assert run(place, "Bad").returncode == 0


@pytest.fixture
def running(place: Path) -> Iterator[subprocess.Popen[str]]:
    """The command line `Waits`, in the middle of its task, until its stdin ends."""
    with subprocess.Popen(
        luigi_command(place, "Waits"),
        cwd=place,
        env=environment(place),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "running\n"
        yield process


def test_the_same_command_line_runs_once_at_a_time(place: Path, running: subprocess.Popen[str]) -> None:
    assert run(place, "Waits").returncode == 10
    running.communicate("\n")
    assert running.returncode == 0

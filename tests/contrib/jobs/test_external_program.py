"""Programs of this machine as tasks: `luigi.contrib.external_program`."""

from __future__ import annotations

import errno
import logging
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.contrib._jobs import program
from luigi.contrib.external_program import (
    ExternalProgramRunContext,
    ExternalProgramRunError,
    ExternalProgramTask,
    ExternalPythonProgramTask,
)
from luigi.task import Task
from luigi.testing.contracts import RemoteJobContract


class ShellLines(ExternalProgramTask):
    """Runs lines of a shell."""

    lines = luigi.Parameter()

    def program_args(self) -> Sequence[str]:
        return ["sh", "-c", self.lines]

    def complete(self) -> bool:
        return bool(getattr(self, "was_run", False))

    def run(self) -> None:
        super().run()
        self.was_run = True


class TestProgramsAsJobs(RemoteJobContract):
    last_words = "the disk is full"

    @pytest.fixture(autouse=True)
    def _place(self, tmp_path: Path) -> None:
        self._pid = tmp_path / "pid"

    def succeeding(self) -> Task:
        return ShellLines(lines="true")

    def failing(self) -> Task:
        return ShellLines(lines="echo the disk is full >&2; exit 3")

    def endless(self) -> Task:
        return ShellLines(lines=f"echo $$ > {self._pid}; exec sleep 600")

    def is_running(self, task: Task) -> bool:
        return self._pid.exists() and _is_there(self._pid.read_text().strip())


class TestStubbornPrograms(TestProgramsAsJobs):
    """Those that do not end when asked to are killed."""

    def endless(self) -> Task:
        return ShellLines(lines=f"trap '' TERM; echo $$ > {self._pid}; while true; do sleep 1; done")


class TestPassedThrough(TestProgramsAsJobs):
    """What is not captured goes where the worker's goes; the error says how it ended."""

    last_words = "return code=3"

    def endless(self) -> Task:
        return ShellLines(lines=f"echo $$ > {self._pid}; exec sleep 600", capture_output=False)


def _is_there(pid: str) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", pid], capture_output=True, text=True, check=False).stdout
    return bool(pid and state.strip()) and not state.startswith("Z")


def test_arguments_are_given_as_they_are(tmp_path: Path) -> None:
    class Copied(ExternalProgramTask):
        def program_args(self) -> Sequence[str]:
            code = "import sys; open(sys.argv[1], 'w').write('|'.join(sys.argv[2:]))"
            return [sys.executable, "-c", code, str(tmp_path / "out"), "a b", "$HOME; rm -rf /", "'\"", "*", 7]  # type: ignore[list-item]

    Copied().run()
    assert (tmp_path / "out").read_text() == "a b|$HOME; rm -rf /|'\"|*|7"


def test_the_error_says_what_was_run_how_it_ended_and_what_it_printed() -> None:
    with pytest.raises(ExternalProgramRunError) as error:
        ShellLines(lines="echo to out; echo to err >&2; exit 3").run()
    assert error.value.args == ("sh", "-c", "echo to out; echo to err >&2; exit 3")
    assert str(error.value).splitlines() == [
        "Program failed with return code=3:",
        "COMMAND: sh -c echo to out; echo to err >&2; exit 3",
        "STDOUT: to out",
        "",
        "STDERR: to err",
    ]


def test_the_error_names_what_is_of_the_programs_own_environment_but_does_not_show_it() -> None:
    class Secretive(ShellLines):
        def program_environment(self) -> dict[str, str]:
            return {**os.environ, "DATABASE_PASSWORD": "hunter2"}

    with pytest.raises(ExternalProgramRunError, match="DATABASE_PASSWORD") as error:
        Secretive(lines='test "$DATABASE_PASSWORD" != hunter2').run()
    assert "hunter2" not in str(error.value).partition("ENVIRONMENT")[2]


def test_a_program_that_a_signal_ended_has_its_number() -> None:
    with pytest.raises(ExternalProgramRunError, match="return code=-9"):
        ShellLines(lines="kill -9 $$").run()


def test_a_program_that_is_not_there_is_named() -> None:
    class Absent(ExternalProgramTask):
        def program_args(self) -> Sequence[str]:
            return ["no-such-program-here"]

    with pytest.raises(FileNotFoundError, match="no program 'no-such-program-here'") as error:
        Absent().run()
    assert "PATH" in error.value.hint  # type: ignore[attr-defined]
    assert (error.value.errno, error.value.filename) == (errno.ENOENT, "no-such-program-here")


def test_a_task_that_names_no_program_says_what_to_write() -> None:
    with pytest.raises(NotImplementedError, match=r"write its program_args\(\)"):
        ExternalProgramTask().run()


def test_what_it_printed_is_logged_once_it_has_ended(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "luigi-interface")
    ShellLines(lines="echo to out; echo to err >&2").run()
    assert [record.getMessage() for record in caplog.records] == [
        "Running command: sh -c echo to out; echo to err >&2",
        "Program stdout:\nto out\n",
        "Program stderr:\nto err\n",
    ]


def test_the_standard_error_of_what_succeeded_may_stay_out_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    class Quiet(ShellLines):
        always_log_stderr = False

    caplog.set_level(logging.INFO, "luigi-interface")
    Quiet(lines="echo chatter >&2").run()
    assert "chatter" not in caplog.messages[-1] or caplog.messages[-1].startswith("Running")
    with pytest.raises(ExternalProgramRunError):
        Quiet(lines="echo trouble >&2; false").run()
    assert caplog.messages[-1] == "Program stderr:\ntrouble\n"


def test_without_capture_it_prints_where_the_worker_does(capfd: pytest.CaptureFixture[str]) -> None:
    ShellLines(lines="echo to out; echo to err >&2", capture_output=False).run()
    assert capfd.readouterr() == ("to out\n", "to err\n")


def test_a_great_deal_of_output_on_both_streams_fills_neither_pipe_nor_memory(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "luigi-interface")
    loud = "import sys\nfor i in range(40000): print('o' * 99); print('e' * 99, file=sys.stderr)\nprint('last')"
    ShellLines(lines=f'{sys.executable} -c "{loud}"').run()
    out = caplog.messages[1]
    assert out.startswith("Program stdout:\n[2951429 bytes before this are left out]\n")
    assert out.endswith("\nlast\n")


def test_a_program_that_leaves_another_behind_is_not_waited_for_longer_than_itself() -> None:
    ShellLines(lines="sleep 30 & echo started").run()


def test_nor_is_one_that_goes_on_printing(tmp_path: Path) -> None:
    pid, enough = tmp_path / "pid", tmp_path / "enough"
    prints = f"for i in $(seq 300); do test -e {enough} && exit; echo tick 2>/dev/null; sleep 0.1; done"
    ShellLines(lines=f"(trap '' PIPE; {prints}) & echo $! > {pid}").run()
    assert _is_there(pid.read_text().strip())
    enough.touch()


@pytest.mark.parametrize("captured", [True, False])
def test_a_program_ends_with_a_task_that_is_ended_while_it_starts(captured: bool, tmp_path: Path) -> None:
    class EndsUs(subprocess.Popen[bytes]):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            (tmp_path / "pid").write_text(str(self.pid))
            os.kill(os.getpid(), signal.SIGTERM)

    def run() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        subprocess.Popen = EndsUs  # type: ignore[misc]
        ShellLines(lines="exec sleep 600", capture_output=captured).run()

    task = multiprocessing.get_context("fork").Process(target=run)
    task.start()
    task.join(30)
    assert task.exitcode == -signal.SIGTERM
    assert not _is_there((tmp_path / "pid").read_text())


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
@pytest.mark.parametrize("captured", [True, False])
def test_urls_are_reported_while_it_runs(stream: str, captured: bool, tmp_path: Path) -> None:
    go = tmp_path / "go"

    class Tracked(ShellLines):
        tracking_url_pattern = luigi.Parameter(r"follow me at (\S+)")
        stream_for_searching_tracking_url = luigi.Parameter(stream)

        def build_tracking_url(self, logs_output: str) -> str:
            return f"http://{logs_output}/"

        def set_tracking_url(self, tracking_url: str) -> None:
            urls.append(tracking_url)
            go.touch()  # which the program waits for

    urls: list[str] = []
    to = ">&2" if stream == "stderr" else ""
    say = f"echo follow me at one {to}; while ! test -e {go}; do sleep 0.05; done; echo follow me at one {to}"
    Tracked(lines=f"{say}; printf 'follow me at two' {to}", capture_output=captured).run()
    assert urls == ["http://one/", "http://two/"]


def test_a_stream_that_is_not_searched_gives_no_url() -> None:
    class Untracked(ShellLines):
        tracking_url_pattern = luigi.Parameter(r"at (\S+)")

        def set_tracking_url(self, tracking_url: str) -> None:
            raise AssertionError(tracking_url)

    Untracked(lines="echo at one").run()


def test_a_python_program_has_its_own_environment(caplog: pytest.LogCaptureFixture) -> None:
    class Printing(ExternalPythonProgramTask):
        def program_args(self) -> Sequence[str]:
            return ["sh", "-c", 'echo "$VIRTUAL_ENV $PYTHONPATH $PYTHONHOME ${PATH%%:*}"']

    caplog.set_level(logging.INFO, "luigi-interface")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONHOME", "/elsewhere")
        patch.setenv("PYTHONPATH", "/before")
        Printing(virtualenv="/my/env", extra_pythonpath="/a:/b").run()
    assert caplog.messages[1] == "Program stdout:\n/my/env /a:/b:/before  /my/env/bin\n"


def test_what_nobody_is_to_see_of_the_command_line_is_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    class Discreet(ShellLines):
        def shown_args(self, args: Sequence[str]) -> Sequence[str]:
            return [word.replace("hunter2", "***") for word in args]

    caplog.set_level(logging.INFO, "luigi-interface")
    with pytest.raises(ExternalProgramRunError, match=r"\*\*\*") as error:
        Discreet(lines="test hunter2 = hunter3").run()
    assert "hunter2" not in str(error.value) + str(error.value.args) + caplog.text


def test_the_last_words_of_a_program_that_is_ended_are_heard(tmp_path: Path) -> None:
    def hear(stream: str, line: str) -> None:
        with (tmp_path / "heard").open("a") as file:
            file.write(f"{stream}: {line}\n")
        if line == "first":
            os.kill(os.getpid(), signal.SIGTERM)

    def run() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        lines = "trap 'echo the job is number 7; exit' TERM; echo first; while true; do sleep 0.1; done"
        program.run(["sh", "-c", lines], hear=hear)

    process = multiprocessing.get_context("fork").Process(target=run)
    process.start()
    process.join(30)
    assert process.exitcode == -signal.SIGTERM
    assert (tmp_path / "heard").read_text() == "stdout: first\nstdout: the job is number 7\n"


def test_a_program_that_takes_too_long_is_ended() -> None:
    with pytest.raises(TimeoutError, match="sleep: it took longer than 0.1 seconds"):
        program.run(["sleep", "600"], timeout=0.1)


def test_a_context_ends_the_program_that_is_given_up() -> None:
    process = subprocess.Popen(["sleep", "600"])
    with pytest.raises(RuntimeError, match="given up"), ExternalProgramRunContext(process):
        raise RuntimeError("given up")
    assert process.poll() is not None


def test_a_context_ends_its_program_when_told_to() -> None:
    process = subprocess.Popen(["sleep", "600"])
    with ExternalProgramRunContext(process) as context:
        context.kill_job()
        assert process.wait() == -15

"""Progress of a run: what is counted, what is written to a pipe, and what a terminal shows."""

from __future__ import annotations

import io
import os
import pty
import re
import select
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luigi.cli.progress import Progress, duration, speed
from luigi.cli.tally import SHOWN, Tally
from luigi.scheduler.records import NEXT
from luigi.task_status import DONE, FAILED, PENDING, RUNNING, UNKNOWN


class HandClock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.time = 100.0

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[str, str, str, str]]:
    """Transitions of some tasks, each a step that the scheduler's table allows."""
    status: dict[str, str] = {}
    moves = []
    for task in draw(st.lists(st.sampled_from(["a_1", "a_2", "b_1", "b_2", "b_3"]), max_size=60)):
        before = status.get(task, UNKNOWN)
        after = draw(st.sampled_from(sorted(NEXT[before])))
        status[task] = after
        moves.append((task, task[0], before, after))
    return moves


@given(histories())
def test_the_tally_is_what_counting_anew_gives(moves: list[tuple[str, str, str, str]]) -> None:
    tally = Tally()
    for move in moves:
        tally.moved(*move)
    last = {task: after for task, _, _, after in moves}
    assert tally.counts() == {status: list(last.values()).count(status) for status in SHOWN}
    assert set(tally.running) == {task for task, status in last.items() if status == RUNNING}
    for family, counts in tally.families.items():
        assert counts[DONE] == sum(status == DONE for task, status in last.items() if task[0] == family)


def ran(progress: Progress, task: str, after: str = DONE) -> None:
    progress.luigi_transition(task, "T", PENDING, RUNNING)
    progress.luigi_transition(task, "T", RUNNING, after)


def declared(progress: Progress, count: int) -> None:
    for number in range(count):
        progress.luigi_transition(f"T_{number}", "T", UNKNOWN, PENDING)


def test_a_pipe_gets_a_line_every_few_seconds() -> None:
    out, clock = io.StringIO(), HandClock()
    progress = Progress(out, clock)
    declared(progress, 1000)
    progress.luigi_run_started()
    for number in range(200):
        clock.sleep(0.125)
        ran(progress, f"T_{number}", FAILED if number < 10 else DONE)
    lines = out.getvalue().splitlines()
    assert lines[0] == "40 of 1000 tasks: 30 done, 960 pending, 10 failed (5.0 s, 8/s)"
    assert len(lines) == 5
    progress.luigi_run_finished(run=None)  # type: ignore[arg-type]  # read for the summary only
    assert out.getvalue().splitlines()[-1] == "200 of 1000 tasks: 190 done, 800 pending, 10 failed (25.0 s, 8/s)"


def test_many_tasks_in_a_moment_are_one_line() -> None:
    out = io.StringIO()
    progress = Progress(out, HandClock())
    declared(progress, 500)
    for number in range(500):
        ran(progress, f"T_{number}")
    progress.luigi_run_finished(run=None)  # type: ignore[arg-type]
    assert out.getvalue() == "500 of 500 tasks: 500 done (0.0 s)\n"


def test_nothing_to_do() -> None:
    out = io.StringIO()
    progress = Progress(out, HandClock())
    progress.luigi_run_started()
    progress.luigi_run_finished(run=None)  # type: ignore[arg-type]
    assert out.getvalue() == "0 of 0 tasks: nothing to do (0.0 s)\n"


def test_a_run_that_breaks_off_gives_the_terminal_back() -> None:
    out = io.StringIO()
    with pytest.raises(KeyError), Progress(out, HandClock()) as progress:
        progress.luigi_run_started()
        raise KeyError
    assert out.getvalue().count("\n") == 1


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0.0 s"), (59.94, "59.9 s"), (60, "1:00"), (245.9, "4:05"), (3723, "1:02:03")]
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(("rate", "text"), [(0.25, "0.25/s"), (12.34, "12.3/s"), (99.96, "100/s"), (1234.5, "1,234/s")])
def test_speeds(rate: float, text: str) -> None:
    assert speed(rate) == text


# --- on a terminal ---------------------------------------------------------------------------------------------------


RUN = """
import sys
sys.argv[0] = "kernel"
from luigi.cli import main
raise SystemExit(main())
"""
NOISY = """
import logging, sys
import luigi

class Noisy(luigi.Task):
    n = luigi.IntParameter()
    done = False
    def complete(self):
        return self.done
    def run(self):
        print("printed", self.n)
        print("\\x1b[31mred\\x1b[0m", self.n)
        sys.stderr.write("in two " + "words " * 40)
        sys.stderr.write(f"{self.n}\\n")
        logging.getLogger("luigi-interface").warning("logged %s", self.n)
        import time; time.sleep(0.2)
        self.done = True

class Together(luigi.WrapperTask):
    def requires(self):
        return [Noisy(n=n) for n in range(4)]
"""


def on_terminal(command: list[str], directory: Any, environ: dict[str, str], stdout: Any = None) -> tuple[str, int]:
    """What a command writes to a terminal, and its exit code."""
    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        command, cwd=directory, env=environ, stdin=theirs, stderr=theirs, stdout=stdout or theirs, close_fds=True
    )
    os.close(theirs)
    text = b"".join(_read(ours))
    os.close(ours)
    return text.decode(), running.wait(timeout=30)


def _read(descriptor: int) -> Iterator[bytes]:
    while select.select([descriptor], [], [], 30)[0]:
        try:
            piece = os.read(descriptor, 65536)
        except OSError:  # the other side is closed
            return
        if not piece:
            return
        yield piece


@pytest.fixture
def noisy(shell: Any) -> Any:
    shell.write("noisy.py", NOISY)
    shell.environ.update(TERM="xterm-256color", COLUMNS="60", LINES="30")
    shell.environ.pop("NO_COLOR", None)
    return shell


COMMAND = [sys.executable, "-c", RUN, "run", "noisy:Together", "--local-scheduler", "--no-lock"]


def test_the_display_and_what_is_written_above_it(noisy: Any) -> None:
    text, code = on_terminal(COMMAND, noisy.directory, noisy.environ)
    assert code == 0
    assert re.search(r"Noisy.*\d done", text)
    assert "▶ Noisy_" in text
    assert "\x1b[?25l" in text  # the cursor is hidden while it is drawn,
    assert text.rindex("\x1b[?25h") > text.rindex("\x1b[?25l")  # and comes back
    for n in range(4):
        assert text.count(f"printed {n}\r\n") == 1
        assert text.count(f"\x1b[31mred\x1b[0m {n}\r\n") == 1
        assert text.count("in two " + "words " * 40 + f"{n}\r\n") == 1
        assert text.count(f"WARNING: logged {n}\r\n") == 1
    assert "5 of 5 tasks: 5 done" in text
    assert "This progress looks :)" in text


def test_no_colour_where_none_is_wanted(noisy: Any) -> None:
    noisy.environ["NO_COLOR"] = "1"
    text, _ = on_terminal(COMMAND, noisy.directory, noisy.environ)
    drawn = [line for line in text.splitlines() if "running" in line]
    assert drawn
    assert not [line for line in drawn if re.search(r"\x1b\[(3|9)[0-9]", line)]


def test_what_goes_to_a_file_stays_there(noisy: Any) -> None:
    with open(noisy.directory / "out.txt", "wb") as out:
        text, code = on_terminal(COMMAND, noisy.directory, noisy.environ, stdout=out)
    assert code == 0
    assert "printed" not in text
    assert "logged 3" in text
    written = (noisy.directory / "out.txt").read_text()
    assert [line for line in written.splitlines() if line.startswith("printed")] == [f"printed {n}" for n in range(4)]
    assert "▶" not in written


def test_luigi_itself_stays_quiet(noisy: Any) -> None:
    command = [sys.executable, "-m", "luigi", "--module", "noisy", "Together", "--local-scheduler", "--no-lock"]
    text, code = on_terminal(command, noisy.directory, noisy.environ)
    assert code == 0
    assert "▶" not in text
    assert "\x1b[?25l" not in text
    assert "5 of 5 tasks" not in text

"""What is printed in this very process is taken while an attempt lasts, and is where it always was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

from luigi.clock import SYSTEM
from luigi.output import right_here
from luigi.output.right_here import RightHere


@contextmanager
def stdout_in(folder: Path) -> Iterator[Path]:
    """Have this process's stdout go to a file; pytest has it elsewhere while fixtures are made."""
    path = folder / "shown"
    before = os.dup(1)
    with path.open("wb", buffering=0) as file:
        os.dup2(file.fileno(), 1)
    try:
        yield path
    finally:
        os.dup2(before, 1)
        os.close(before)


@pytest.fixture
def here(heard: Any) -> Iterator[RightHere]:
    here = RightHere(heard, SYSTEM)
    yield here
    here.close()


def test_it_is_taken_and_passed_on(here: RightHere, heard: Any, tmp_path: Path) -> None:
    with stdout_in(tmp_path) as shown:
        for token in range(20):
            os.write(1, b"between\n")
            with here.taken("A_1", token):
                os.write(1, b"%d\n" % token)
                subprocess.run(["sh", "-c", "echo shell"], check=True)
        assert heard.texts == {(token, "stdout"): f"{token}\nshell\n" for token in range(20)}
        assert heard.over == list(range(20))
        assert shown.read_text() == "".join(f"between\n{token}\nshell\n" for token in range(20))


def test_an_attempt_that_raises_is_over_too(here: RightHere, heard: Any) -> None:
    with pytest.raises(KeyboardInterrupt), here.taken("A_1", 1):
        os.write(1, b"x")
        raise KeyboardInterrupt
    os.write(1, b"y")
    assert heard.texts == {(1, "stdout"): "x"}
    assert heard.over == [1]


def test_only_one_run_of_a_process_leads_its_stdout_elsewhere(here: RightHere, heard: Any, tmp_path: Path) -> None:
    with stdout_in(tmp_path) as shown:
        inner = RightHere(heard, SYSTEM)
        with here.taken("A_1", 1), inner.taken("B_1", 2):
            os.write(1, b"nested")
        inner.close()
        assert heard.texts == {(1, "stdout"): "nested"}
        assert shown.read_bytes() == b"nested"


def test_without_the_copier_output_goes_where_it_always_went(here: RightHere, heard: Any, tmp_path: Path) -> None:
    with stdout_in(tmp_path) as shown:
        with here.taken("A_1", 1):
            os.write(1, b"a\n")
        copier = _children()
        with here.taken("A_1", 2):
            os.kill(copier, signal.SIGKILL)
            for number in range(100):
                os.write(1, b"%d\n" % number)
                SYSTEM.sleep(0.001)
        with here.taken("A_1", 3):
            os.write(1, b"z\n")
        lines = shown.read_text().splitlines()
        assert (lines[0], lines[-1]) == ("a", "z")
        assert sorted(lines[1:-1]) == sorted(str(number) for number in range(100))  # a line may overtake another
        assert (3, "stdout") not in heard.texts


def test_a_copier_that_a_busy_machine_leaves_no_time_is_waited_for(here: RightHere, heard: Any, tmp_path: Path) -> None:
    with stdout_in(tmp_path):
        with here.taken("A_1", 1):
            os.write(1, b"a\n")
        copier = _children()
        os.kill(copier, signal.SIGSTOP)
        Timer(1, os.kill, (copier, signal.SIGCONT)).start()
        with here.taken("A_1", 2):
            os.write(1, b"b\n")
        assert heard.texts == {(1, "stdout"): "a\n", (2, "stdout"): "b\n"}


def test_what_is_left_printing_without_end_holds_up_nobody(
    here: RightHere, heard: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(right_here, "PATIENCE", inf)
    with stdout_in(tmp_path):
        with here.taken("A_1", 1):
            os.write(1, b"a\n")
            left = subprocess.Popen(["yes", "left"])
        left.kill()
        left.wait()
        assert heard.texts[1, "stdout"].startswith("a\n")


def _children() -> int:
    """The one child of this process that copies."""
    listed = subprocess.run(["ps", "-ww", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()]
    (found,) = [int(pid) for pid, ppid, args in rows if int(ppid) == os.getpid() and "copier.py" in args]
    return found


def test_what_is_left_running_may_go_on_printing(here: RightHere, tmp_path: Path) -> None:
    with stdout_in(tmp_path) as shown:
        with here.taken("A_1", 1):
            left = subprocess.Popen(["sh", "-c", "read line; echo later; echo $?"], stdin=subprocess.PIPE)
        here.close()
        left.communicate(b"go\n")
        until = SYSTEM.monotonic() + 10
        while shown.read_text() != "later\n0\n":
            assert SYSTEM.monotonic() < until
            SYSTEM.sleep(0.01)


def test_where_no_copier_can_be_started_nothing_is_taken(
    here: RightHere, heard: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with stdout_in(tmp_path) as shown:
        monkeypatch.setattr(sys, "executable", "/nowhere/python")
        with here.taken("A_1", 1):
            os.write(1, b"said")
        assert shown.read_bytes() == b"said"
        assert heard.texts == {}
        assert "is not sent to the scheduler" in caplog.text

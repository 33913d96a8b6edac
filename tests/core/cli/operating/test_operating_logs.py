"""What tasks printed, on the command line: of runs with a server and without one, while they run and afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from luigi.clock import SYSTEM
from luigi.interfaces import TaskSpec
from luigi.rpc import RemoteScheduler

KERNEL = str(Path(sys.executable).with_name("kernel"))

TALKING = """
import logging
import os
import subprocess
import sys
import time

import luigi


class TalksForLogs(luigi.Task):
    say = luigi.Parameter()

    def complete(self):
        return False

    def run(self):
        print("said", self.say)
        print("to stderr", file=sys.stderr)
        subprocess.run(["echo", "by a program"])
        logging.getLogger("shop").warning("by logging")
        raise OSError("it broke")


class Waits(luigi.Task):
    def complete(self):
        return os.path.exists("done")

    def run(self):
        print("first", flush=True)
        while not os.path.exists("go"):
            time.sleep(0.05)
        print("last")
        open("done", "w").close()


class Quiet(luigi.Task):
    def complete(self):
        return False

    def run(self):
        pass
"""


@pytest.fixture
def folder(tmp_path: Path, kernel: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the module `talking` is, and this user's state."""
    (tmp_path / "talking_for_logs.py").write_text(TALKING)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(folder: Path) -> Iterator[Start]:
    """Starts `kernel` there, as a process of its own."""
    begun: list[subprocess.Popen[str]] = []

    def begin(*args: str, **environment: str) -> subprocess.Popen[str]:
        pipes: Any = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        begun.append(subprocess.Popen([KERNEL, *args], cwd=folder, env={**os.environ, **environment}, **pipes))
        return begun[-1]

    yield begin
    for process in begun:
        process.kill()
        process.communicate()


def ran(start: Start, *args: str, **environment: str) -> None:
    """Run a task to its end."""
    start("run", *args, **environment).communicate(timeout=60)


ALL_THAT_WAS_SAID = ["said it", "to stderr", "by a program", "by logging"]


@pytest.mark.parametrize("flags", [(), ("--workers", "2")], ids=["inline", "processes"])
def test_a_run_without_a_server_is_kept_here(start: Start, kernel: Any, flags: tuple[str, ...]) -> None:
    ran(start, "talking_for_logs:TalksForLogs", "--say", "it", *flags)
    said = kernel("logs", "TalksForLogs_it")
    assert said.code == 0
    for words in ALL_THAT_WAS_SAID:
        assert words in said.out
    assert kernel("logs", "talking_for_logs:TalksForLogs", "--say", "it").out == said.out


def test_what_is_kept_is_for_nobody_else(start: Start, folder: Path) -> None:
    ran(start, "talking_for_logs:TalksForLogs", "--say", "it")
    kept = list((folder / "state").rglob("*.jsonl"))
    assert kept
    for path in kept:
        assert path.stat().st_mode & 0o077 == 0
        assert path.parent.stat().st_mode & 0o077 == 0


def test_attempts_are_numbered_from_the_oldest(start: Start, kernel: Any) -> None:
    for _ in range(2):
        ran(start, "talking_for_logs:TalksForLogs", "--say", "again")
    told = [kernel("logs", "TalksForLogs_again", "--json", *number).json for number in ([], ["--attempt", "1"])]
    assert [len(one["attempts"]) for one in told] == [2, 2]
    assert [one["attempt"] == one["attempts"][place]["attempt"] for place, one in enumerate(told)] == [True, True]
    assert "".join(piece["text"] for piece in told[0]["pieces"]).startswith("said again\n")
    assert {"task_id", "attempt", "attempts", "pieces", "ended", "lost"} == set(told[0])
    third = kernel("logs", "TalksForLogs_again", "--attempt", "3")
    assert (third.code, third.err.splitlines()[0].partition(" has ")[2]) == (1, "no attempt 3")


def test_a_run_may_keep_nothing(start: Start, kernel: Any, folder: Path) -> None:
    ran(start, "talking_for_logs:TalksForLogs", "--say", "nothing", "--worker-keep-output=false")
    assert not (folder / "state").exists()
    said = kernel("logs", "TalksForLogs_nothing")
    assert said.code == 1
    assert said.err.startswith("error: no run on this machine has kept what 'TalksForLogs_nothing' printed\nhint: ")


def test_luigi_keeps_nothing_unless_it_is_told_to(start: Start, folder: Path) -> None:
    command = [
        str(Path(KERNEL).with_name("luigi")),
        "--module",
        "talking_for_logs",
        "TalksForLogs",
        "--say",
        "x",
        "--local-scheduler",
    ]
    environment = {**os.environ, "PYTHONPATH": "."}
    subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=60, check=False)
    assert not (folder / "state").exists()
    subprocess.run(
        [*command, "--worker-keep-output"], cwd=folder, env=environment, capture_output=True, timeout=60, check=False
    )
    assert list((folder / "state").rglob("*.jsonl"))


def test_the_nearest_task_is_named(start: Start, kernel: Any) -> None:
    ran(start, "talking_for_logs:TalksForLogs", "--say", "it")
    said = kernel("logs", "TalkForLogs_it_0000000000")
    assert said.code == 1
    assert "hint: did you mean TalksForLogs" in said.err


def test_a_task_is_followed_until_it_ends(start: Start, kernel: Any, folder: Path) -> None:
    start("run", "talking_for_logs:Waits")
    wait_for_its_first_words(kernel)
    follower = start("logs", "-f", "Waits")
    assert follower.stdout is not None
    assert follower.stdout.readline() == "first\n"
    (folder / "go").touch()
    rest, _ = follower.communicate(timeout=30)
    assert (rest, follower.returncode) == ("last\n", 0)


def wait_for_its_first_words(kernel: Any) -> None:
    """Return once a run of Waits has printed."""
    for _ in range(200):
        if kernel("logs", "Waits").out == "first\n":
            return
        SYSTEM.sleep(0.05)
    raise AssertionError("it prints nothing")


def test_an_attempt_whose_run_was_killed_has_ended(start: Start, kernel: Any) -> None:
    run = start("run", "talking_for_logs:Waits")
    wait_for_its_first_words(kernel)
    assert not kernel("logs", "Waits", "--json").json["ended"]
    run.send_signal(signal.SIGKILL)
    run.wait()
    assert kernel("logs", "-f", "Waits").out == "first\n"


def test_a_run_with_a_server_is_read_there(start: Start, asking: Any, server: Any, folder: Path) -> None:
    ran(start, "talking_for_logs:TalksForLogs", "--say", "afar", "--scheduler-url", server.url)
    said = asking("logs", "TalksForLogs_afar", "-f")
    assert said.code == 0
    for words in ["said afar", *ALL_THAT_WAS_SAID[1:]]:
        assert words in said.out
    assert not (folder / "state").exists()
    assert asking("logs", "TalksForLogs_afar", "--local").code == 1
    assert asking("logs", "TalksForLogs_afar", "--json").json["ended"]


def test_a_server_has_it_while_the_task_runs(start: Start, asking: Any, server: Any, folder: Path) -> None:
    start("run", "talking_for_logs:Waits", "--scheduler-url", server.url)
    until = SYSTEM.monotonic() + 20
    while "Waits" not in asking("tasks", "--family", "Waits", "--status", "RUNNING").out:
        assert SYSTEM.monotonic() < until
    begun = SYSTEM.monotonic()
    while asking("logs", "Waits").out != "first\n":
        assert SYSTEM.monotonic() < begun + 10  # it takes about one, on a machine that has nothing else to do
    (folder / "go").touch()
    assert asking("logs", "Waits", "-f").out == "first\nlast\n"


def test_a_task_that_printed_nothing_at_a_server_is_no_mistake(start: Start, asking: Any, server: Any) -> None:
    ran(start, "talking_for_logs:Quiet", "--scheduler-url", server.url)
    assert (asking("logs", "Quiet", "--json").code, asking("logs", "Quiet", "--json").json["pieces"]) == (0, [])


def test_a_task_that_has_not_run_has_printed_nothing(asking: Any, scheduler: RemoteScheduler, folder: Path) -> None:
    scheduler.declare("declarer", [TaskSpec("Unrun_1", "Unrun")])
    for flags in ([], ["--json"]):
        said = asking("logs", "Unrun_1", *flags)
        assert (said.code, said.out) == (1, "")
        assert said.err.startswith("error: nothing is kept of Unrun_1: it has not run here lately\nhint: ")


def test_it_may_be_waited_for(start: Start, folder: Path) -> None:
    follower = start("logs", "-f", "talking_for_logs:Waits", PYTHONUNBUFFERED="1")
    start("run", "talking_for_logs:Waits")
    assert follower.stdout is not None
    assert follower.stdout.readline() == "first\n"
    (folder / "go").touch()
    assert follower.communicate(timeout=30)[0] == "last\n"


def test_a_document_has_an_end(kernel: Any) -> None:
    assert kernel("logs", "Any_1", "-f", "--json").code == 2

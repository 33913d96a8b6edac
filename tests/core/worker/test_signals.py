"""Signals: SIGUSR1 and the first Ctrl-C let what runs end; the second Ctrl-C, or one at an idle worker, ends it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

import luigi
from luigi.clock import SYSTEM
from luigi.testing import FakeClock
from luigi.worker import Worker

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="signals as on POSIX systems")

FIRST = "finishing what runs; Ctrl-C again ends it\n"


@pytest.fixture
def pressing(kept: Any) -> Any:
    """A task class that sends this process a signal, `times` times, while it runs."""

    class Pressing(kept):
        times = luigi.IntParameter(default=1)
        signum = luigi.IntParameter(default=int(signal.SIGINT))

        def run(self) -> None:
            for _ in range(self.times):
                signal.raise_signal(self.signum)
            self.finish()

    return Pressing


@pytest.fixture(autouse=True)
def handlers_are_restored() -> Any:
    """Whatever happens in a run, signals do afterwards what they did before."""
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGUSR1)]
    yield
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGUSR1)] == before


def test_a_first_ctrl_c_lets_what_runs_end(bench: Any, kept: Any, pressing: Any, capsys: Any) -> None:
    with pytest.raises(KeyboardInterrupt):
        bench.run(pressing(1), kept(2))
    assert kept.ran == ["Pressing1"]
    assert bench.seen(pressing(1)).ran
    assert bench.scheduler.view(luigi.interfaces.Question("counts")) == {"DONE": 1, "PENDING": 1}
    assert capsys.readouterr().err == FIRST


def test_a_second_ctrl_c_ends_what_runs(bench: Any, kept: Any, pressing: Any) -> None:
    with pytest.raises(KeyboardInterrupt):
        bench.run(pressing(1, times=2), kept(2))
    assert kept.ran == []


def test_a_worker_that_waits_ends_at_once(bench: Any, kept: Any, capsys: Any) -> None:
    class Interrupted(FakeClock):
        def sleep(self, seconds: float) -> None:
            signal.raise_signal(signal.SIGINT)

    class Failing(kept):
        def run(self) -> None:
            raise ValueError

    bench.clock = Interrupted(1000)
    with pytest.raises(KeyboardInterrupt):
        bench.run(Failing(), keep_alive=True)
    assert capsys.readouterr().err == ""


def test_a_program_s_own_handler_stays(bench: Any, kept: Any, pressing: Any) -> None:
    pressed: list[int] = []
    before = signal.signal(signal.SIGINT, lambda signum, frame: pressed.append(signum))
    try:
        assert bench.run(pressing(1, times=3), kept(2))
    finally:
        signal.signal(signal.SIGINT, before)
    assert pressed == [signal.SIGINT] * 3
    assert kept.ran == ["Pressing1", "Kept2"]


def test_sigusr1_lets_what_runs_end(bench: Any, kept: Any, pressing: Any) -> None:
    assert bench.run(pressing(1, signum=int(signal.SIGUSR1)), kept(2), keep_alive=True)
    assert kept.ran == ["Pressing1"]
    assert bench.clock.slept == []


def test_sigusr1_is_left_alone_where_the_program_says_so(bench: Any, kept: Any) -> None:
    class Looking(kept):
        def run(self) -> None:
            self.ran.append(signal.getsignal(signal.SIGUSR1))
            self.finish()

    bench.run(Looking(), no_install_shutdown_handler=True)
    assert kept.ran == [signal.getsignal(signal.SIGUSR1), "Looking0"]


def test_it_counts_from_the_start_of_the_walk(kept: Any) -> None:
    with Worker() as worker:
        signal.raise_signal(signal.SIGUSR1)
        worker.add(kept(1))
        assert worker.run()
    assert kept.ran == []


def test_other_signals_mean_nothing(kept: Any) -> None:
    worker = Worker()
    worker.handle_interrupt(signal.SIGTERM, None)
    worker.add(kept(1))
    worker.run()
    assert kept.ran == ["Kept1"]


def test_a_run_in_another_thread_has_no_signals(bench: Any, kept: Any) -> None:
    thread = threading.Thread(target=bench.run, args=[kept(1)])
    thread.start()
    thread.join()
    assert kept.ran == ["Kept1"]


# --- processes --------------------------------------------------------------------------------------------------

PROGRAM = """
import os, time
import luigi

class Sleeps(luigi.Task):
    n = luigi.IntParameter()
    seconds = luigi.IntParameter(default=60)

    def output(self):
        return luigi.LocalTarget(f"done{self.n}")

    def run(self):
        with open(f"pid{self.n}.tmp", "w") as out:
            out.write(str(os.getpid()))
        os.rename(f"pid{self.n}.tmp", f"pid{self.n}")
        while not os.path.exists("go"):
            time.sleep(0.01)
        self.output().open("w").close()
"""


@pytest.fixture
def program(tmp_path: Path) -> Any:
    """A program in a process group of its own, as a terminal has it, with two tasks that run and one that waits."""
    (tmp_path / "sleeping.py").write_text(PROGRAM)
    (tmp_path / "main.py").write_text(
        "import luigi, sleeping\n"
        "luigi.build([sleeping.Sleeps(n) for n in range(3)], workers=2, local_scheduler=True, log_level='INFO')\n"
    )
    running = subprocess.Popen(
        [sys.executable, "main.py"], cwd=tmp_path, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    yield running
    running.kill()
    running.communicate()


def told_until(program: Any, text: str) -> str:
    """What the program has written when `text` comes."""
    told = ""
    while text not in told:
        line = program.stderr.readline()
        assert line, told
        told += line
    return told


def pids(folder: Path) -> list[int]:
    """The processes of the two tasks, when both run."""
    while not all((folder / f"pid{n}").exists() for n in range(2)):
        SYSTEM.sleep(0.01)
    return [int((folder / f"pid{n}").read_text()) for n in range(2)]


def test_ctrl_c_at_a_terminal_lets_processes_end_their_tasks(program: Any, tmp_path: Path) -> None:
    pids(tmp_path)
    os.killpg(program.pid, signal.SIGINT)
    told_until(program, FIRST)
    (tmp_path / "go").touch()
    _, told = program.communicate(timeout=30)
    assert sorted(path.name for path in tmp_path.glob("done*")) == ["done0", "done1"]
    assert "* 2 ran successfully" in told
    assert "* 1 were left pending" in told
    assert program.returncode == -signal.SIGINT


def test_a_second_ctrl_c_kills_the_processes(program: Any, tmp_path: Path) -> None:
    started = pids(tmp_path)
    os.killpg(program.pid, signal.SIGINT)
    told_until(program, FIRST)
    os.killpg(program.pid, signal.SIGINT)
    _, told = program.communicate(timeout=30)
    assert "* 3 were left pending" in told
    assert program.returncode == -signal.SIGINT
    for pid in started:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_an_interrupted_command_line_ends_as_the_shell_expects(tmp_path: Path) -> None:
    (tmp_path / "sleeping.py").write_text(PROGRAM)
    command = ["-m", "luigi", "--module", "sleeping", "Sleeps", "--n", "0", "--local-scheduler", "--no-lock"]
    running = subprocess.Popen([sys.executable, *command], cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    while not (tmp_path / "pid0").exists():
        SYSTEM.sleep(0.01)
    running.send_signal(signal.SIGINT)
    told_until(running, FIRST)
    (tmp_path / "go").touch()
    _, told = running.communicate(timeout=30)
    assert running.returncode == 130
    assert "* 1 ran successfully" in told
    assert told.endswith("interrupted\n")

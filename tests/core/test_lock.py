"""The local lock gives away its slots, no more, and a dead run holds none."""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from luigi.errors import KernelError
from luigi.lock import acquire_for, get_info, getpcmd

ROUNDS = 20

RACE = """
import os, sys
from luigi.lock import acquire_for
for directory in sys.stdin:
    won = acquire_for(directory.strip(), int(os.environ["SLOTS"]))
    print("won" if won else "lost", flush=True)
"""


def test_getpcmd() -> None:
    command = [sys.executable, "-c", "print(flush=True); input()", "a b", "c"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        assert getpcmd(process.pid) == getpcmd(str(process.pid)) == " ".join(command)
        process.communicate(b"end\n")
    assert getpcmd(process.pid) == f"[PROCESS_WITH_PID={process.pid}]"


def test_get_info(tmp_path: Path) -> None:
    pid, command, path = get_info(str(tmp_path))
    assert (pid, command) == (os.getpid(), getpcmd(os.getpid()))
    assert Path(path).parent == tmp_path
    assert get_info(str(tmp_path), 1) == (1, getpcmd(1), get_info(str(tmp_path), 1)[2])
    assert get_info(str(tmp_path), 1)[2] != path


def test_the_directory_is_for_this_user_alone(tmp_path: Path) -> None:
    directory = tmp_path / "deep" / "locks"
    assert acquire_for(str(directory))
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert Path(get_info(str(directory))[2]).read_text() == f"{os.getpid()}\n"


def test_a_run_that_has_a_slot_gets_no_second(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert acquire_for(str(tmp_path))
    assert not acquire_for(str(tmp_path))
    assert f"pid {os.getpid()}" in capsys.readouterr().out
    assert acquire_for(str(tmp_path), num_available=2)
    assert not acquire_for(str(tmp_path), num_available=0)


@pytest.mark.parametrize("content", ["", "\n\n", "garbage\n", "1\n", f"{2**22 + 1}\n", "-1\n", "9" * 30 + "\n"])
def test_what_does_not_hold_a_slot(tmp_path: Path, content: str) -> None:
    path = Path(get_info(str(tmp_path))[2])
    path.write_text(content)
    assert acquire_for(str(tmp_path))
    assert path.read_text() == f"{os.getpid()}\n"


@pytest.mark.parametrize("slots", [1, 2])
def test_runs_of_one_moment_share_the_slots(tmp_path: Path, slots: int) -> None:
    command = [sys.executable, "-c", RACE]
    environ = os.environ | {"SLOTS": str(slots)}
    with contextlib.ExitStack() as stack:
        runs = [
            stack.enter_context(
                subprocess.Popen(
                    command,
                    cwd=tmp_path,
                    env=environ,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    bufsize=1,
                )
            )
            for _ in range(4)
        ]
        for number in range(ROUNDS):
            for run in runs:
                assert run.stdin
                run.stdin.write(f"locks-{number}\n")
            said = sorted(_verdict(run) for run in runs)
            assert said == ["lost"] * (4 - slots) + ["won"] * slots


def _verdict(run: subprocess.Popen[str]) -> str:
    assert run.stdout
    line = run.stdout.readline()
    return (run.stdout.readline() if line.startswith("already running") else line).strip()


def test_taking_the_lock_from_its_holder(tmp_path: Path) -> None:
    script = "import os, sys; from luigi.lock import acquire_for; print(acquire_for('l', 1, {}), flush=True); input()"
    taker = script.format("int(os.environ['SIGNAL']) or None")
    runs = []
    for number in (0, signal.SIGTERM):
        environ = os.environ | {"SIGNAL": str(int(number))}
        command = [sys.executable, "-c", taker]
        run = subprocess.Popen(
            command, cwd=tmp_path, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        runs.append(run)
        assert run.stdout
        if number:
            assert run.stdout.readline() == f"sent SIGTERM to pid {runs[0].pid}\n"
        assert run.stdout.readline() == "True\n"
    holder, thief = runs
    assert holder.wait(timeout=30) == -signal.SIGTERM
    thief.communicate("end\n")
    holder.communicate()


def test_a_directory_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(KernelError, match=r"file cannot be used: .") as caught:
        acquire_for(str(tmp_path / "file"))
    assert isinstance(caught.value, OSError)
    assert "lock_pid_dir" in caught.value.hint


def test_a_link_left_by_someone_else_is_not_followed(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("kept")
    Path(get_info(str(tmp_path))[2]).symlink_to(precious)
    with pytest.raises(KernelError):
        acquire_for(str(tmp_path))
    assert precious.read_text() == "kept"

"""Going into the background, and what the process in front says of it."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

PROGRAM = """
import os, sys
from luigi.cli.guard import mistakes_told
from luigi.process import daemonize
from luigi.background import in_background

front = os.getpid()

def cmd(**facts):
    print("printed", sorted(facts.items()))
    print("complained", file=sys.stderr)
    with open("facts", "w") as file:
        print(os.getpid() != front, os.getsid(0) not in (os.getpid(), front), os.getcwd(), file=file)
    os.mkfifo("over") if not os.path.exists("over") else None
    open("over", "w").close()
"""


def in_front(folder: Path, what: str, **more: str) -> subprocess.CompletedProcess[str]:
    os.mkfifo(folder / "over")
    told = "with mistakes_told():\n" + textwrap.indent(what, "    ")
    command = [sys.executable, "-c", PROGRAM + told]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def wait_for_the_end(folder: Path) -> None:
    (folder / "over").read_bytes()


def log_of(folder: Path, end: str) -> str:
    (file,) = (folder / "log").glob(f"luigi-server-*.{end}")
    return file.read_text()


def test_a_command_in_the_background(tmp_path: Path) -> None:
    done = in_front(tmp_path, 'daemonize(cmd, "deep/pid", "log", 99, "here", "socket")')
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    wait_for_the_end(tmp_path)
    assert (tmp_path / "facts").read_text() == f"True True {tmp_path}\n"


def test_its_words_are_kept(tmp_path: Path) -> None:
    what = (
        "import logging\n"
        'with in_background("pid", "log") as well_begun:\n'
        '    print("printed", flush=True)\n'
        '    print("complained", file=sys.stderr, flush=True)\n'
        '    logging.getLogger("anybody").info("logged")\n'
        '    assert open("pid").read() == str(os.getpid())\n'
        "    well_begun()\n"
        'open("over", "w").close()\n'
    )
    assert in_front(tmp_path, what).returncode == 0
    wait_for_the_end(tmp_path)
    assert (log_of(tmp_path, "out"), log_of(tmp_path, "err")) == ("printed\n", "complained\n")
    assert "anybody" in (tmp_path / "log" / "luigi-server.log").read_text()
    assert not (tmp_path / "pid").exists()


def test_an_error_is_told_in_front(tmp_path: Path) -> None:
    what = (
        "from luigi.errors import KernelError\n"
        'with in_background(None, "log"):\n'
        '    raise KernelError("there is no wood", hint="fetch some")\n'
    )
    done = in_front(tmp_path, what)
    assert done.returncode == 1
    assert done.stderr == "error: there is no wood\nhint: fetch some\n"
    assert "there is no wood" in (tmp_path / "log" / "luigi-server.log").read_text()


def test_an_end_without_a_word_is_told_in_front(tmp_path: Path) -> None:
    done = in_front(tmp_path, 'with in_background(None, "log"):\n    os._exit(3)\n')
    assert done.returncode == 1
    assert done.stderr == "error: the process in the background has ended\nhint: its log is in log\n"


def test_another_that_runs_is_told_in_front(tmp_path: Path) -> None:
    (tmp_path / "pid").write_text(str(os.getpid()))
    done = in_front(tmp_path, 'daemonize(cmd, "pid", "log")')
    assert done.returncode == 1
    assert f"a server runs already, as process {os.getpid()}" in done.stderr
    assert (tmp_path / "pid").read_text() == str(os.getpid())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        done = subprocess.run(
            [sys.executable, "-c", f'{PROGRAM}with mistakes_told(): daemonize(cmd, None, "{tmp_path}/log")'],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    finally:
        tmp_path.chmod(0o700)
    assert done.returncode == 1
    assert "cannot be made" in done.stderr


def test_a_program_may_catch_the_error(tmp_path: Path) -> None:
    """In front it is raised where the background began."""
    what = (
        "from luigi.errors import KernelError\n"
        "try:\n"
        '    with in_background(None, "log"):\n'
        '        raise KernelError("there is no wood", hint="fetch some")\n'
        "except KernelError as error:\n"
        "    print(os.getpid() == front, error, error.hint)\n"
    )
    done = in_front(tmp_path, what)
    assert (done.returncode, done.stdout) == (0, "True there is no wood fetch some\n")

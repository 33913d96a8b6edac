"""Somebody types in a real shell, and presses Tab."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from luigi.clock import SYSTEM

PATIENCE = 60.0
PROMPT = "READY> "
INTERACTIVE = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "bind 'set bell-style none'"),
    "zsh": (["zsh", "-f", "-i"], "unsetopt beep prompt_sp; autoload -U compinit; compinit -D"),
}


@pytest.fixture
def environ(shop: Any, offered_in_time: Callable[..., list[str]]) -> dict[str, str]:
    """What a shell needs to find `kernel`, and nobody's own settings."""
    programs = shop.directory / "bin"
    programs.mkdir()
    program = programs / "kernel"
    program.write_text(f"#!{sys.executable} -P\nimport sys\nfrom luigi.cli import main\nsys.exit(main())\n")
    program.chmod(0o755)
    for name in ("bash", "zsh", "fish"):
        (shop.directory / f"kernel.{name}").write_text(shop.kernel("completion", name).out)
    tasks = ["shop:Load", "shop:Report"]  # learned before anybody waits at the keyboard
    assert offered_in_time(shop, tasks, "run", "shop:") == tasks
    kept = {name: value for name, value in shop.environ.items() if name != "PYTHONPATH"}
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    return {**kept, "PATH": path, "HOME": str(shop.directory), "TERM": "dumb", "PS1": PROMPT, "COLUMNS": "200"}


class Terminal:
    """A shell at the other end of a terminal."""

    def __init__(self, channel: int) -> None:
        self._channel = channel

    def type(self, text: str) -> None:
        os.write(self._channel, text.encode())

    def shows(self, wanted: str) -> str:
        """What was printed up to `wanted`, which must come."""
        seen, deadline = "", SYSTEM.monotonic() + PATIENCE
        while wanted not in seen:
            assert SYSTEM.monotonic() < deadline, seen
            if select.select([self._channel], [], [], 0.5)[0]:
                seen += os.read(self._channel, 65536).decode(errors="replace").replace("\b", "")
        return seen


@contextmanager
def terminal(command: list[str], folder: Path, environ: dict[str, str]) -> Iterator[Terminal]:
    ours, theirs = pty.openpty()
    shell = subprocess.Popen(
        command, cwd=folder, env=environ, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    try:
        yield Terminal(ours)
    finally:
        shell.kill()
        shell.wait()
        os.close(ours)


@pytest.mark.parametrize("name", INTERACTIVE)
def test_tab(shop: Any, environ: dict[str, str], name: str) -> None:
    command, first = INTERACTIVE[name]
    if shutil.which(name) is None:
        pytest.skip(f"there is no {name}")
    with terminal(command, shop.directory, environ) as typed:
        typed.type(f"PS1='{PROMPT}'; {first}; source ./kernel.{name}; echo rea''dy\n")
        typed.shows("ready\r\n")
        typed.type("kernel compl\t")
        typed.shows("completion ")
        typed.type("\x15kernel plan sh\t")
        typed.shows("shop:")
        typed.type("Rep\t")
        typed.shows("ort ")
        typed.type("--count\t")
        typed.shows("ry ")
        typed.type("\x15kernel run shop:Load --mode=s\t")
        typed.shows("low ")
        typed.type("\x15kernel run shop:\t\t")
        assert "Load" in typed.shows("Report")


def test_fish_completes(shop: Any, environ: dict[str, str]) -> None:
    if shutil.which("fish") is None:
        pytest.skip("there is no fish")
    wanted = {
        "kernel compl": "completion\thave a shell complete commands and tasks\n",
        "kernel run shop:Lo": "shop:Load\tLoads a day.\n",
        "kernel run shop:Load --mode ": "fast\nslow\n",
        "kernel run shop:Report --cou": "--country\ta text\n",
        "kernel plugins show kernel.fi": "kernel.fish\n",
    }
    for line, offered in wanted.items():
        asking = ["fish", "-c", f"source kernel.fish; complete -C '{line}'"]
        done = subprocess.run(asking, cwd=shop.directory, env=environ, capture_output=True, text=True, timeout=PATIENCE)
        assert (done.stdout, line) == (offered, line)

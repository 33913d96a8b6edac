"""Starts the measured programs, each alone in a fresh process and an empty folder, and collects what they print."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from figures import Figure, Job, Quantity

PROGRAMS = Path(__file__).parent / "programs"
LONG = 8.0  # a job that takes this many CPU seconds is run once
SHORT = 0.5  # one that takes fewer is run three times as often: its noise is large beside it

Block = tuple[str, Quantity]
Times = dict[tuple[Job, str, Quantity], list[float]]


def scratch_folder() -> str:
    """Where the files are written: in memory where there is such a place, so that no disk hides what a tool costs."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else tempfile.gettempdir()


def collect(jobs: Iterable[Job], pythons: Mapping[str, Path], rounds: int) -> Times:
    """Run every job `rounds` times, more or fewer by its length, in turns: a slow minute falls on all alike."""
    waiting = list(dict.fromkeys(jobs))
    times: Times = {}
    for turn in range(3 * rounds):
        for job in list(waiting):
            print(f"  round {turn + 1}: {job.who}: {' '.join(job.command)}", file=sys.stderr, flush=True)
            blocks = run_once(job, pythons[job.who])
            for (block, quantity), found in blocks.items():
                times.setdefault((job, block, quantity), []).append(found)
            seconds = blocks["process", "cpu"]
            if seconds > LONG or (turn + 1 >= rounds and seconds > SHORT):
                waiting.remove(job)
    return times


def run_once(job: Job, python: Path) -> dict[Block, float]:
    """What the program printed of each block, and the CPU seconds of the `process` as a whole."""
    with tempfile.TemporaryDirectory(dir=scratch_folder()) as folder:
        environment = {"PATH": os.environ["PATH"], "HOME": folder, "PYTHONDONTWRITEBYTECODE": "1"}
        with open(f"{folder}/printed", "w+b") as printed, open(f"{folder}/complaints", "w+b") as complaints:
            process = subprocess.Popen(
                command_line(job, python), cwd=folder, env=environment, stdout=printed, stderr=complaints
            )
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            printed.seek(0)
            complaints.seek(0)
            if process.returncode != 0:
                last = complaints.read().decode(errors="replace")[-2000:]
                raise SystemExit(f"{job.who}: {' '.join(job.command)} ended with {process.returncode}:\n{last}")
            blocks = _blocks(printed.read())
    return blocks | {("process", "cpu"): used.ru_utime + used.ru_stime}


def command_line(job: Job, python: Path) -> list[str]:
    first, *rest = job.command
    if first.endswith(".py"):
        return [str(python), str(PROGRAMS / first), *rest]
    if first == "-c":
        return [str(python), *job.command]
    return [str(python.parent / first), *rest]


def _blocks(printed: bytes) -> dict[Block, float]:
    blocks: dict[Block, float] = {}
    for line in printed.splitlines():
        if line.startswith(b'{"block"'):
            found = json.loads(line)
            block = found.pop("block")
            blocks |= {(block, quantity): number for quantity, number in found.items()}
    return blocks


def median(times: Times, figure: Figure) -> float:
    """The figure's seconds or bytes: the median over its runs."""
    return statistics.median(times[figure.job, figure.block, figure.quantity])

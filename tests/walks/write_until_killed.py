"""Writes targets into a folder, in children that are killed at random moments: `write_until_killed.py FOLDER KILLS`.

Each target's content says how long it is, so that test_kill_targets can tell a whole one from a part.
"""

from __future__ import annotations

import os
import random
import select
import signal
import sys
from itertools import count
from pathlib import Path

from luigi.format import UTF8, Gzip
from luigi.local_target import LocalTarget

LINE = "x" * 99 + "\n"


def write_everything(folder: Path, numbers: range | count[int]) -> None:
    """Make a text file, a compressed file and a directory for each number."""
    for number in numbers:
        lines = number % 7 * 200 + 1
        write_text(LocalTarget(folder / f"{number}.txt"), lines)
        write_text(LocalTarget(folder / f"{number}.gz", format=UTF8 >> Gzip), lines)
        directory = LocalTarget(folder / f"{number}.dir")
        with directory.temporary_path() as temporary:
            for name in ("a", "b", "c"):
                write_text(LocalTarget(f"{temporary}/{name}"), lines)


def write_text(target: LocalTarget, lines: int) -> None:
    """Write a first line saying how many follow, then those."""
    with target.open("w") as stream:
        stream.write(f"{lines}\n")
        for _ in range(lines):
            stream.write(LINE)


def kill_at_random_moments(folder: Path, kills: int) -> None:
    """Start a child that writes, end it with SIGKILL within its first thirty milliseconds; `kills` times."""
    for kill in range(kills):
        alive, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(writing, b".")
            write_everything(folder / str(kill), count())
        os.read(alive, 1)
        select.select([alive], [], [], random.uniform(0, 0.03))  # nothing more comes: a pause of that length
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(alive)
        os.close(writing)


if __name__ == "__main__":
    kill_at_random_moments(Path(sys.argv[1]), int(sys.argv[2]))

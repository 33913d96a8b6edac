"""Starts a program that ends a job elsewhere, and goes on when the task, and the group of its process, are gone."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from typing import Final

from luigi.contrib._jobs.program import ProgramMissing

PATIENCE: Final = 1.5
"""Seconds for which it is waited for: a JVM takes longer to start, executors do not give that long."""


class PartingFailed(RuntimeError):
    """The program that was to end a job ended with another exit code than 0."""


def part(args: Sequence[str], env: Mapping[str, str] | None = None) -> None:
    """Run `args`, and wait for it no longer than PATIENCE. What it prints goes where the worker's goes.

    Raises ProgramMissing, and PartingFailed when it has failed by then.
    """
    try:
        process = subprocess.Popen(
            list(args),
            env=None if env is None else dict(env),
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # executors kill the group of a task that they end
        )
    except (FileNotFoundError, PermissionError, NotADirectoryError) as error:
        raise ProgramMissing(args[0]) from error
    try:
        code = process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        return
    if code != 0:
        raise PartingFailed(f"{args[0]} ended with exit code {code}")

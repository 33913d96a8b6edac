"""Starts programs that end jobs elsewhere, and go on when the task, and the group of its process, are gone."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from typing import Final

from luigi.clock import SYSTEM
from luigi.contrib._jobs.program import ProgramMissing

PATIENCE: Final = 1.5
"""Seconds for which they are waited for: a JVM takes longer to start, executors do not give that long."""


class PartingFailed(RuntimeError):
    """A program that was to end a job ended with another exit code than 0."""


def part(*commands: Sequence[str], env: Mapping[str, str] | None = None) -> None:
    """Run these side by side, and wait for them no longer than PATIENCE. What they print goes where the worker's goes.

    Raises ProgramMissing, and PartingFailed when one has failed by then.
    """
    until = SYSTEM.monotonic() + PATIENCE
    for args, process in [(args, _started(args, env)) for args in commands]:
        try:
            code = process.wait(max(0.0, until - SYSTEM.monotonic()))
        except subprocess.TimeoutExpired:
            continue
        if code != 0:
            raise PartingFailed(f"{args[0]} ended with exit code {code}")


def _started(args: Sequence[str], env: Mapping[str, str] | None) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            list(args),
            env=None if env is None else dict(env),
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # executors kill the group of a task that they end
        )
    except (FileNotFoundError, PermissionError, NotADirectoryError) as error:
        raise ProgramMissing(args[0]) from error
